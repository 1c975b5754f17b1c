/** Runs tests inside the extension host, one after the other, and writes what came of them. */
import { readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { workspace } from "vscode";
import type { Export } from "./expected";

export type Tests = Readonly<Record<string, () => Promise<void>>>;

const reports: string[] = [];

/** Has the runner print a line with the test's result. */
export function report(line: string): void {
  reports.push(line);
}

/** What the runner asks for: how the suite is called, which tests are to run where not all are, how
 * many milliseconds to wait for anything, and what the tests are held against. */
interface Wish {
  readonly suite: string;
  readonly only?: readonly string[];
  readonly patience?: number;
  readonly data?: Export;
}

const home = process.env.PORT_LSP_TEST_HOME ?? "";

let wished: Wish | undefined;

/** The wish for the suite whose workspace is open. */
export function wish(): Wish {
  return (wished ??= readWish());
}

function readWish(): Wish {
  const text = readFileSync(path.join(home, "wishes", `${suiteOf()}.json`), "utf8");
  return JSON.parse(text) as Wish;
}

/** Workspaces are in a folder that is called like their suite. */
function suiteOf(): string {
  const below = path.relative(path.join(home, "workspaces"), folder());
  return below.split(path.sep)[0] ?? "";
}

/** What the editor calls. The results go into a file, for the runner outside. */
export async function runTests(tests: Tests): Promise<void> {
  const results = [];
  const { suite, only } = wish();
  for (const [test, run] of Object.entries(tests)) {
    if (only?.includes(test) === false) {
      continue;
    }
    const begin = Date.now();
    const error = await run().then(
      () => undefined,
      (reason: unknown) => (reason instanceof Error ? (reason.stack ?? reason.message) : reason),
    );
    results.push({ test, error, milliseconds: Date.now() - begin, reports: reports.splice(0) });
  }
  const file = path.join(home, `${suite}.json`);
  writeFileSync(file, `${JSON.stringify(results)}\n`);
  // Were this to return, the editor would end the host, and with it what the runner looks at.
  await new Promise(() => undefined);
}

/** The workspace's folder. */
export function folder(): string {
  return workspace.workspaceFolders?.[0]?.uri.fsPath ?? "";
}

/** Waits until a question is answered with something true; gives that. */
export async function until<T>(
  ask: () => T | undefined | false | Thenable<T | undefined | false>,
  patience = wish().patience ?? 20_000,
): Promise<T> {
  const end = Date.now() + patience;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) {
      return answer;
    }
    if (Date.now() > end) {
      throw new Error(`waited ${patience} ms for ${String(ask)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
