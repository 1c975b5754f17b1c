// Bundles the extension and its tests into dist/.
import { build } from "esbuild";
import { SUITES } from "../test/suites.mjs";

const common = {
  bundle: true,
  platform: "node",
  target: "node18",
  format: "cjs",
  external: ["vscode"],
  logLevel: "warning",
};

await build({
  ...common,
  entryPoints: ["src/extension.ts"],
  outfile: "dist/extension.js",
  minify: process.argv.includes("--minify"),
});
if (process.argv.includes("--tests")) {
  const names = Object.entries(SUITES).map(([name, { bundle }]) => bundle ?? name);
  const bundles = [...new Set(names)].map((name) => `test/host/${name}.ts`);
  await build({
    ...common,
    entryPoints: bundles,
    outdir: "dist/test",
    sourcemap: "inline",
  });
}
