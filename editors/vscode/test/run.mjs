// The suites inside the real extension host: one workspace and one bundle each.
// usage: run.mjs [SUITE…]    PORT_LSP: the server's program (else that of the project's .venv)
import { Runner } from "./runner.mjs";
import { SUITES } from "./suites.mjs";

const chosen = process.argv.slice(2);
const runner = new Runner();
let [passed, failed] = [0, 0];
try {
  for (const [name, suite] of Object.entries(SUITES)) {
    if (chosen.length === 0 || chosen.includes(name)) {
      for (const result of await runner.run(name, suite)) {
        tell(name, result);
      }
    }
  }
} finally {
  await runner.stop();
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);

function tell(name, { test, error, milliseconds, reports }) {
  console.log(`${error ? "not ok" : "ok"} ${name}: ${test} (${milliseconds} ms)`);
  reports.forEach((line) => console.log(`    ${line}`));
  if (error) {
    console.log(error.replaceAll(/^/gm, "    "));
  }
  error ? (failed += 1) : (passed += 1);
}
