// Each test with its feature switched off: it must fail, or it shows nothing.
// usage: off.mjs [SWITCH…]    --on: the same runs with nothing switched off, which must pass
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { COMMON } from "../scripts/build.mjs";
import { OFF } from "./offTable.mjs";
import { Runner } from "./runner.mjs";
import { SUITES } from "./suites.mjs";
import { HERE } from "./workbench.mjs";

const PATIENCE = 5000; // milliseconds until something that is switched off counts as not coming
const BUILDS = join(HERE, "dist", `off-${process.pid}`); // of this run alone

const isOn = process.argv.includes("--on");
const chosen = process.argv.slice(2).filter((one) => one !== "--on");
const runner = new Runner();
const begin = Date.now();
let [right, wrong] = [0, 0];
const [all, covered] = [new Set(), new Set()];
const wanted = Object.entries(OFF).filter(([name]) => !chosen.length || chosen.includes(name));
const live = Object.fromEntries(wanted.filter(([, { isLive }]) => isLive));
try {
  if (Object.keys(live).length > 0) {
    await together("live", live);
  }
  for (const [name, off] of wanted.filter(([, { isLive }]) => !isLive)) {
    await together(name, { [name]: off });
  }
} finally {
  await runner.stop();
  rmSync(BUILDS, { recursive: true, force: true });
}
const never = [...all].filter((test) => !covered.has(test));
if (chosen.length === 0 && never.length > 0) {
  wrong += never.length;
  console.log(`never run with its feature switched off:\n    ${never.join("\n    ")}`);
}
const minutes = ((Date.now() - begin) / 60_000).toFixed(1);
console.log(`${right} ${isOn ? "pass" : "fail"} as they must, ${wrong} don't, in ${minutes} min`);
process.exit(wrong > 0 || right === 0 ? 1 : 0);

/** Runs the tests of some switches on one build, each suite once. */
async function together(build, switches) {
  const edits = Object.values(switches).flatMap((off) => off.edits);
  const extension = await built(build, isOn ? [] : edits);
  const suites = new Set(Object.values(switches).flatMap(({ fails }) => Object.keys(fails)));
  for (const suite of suites) {
    const runs = Object.entries(switches).flatMap(([off, { fails }]) =>
      (fails[suite] ?? []).map((test) => ({ test, off })),
    );
    const patience = isOn ? undefined : PATIENCE;
    const results = await runner.run(suite, SUITES[suite], { runs, patience, extension });
    const unready = results.find(({ test }) => test === "is ready" || test === "runs");
    const tests = results.filter((one) => one !== unready);
    tests.forEach(({ test }) => all.add(`${suite}: ${test}`));
    for (const { test, off } of runs) {
      covered.add(`${suite}: ${test}`);
      const result = results.find((one) => one.test === test && one.off === off);
      tell(`${off}, ${suite}: ${test}`, result, unready);
    }
  }
}

/** Says what came of a test. Where a suite wasn't ready, its tests fail for that: it shows nothing. */
function tell(what, result, unready) {
  const failed = result === undefined || unready ? undefined : Boolean(result.error);
  const came = failed ? "fails" : "passes";
  const is = unready ? "isn't ready" : result === undefined ? "wasn't run" : came;
  const good = failed === !isOn;
  good ? (right += 1) : (wrong += 1);
  console.log(`${good ? "ok" : "not ok"} ${isOn ? "with" : "without"} ${what}: ${is}`);
  const why = (unready ?? result)?.error;
  if (why) {
    const lines = why.split("\n").slice(0, good ? 2 : 6);
    console.log(lines.join("\n").replaceAll(/^/gm, "    "));
  }
}

/** Builds the extension with some of its text replaced, in a folder of its own; its path. */
async function built(name, edits) {
  const folder = join(BUILDS, name);
  mkdirSync(folder, { recursive: true });
  cpSync(join(HERE, "media"), join(folder, "media"), { recursive: true });
  cpSync(join(HERE, "package.json"), join(folder, "package.json"));
  const open = new Set(edits);
  const edited = (path, text) =>
    edits
      .filter(({ file }) => path === join(HERE, file))
      .reduce((now, edit) => {
        const [before, ...behind] = now.split(edit.from);
        if (behind.length !== 1) {
          throw new Error(`${edit.file} has ${behind.length} times: ${edit.from}`);
        }
        open.delete(edit);
        return before + edit.to + behind[0];
      }, text);
  const manifest = join(folder, "package.json");
  const text = edited(join(HERE, "package.json"), readFileSync(manifest, "utf8"));
  writeFileSync(manifest, text);
  const plugin = {
    name: "off",
    setup: ({ onLoad }) =>
      onLoad({ filter: /\/src\/.*\.ts$/ }, ({ path }) => ({
        contents: edited(path, readFileSync(path, "utf8")),
        loader: "ts",
      })),
  };
  const outfile = join(folder, "dist", "extension.js");
  await build({
    ...COMMON,
    entryPoints: [join(HERE, "src/extension.ts")],
    outfile,
    plugins: [plugin],
  });
  if (open.size > 0) {
    throw new Error(`${name}: no such file: ${[...open].map(({ file }) => file).join(", ")}`);
  }
  return folder;
}
