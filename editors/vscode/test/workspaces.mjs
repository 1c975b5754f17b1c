// Workspaces on the disk, made for a suite: what each is, and with which settings.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { HERE } from "./workbench.mjs";

/** The backend and the crate that the tests work on. */
export const EXAMPLES = join(HERE, "..", "..", "examples");
const worth = (path) => !path.includes("/target") && !path.includes("__pycache__");

/** Copies the example, or one of its sides, into a folder; its path. */
export function copied(folder, side = "") {
  mkdirSync(dirname(folder), { recursive: true });
  cpSync(join(EXAMPLES, side), folder, { recursive: true, filter: worth });
  return folder;
}

/** Packs the example into an archive, as a repository's host offers it; its path. */
export function archived(archive) {
  const without = ["target", "__pycache__", "*.db"].map((name) => `--exclude=${name}`);
  execFileSync("tar", ["-czf", archive, ...without, "-C", EXAMPLES, "."]);
  return archive;
}

/** Copies the example into a folder, set up to run a server; its path. */
export function example(folder, server) {
  return settings(copied(folder), { "portLsp.server.path": server });
}

/** Writes the workspace's settings; its path. */
export function settings(folder, values) {
  write(join(folder, ".vscode", "settings.json"), JSON.stringify(values));
  return folder;
}

/** Writes a file, with the folders above it. */
export function write(path, text, options = {}) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text, options);
  return path;
}

/** What the command line says of a folder: everything, as data. */
export function exported(folder, server) {
  return JSON.parse(execFileSync(server, ["export", folder], { maxBuffer: 1 << 26 }));
}
