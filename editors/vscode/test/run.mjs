// The suites inside the real extension host: one workspace and one bundle each.
// usage: run.mjs [SUITE…]    PORT_LSP: the server's program (else that of the project's .venv)
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { SUITES } from "./suites.mjs";
import { BARE, freshFolder, HERE, startWorkbench, until } from "./workbench.mjs";

const PATIENCE = 120_000;
const OUT = join(HERE, "dist", "test");
const SERVER = process.env.PORT_LSP ?? join(HERE, "..", "..", ".venv", "bin", "port-lsp");

const chosen = process.argv.slice(2);
const home = freshFolder("port-lsp-vscode");
const extensions = join(home, "extensions");
mkdirSync(extensions);
process.env.PORT_LSP_TEST_HOME = home;
const workbench = await startWorkbench({ home, extensions, path: BARE, driven: true });
let [passed, failed] = [0, 0];
try {
  for (const [name, suite] of Object.entries(SUITES)) {
    if (chosen.length === 0 || chosen.includes(name)) {
      await run(name, suite);
    }
  }
} finally {
  await workbench.stop();
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);

async function run(name, { prepare, looks }) {
  const below = join(home, "workspaces", name);
  const results = join(home, `${name}.json`);
  const page = await workbench.open(prepare(below, SERVER), join(OUT, `${name}.js`));
  page.on("pageerror", (error) => console.error(`  page: ${error.message}`));
  try {
    await until(
      () => existsSync(results) && readFileSync(results, "utf8").endsWith("\n"),
      PATIENCE,
    );
    for (const result of JSON.parse(readFileSync(results, "utf8"))) {
      tell(name, result);
    }
    for (const [test, look] of Object.entries(looks)) {
      const begin = Date.now();
      const error = await look(page).then(() => undefined, String);
      tell(name, { test, error, milliseconds: Date.now() - begin, reports: [] });
    }
  } catch (error) {
    tell(name, { test: "runs", error: error.message, milliseconds: 0, reports: [] });
  }
  await page.screenshot({ path: join(OUT, `${name}.png`) });
  await page.close();
}

function tell(name, { test, error, milliseconds, reports }) {
  console.log(`${error ? "not ok" : "ok"} ${name}: ${test} (${milliseconds} ms)`);
  reports.forEach((line) => console.log(`    ${line}`));
  if (error) {
    console.log(error.replaceAll(/^/gm, "    "));
  }
  error ? (failed += 1) : (passed += 1);
}
