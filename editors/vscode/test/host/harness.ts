/** Runs tests inside the extension host, one after the other, and writes what came of them. */
import { readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { workspace } from "vscode";

export type Tests = Readonly<Record<string, () => Promise<void>>>;

const reports: string[] = [];

/** Has the runner print a line with the test's result. */
export function report(line: string): void {
  reports.push(line);
}

/** A test to run, and the feature that is switched off meanwhile, "" for none. */
interface Run {
  readonly test: string;
  readonly off: string;
}

/** What the runner asks for: how the suite is called, which tests are to run where not all are, how
 * many milliseconds to wait for anything, and what the tests are held against. */
interface Wish {
  readonly suite: string;
  readonly runs?: readonly Run[];
  readonly patience?: number;
  readonly data?: unknown;
  /** The file that the suite is about, where it is about one. */
  readonly file?: string;
}

const home = process.env.PORT_LSP_TEST_HOME ?? "";

let wished: Wish | undefined;

/** The wish for the suite that runs: there is one at a time. */
export function wish(): Wish {
  return (wished ??= readWish());
}

function readWish(): Wish {
  return JSON.parse(readFileSync(path.join(home, "wish.json"), "utf8")) as Wish;
}

/**
 * What the editor calls. `ready` is run first: what every test takes for granted. The results go into
 * a file, for the runner outside.
 */
export async function runTests(tests: Tests, ready?: () => Promise<void>): Promise<void> {
  const results = [];
  const { suite, runs } = wish();
  if (ready !== undefined) {
    const error = await ready().then(() => undefined, reasonOf);
    results.push(...(error === undefined ? [] : [{ test: "is ready", error, reports: [] }]));
  }
  const all = Object.keys(tests).map((test) => ({ test, off: "" }));
  for (const { test, off } of runs ?? all) {
    const run = tests[test];
    if (run !== undefined) {
      writeFileSync(path.join(home, "off"), off);
      const begin = Date.now();
      const error = await run().then(() => undefined, reasonOf);
      const milliseconds = Date.now() - begin;
      results.push({ test, off, error, milliseconds, reports: reports.splice(0) });
    }
  }
  const skipped = all.filter(({ test }) => runs?.some((one) => one.test === test) === false);
  results.push(...skipped.map(({ test }) => ({ test, skipped: true })));
  const file = path.join(home, `${suite}.json`);
  writeFileSync(file, `${JSON.stringify(results)}\n`);
  // Were this to return, the editor would end the host, and with it what the runner looks at.
  await new Promise(() => undefined);
}

function reasonOf(reason: unknown): string {
  return reason instanceof Error ? (reason.stack ?? reason.message) : String(reason);
}

/** The workspace's folder. */
export function folder(): string {
  return workspace.workspaceFolders?.[0]?.uri.fsPath ?? "";
}

/** Waits until a question is answered with something true; gives that. */
export async function until<T>(
  ask: () => T | undefined | false | Thenable<T | undefined | false>,
  patience = wish().patience ?? 60_000,
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
