/** Which version a program is, and whether that is new enough. */
import { execFile } from "node:child_process";

export type Probe =
  | { readonly kind: "found"; readonly version: string }
  | { readonly kind: "missing" }
  | { readonly kind: "broken"; readonly reason: string };

const PATIENCE = 20_000; // milliseconds: a cold start from a slow disk takes seconds
const SAID = /^port-lsp (\d+\.\d+\.\d+\S*)/m;

/** Asks a program for its version. Never rejects. */
export function probe(command: string): Promise<Probe> {
  return new Promise((resolve) => {
    execFile(command, ["--version"], { timeout: PATIENCE }, (error, stdout, stderr) => {
      const version = SAID.exec(stdout)?.[1];
      if (error?.code === "ENOENT") {
        resolve({ kind: "missing" });
      } else if (version !== undefined) {
        resolve({ kind: "found", version });
      } else {
        const said = (stderr || stdout).trim().split("\n").at(-1);
        resolve({ kind: "broken", reason: said ?? error?.message ?? "it says no version" });
      }
    });
  });
}

/** Whether a version is at least another one. What follows the three numbers doesn't count. */
export function isAtLeast(version: string, wanted: string): boolean {
  const [mine, least] = [numbers(version), numbers(wanted)];
  const differing = least.findIndex((part, at) => part !== mine[at]);
  return differing < 0 || (mine[differing] ?? 0) > (least[differing] ?? 0);
}

function numbers(version: string): number[] {
  return version
    .split(".")
    .slice(0, 3)
    .map((part) => Number.parseInt(part, 10) || 0);
}
