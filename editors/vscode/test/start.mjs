// How long the server takes to start on a pair, inside the real editor: printed, without a bound.
// usage: PORT_LSP_BACKEND=FOLDER PORT_LSP_CRATE=FOLDER start.mjs    (without them: the example)
import { execFileSync } from "node:child_process";
import { loadavg } from "node:os";
import { join } from "node:path";
import { Runner, SERVER } from "./runner.mjs";
import { copied, write } from "./workspaces.mjs";

const { PORT_LSP_BACKEND: backend, PORT_LSP_CRATE: crate } = process.env;

const suite = {
  bundle: "start",
  prepare(below, server) {
    const example = backend && crate ? "" : copied(join(below, "notes"));
    const pair = [backend ?? join(example, "backend"), crate ?? join(example, "crate")];
    const folders = pair.map((path) => ({ path }));
    const [python, rust] = pair;
    const settings = {
      "portLsp.server.path": server,
      "portLsp.backend": python,
      "portLsp.crate": rust,
    };
    const text = JSON.stringify({ folders, settings });
    suite.file = withFindings(...pair);
    return write(join(below, "pair.code-workspace"), text);
  },
};

/** The file of the backend that has the most findings. */
function withFindings(python, rust) {
  const command = ["export", "--backend", python, "--crate", rust];
  const said = JSON.parse(execFileSync(SERVER, command, { maxBuffer: 1 << 28 }));
  const files = said.findings.filter(({ side }) => side === "backend").map(({ file }) => file);
  const count = (file) => files.filter((one) => one === file).length;
  const [most] = [...new Set(files)].sort((one, other) => count(other) - count(one));
  return join(said.backend.root, most);
}

const runner = new Runner();
const results = await runner.run("start", suite).finally(() => runner.stop());
for (const { test, error, reports } of results) {
  console.log(`${error ? "not ok" : "ok"} ${test}; load ${loadavg()[0].toFixed(1)}`);
  console.log([...reports, error ?? ""].join("\n").replaceAll(/^/gm, "    "));
}
process.exit(results.some(({ error }) => error) ? 1 : 0);
