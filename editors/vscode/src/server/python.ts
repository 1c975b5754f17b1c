/** The Python environment that is selected in the window, as the Python extension says. */
import * as path from "node:path";
import { type Disposable, extensions, type Uri, workspace } from "vscode";

/** What we use of the API that `ms-python.python` exports. */
interface PythonApi {
  readonly environments: {
    getActiveEnvironmentPath(resource?: Uri): { readonly path: string };
    resolveEnvironment(environment: {
      readonly path: string;
    }): Promise<{ readonly executable: { readonly uri: Uri | undefined } } | undefined>;
    onDidChangeActiveEnvironmentPath(listener: () => void): Disposable;
  };
}

/** A program of a Python environment, by the path of that environment's interpreter. */
export function beside(interpreter: string, program: string): string {
  const suffix = process.platform === "win32" ? ".exe" : "";
  return path.join(path.dirname(interpreter), `${program}${suffix}`);
}

/** The selected interpreter of each folder, each once; none without the Python extension. */
export async function selectedInterpreters(): Promise<string[]> {
  const environments = (await pythonApi())?.environments;
  if (environments === undefined) {
    return [];
  }
  const folders = workspace.workspaceFolders?.map((folder) => folder.uri) ?? [undefined];
  const found = await Promise.all(
    folders.map(async (folder) => {
      const active = environments.getActiveEnvironmentPath(folder);
      return (await environments.resolveEnvironment(active))?.executable.uri?.fsPath;
    }),
  );
  return [...new Set(found.filter((one) => one !== undefined))];
}

/** Calls when another environment is selected. */
export async function whenOtherIsSelected(listener: () => void): Promise<Disposable | undefined> {
  return (await pythonApi())?.environments.onDidChangeActiveEnvironmentPath(listener);
}

async function pythonApi(): Promise<PythonApi | undefined> {
  const extension = extensions.getExtension<PythonApi>("ms-python.python");
  return await extension?.activate();
}
