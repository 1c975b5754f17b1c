/** Whether a workspace has something for us: a port-lsp.toml, or both a Python and a Rust side. */
import { readdir } from "node:fs/promises";
import * as path from "node:path";
import { Disposable, workspace } from "vscode";

const CONFIGURATION = "port-lsp.toml";
const IGNORED = "**/{node_modules,.venv,venv,target,site-packages}/**";
// What may be a new side, or a folder with one: of the files in a new folder an editor may hear
// nothing, as they can be there before it watches that.
const NEW_SIDE = /\/(?:port-lsp\.toml|Cargo\.toml|[^/]+\.py|[^/.]+)$/;
const FILLED = 1_000; // milliseconds until a new folder is looked into once more
const MOST_LEVELS = 20;

/** Looks into the workspace's folders, and above them up to their repository's top. */
export async function hasBothSides(): Promise<boolean> {
  const isThere = async (glob: string) => (await workspace.findFiles(glob, IGNORED, 1)).length > 0;
  if (await isThere(`**/${CONFIGURATION}`)) {
    return true;
  }
  let [python, rust] = await Promise.all([isThere("**/*.py"), isThere("**/Cargo.toml")]);
  if (python && rust) {
    return true;
  }
  for (const folder of workspace.workspaceFolders ?? []) {
    for (const names of await above(folder.uri.fsPath)) {
      if (names.has(CONFIGURATION)) {
        return true;
      }
      python ||= names.has("pyproject.toml") || names.has("requirements.txt");
      rust ||= names.has("Cargo.toml");
    }
  }
  return python && rust;
}

/** Calls back once, as soon as the workspace has something for us that it had not. */
export function whenBothSidesAre(then: () => void): Disposable {
  const watcher = workspace.createFileSystemWatcher("**/*", false, true, true);
  const all = Disposable.from(
    watcher,
    watcher.onDidCreate(({ path: created }) => {
      if (NEW_SIDE.test(created)) {
        void look();
        setTimeout(() => void look(), FILLED);
      }
    }),
    workspace.onDidChangeWorkspaceFolders(() => void look()),
  );
  let look = async () => {
    const now = look;
    if ((await hasBothSides()) && look === now) {
      look = () => Promise.resolve(); // for the others that are under way
      all.dispose();
      then();
    }
  };
  return all;
}

/** The names in the folders above one, and beside those, up to the repository's top. */
async function above(folder: string): Promise<Set<string>[]> {
  const found: Set<string>[] = [];
  for (let level = 0, at = folder; level < MOST_LEVELS; level += 1, at = path.dirname(at)) {
    const entries = await readdir(at, { withFileTypes: true }).catch(() => []);
    found.push(new Set(entries.map((entry) => entry.name)));
    if (entries.some((entry) => entry.name === ".git")) {
      const folders = entries.filter((entry) => entry.isDirectory());
      const names = await Promise.all(
        folders.map((entry) => readdir(path.join(at, entry.name)).catch(() => [])),
      );
      return [...found, ...names.map((one) => new Set(one))];
    }
    if (path.dirname(at) === at) {
      break;
    }
  }
  return found.slice(0, 1); // no repository: only the folder itself
}
