/** Runs tests inside the extension host, one after the other, and writes what came of them. */
import { writeFileSync } from "node:fs";
import * as path from "node:path";
import { workspace } from "vscode";

export type Tests = Readonly<Record<string, () => Promise<void>>>;

const reports: string[] = [];

/** Has the runner print a line with the test's result. */
export function report(line: string): void {
  reports.push(line);
}

/** What the editor calls. The results go into a file, for the runner outside. */
export async function runTests(name: string, tests: Tests): Promise<void> {
  const results = [];
  for (const [test, run] of Object.entries(tests)) {
    const begin = Date.now();
    const error = await run().then(
      () => undefined,
      (reason: unknown) => (reason instanceof Error ? (reason.stack ?? reason.message) : reason),
    );
    results.push({ test, error, milliseconds: Date.now() - begin, reports: reports.splice(0) });
  }
  const file = path.join(process.env.PORT_LSP_TEST_HOME ?? "", `${name}.json`);
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
  patience = 20_000,
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
