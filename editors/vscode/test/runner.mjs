// Runs a suite in a workbench: its bundle inside the extension host, then its looks at the page.
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { BARE, freshFolder, HERE, startWorkbench, until } from "./workbench.mjs";
import { write } from "./workspaces.mjs";

const PATIENCE = 180_000;
const BUNDLES = join(HERE, "dist", "test");

/** The server that is tested. */
export const SERVER = process.env.PORT_LSP ?? join(HERE, "..", "..", ".venv", "bin", "port-lsp");

/** Workbenches, one for each kind of user, started when a suite needs it. */
export class Runner {
  #home = freshFolder("port-lsp-vscode");
  #workbenches = new Map();

  constructor() {
    process.env.PORT_LSP_TEST_HOME = this.#home;
    process.env.PORT_LSP_TEST_SERVER = SERVER;
  }

  /**
   * Runs a suite; gives a result for each test: { test, error, milliseconds, reports }. `only` has the
   * tests to run, `patience` how many milliseconds they wait for anything, `extension` the folder of
   * another build of the extension.
   */
  async run(name, suite, { only, patience, extension } = {}) {
    const below = join(this.#home, "workspaces", name);
    const results = join(this.#home, `${name}.json`);
    rmSync(below, { recursive: true, force: true });
    rmSync(results, { force: true });
    const workspace = suite.prepare(below, SERVER);
    const data = suite.data?.(workspace, SERVER);
    const wish = { suite: name, only, patience, data };
    write(join(this.#home, "wishes", `${name}.json`), JSON.stringify(wish));
    const workbench = await this.#workbench(suite.user);
    const bundle = join(BUNDLES, `${suite.bundle ?? name}.js`);
    const page = await workbench.open(workspace, bundle, extension);
    page.setDefaultTimeout(patience ?? 30_000);
    page.on("pageerror", (error) => console.error(`  page: ${error.message}`));
    try {
      const isOver = () => existsSync(results) && readFileSync(results, "utf8").endsWith("\n");
      await until(isOver, PATIENCE);
      const told = JSON.parse(readFileSync(results, "utf8"));
      for (const [test, look] of Object.entries(suite.looks)) {
        if (only?.includes(test) !== false) {
          const begin = Date.now();
          const error = await look(page, workspace, data).then(() => undefined, String);
          told.push({ test, error, milliseconds: Date.now() - begin, reports: [] });
        }
      }
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
