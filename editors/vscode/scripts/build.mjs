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
  await build({
    ...common,
    entryPoints: Object.keys(SUITES).map((name) => `test/host/${name}.ts`),
    outdir: "dist/test",
    sourcemap: "inline",
  });
}
