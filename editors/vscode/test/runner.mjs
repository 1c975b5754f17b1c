// Runs a suite in a workbench: its bundle inside the extension host, then its looks at the page.
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { BARE, freshFolder, HERE, startWorkbench, until } from "./workbench.mjs";
import { write } from "./workspaces.mjs";

const PATIENCE = 300_000;
const BUNDLES = join(HERE, "dist", "test");

/** The server that is tested. */
export const SERVER = process.env.PORT_LSP ?? join(HERE, "..", "..", ".venv", "bin", "port-lsp");

/** Workbenches, one for each kind of user, started when a suite needs it. */
export class Runner {
  #home = freshFolder("port-lsp-vscode");
  #workbenches = new Map();
  #count = 0;

  constructor() {
    process.env.PORT_LSP_TEST_HOME = this.#home;
    process.env.PORT_LSP_TEST_SERVER = SERVER;
  }

  /**
   * Runs a suite; gives a result for each test: { test, error, milliseconds, reports }. `runs` has the
   * tests to run and which feature is off meanwhile, `patience` how many milliseconds they wait for
   * anything, `extension` the folder of another build of the extension.
   */
  async run(name, suite, { runs, patience, extension } = {}) {
    const below = join(this.#home, "workspaces", String((this.#count += 1)), name);
    const results = join(this.#home, `${name}.json`);
    rmSync(results, { force: true });
    const workspace = suite.prepare(below, SERVER);
    const data = suite.data?.(workspace, SERVER);
    const wish = { suite: name, runs, patience, data, file: suite.file };
    write(join(this.#home, "wish.json"), JSON.stringify(wish));
    write(join(this.#home, "off"), ""); // nothing is, until a test says so
    const workbench = await this.#workbench(suite.user);
    const bundle = join(BUNDLES, `${suite.bundle ?? name}.js`);
    const page = await workbench.open(workspace, bundle, extension);
    page.setDefaultTimeout(patience ?? 30_000);
    page.on("pageerror", (error) => console.error(`  page: ${error.message}`));
    try {
      const isOver = () => existsSync(results) && readFileSync(results, "utf8").endsWith("\n");
      await until(isOver, PATIENCE);
      const told = JSON.parse(readFileSync(results, "utf8"));
      const looks = suite.looks ?? {};
      const all = Object.keys(looks).map((test) => ({ test, off: "" }));
      for (const { test, off } of (runs ?? all).filter((one) => one.test in looks)) {
        write(join(this.#home, "off"), off);
        const begin = Date.now();
        const reports = [];
        const say = (line) => reports.push(line);
        const given = { page, workspace, data, say };
        const error = await looks[test](given).then(() => undefined, String);
        told.push({ test, off, error, milliseconds: Date.now() - begin, reports });
      }
      const skipped = all.filter(({ test }) => runs?.some((one) => one.test === test) === false);
      told.push(...skipped.map(({ test }) => ({ test, skipped: true })));
      return told;
    } catch (error) {
      return [{ test: "runs", error: error.message, milliseconds: 0, reports: [] }];
    } finally {
      await page.screenshot({ path: join(BUNDLES, `${name}.png`) });
      await page.close();
    }
  }

  async stop() {
    for (const workbench of this.#workbenches.values()) {
      await workbench.stop();
    }
  }

  async #workbench(user) {
    const key = JSON.stringify(user ?? {});
    const there = this.#workbenches.get(key);
    if (there !== undefined) {
      return there;
    }
    const home = join(this.#home, `home-${this.#workbenches.size}`);
    const extensions = join(home, "extensions");
    mkdirSync(extensions, { recursive: true });
    if (user !== undefined) {
      // Who has settings of their own has the server on the PATH, the others nowhere. The extension
      // host takes the PATH that a login shell sets.
      write(join(home, ".profile"), `PATH=${join(SERVER, "..")}:$PATH\n`);
    }
    const options = { home, extensions, path: BARE, user, driven: true };
    const workbench = await startWorkbench(options);
    this.#workbenches.set(key, workbench);
    return workbench;
  }
}
