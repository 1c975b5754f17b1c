/** Installs the wheel that this extension carries into an environment of its own. */
import { execFile } from "node:child_process";
import { readdir, rm } from "node:fs/promises";
import * as path from "node:path";
import { promisify } from "node:util";
import {
  type ExtensionContext,
  type LogOutputChannel,
  ProgressLocation,
  window,
  workspace,
} from "vscode";
import { serverSettings } from "../settings";
import { beside, selectedInterpreters } from "./python";

const run = promisify(execFile);
const IS_NEW_ENOUGH = "import sys; sys.exit(sys.version_info < (3, 10))";

/** The folder of the environment: one per version, so that a newer extension makes a new one. */
function folder(context: ExtensionContext): string {
  return path.join(context.globalStorageUri.fsPath, `server-${version(context)}`);
}

/** This extension's version; the server it needs has the same or a newer one. */
export function version(context: ExtensionContext): string {
  return (context.extension.packageJSON as { readonly version: string }).version;
}

/** The program in the extension's own environment, whether or not it is there. */
export function ownProgram(context: ExtensionContext): string {
  return beside(interpreterOf(folder(context)), "port-lsp");
}

/** Installs the server; whether it is there now. Says by itself what went wrong. */
export async function install(context: ExtensionContext, log: LogOutputChannel): Promise<boolean> {
  const title = "Installing port-lsp into an environment of its own";
  return await window.withProgress(
    { location: ProgressLocation.Notification, title },
    async (progress) => {
      try {
        await installInto(folder(context), await carriedWheel(context), log, (message) => {
          progress.report({ message });
        });
        return true;
      } catch (error) {
        await rm(folder(context), { recursive: true, force: true });
        const reason = error instanceof Error ? error.message : String(error);
        log.error(`the server couldn't be installed: ${reason}`);
        const show = "Show Output";
        const said = `port-lsp couldn't be installed: ${reason.split("\n")[0] ?? reason}`;
        void window.showErrorMessage(said, show).then((choice) => {
          if (choice === show) {
            log.show();
          }
        });
        return false;
      }
    },
  );
}

async function installInto(
  target: string,
  wheel: string,
  log: LogOutputChannel,
  tell: (message: string) => void,
): Promise<void> {
  const python = await basePython();
  tell("making the environment");
  log.info(`making ${target} with ${python}`);
  await run(python, ["-m", "venv", "--clear", target]);
  tell("installing");
  const pip = ["-m", "pip", "install", "--disable-pip-version-check", "--no-input", wheel];
  const { stdout } = await run(interpreterOf(target), pip, { maxBuffer: 1 << 24 });
  log.info(stdout);
}

async function carriedWheel(context: ExtensionContext): Promise<string> {
  const carried = path.join(context.extensionPath, "dist", "server");
  const wheel = (await readdir(carried).catch(() => [])).find((name) => name.endsWith(".whl"));
  if (wheel === undefined) {
    throw new Error("this build of the extension carries no server");
  }
  return path.join(carried, wheel);
}

/** A Python of at least 3.10 with which to make the environment. */
async function basePython(): Promise<string> {
  const { python } = serverSettings();
  const selected = workspace.isTrusted ? await selectedInterpreters() : [];
  const wanted = python !== "" ? [python] : [...selected, "python3", "python", "py"];
  for (const one of wanted) {
    try {
      await run(one, ["-c", IS_NEW_ENOUGH]);
      return one;
    } catch {
      continue; // missing or too old: the next
    }
  }
  throw new Error(`no Python 3.10 or newer was found (${wanted.join(", ")})`);
}

function interpreterOf(environment: string): string {
  return process.platform === "win32"
    ? path.join(environment, "Scripts", "python.exe")
    : path.join(environment, "bin", "python");
}
