// Bundles the extension and its tests into dist/.
import { build } from "esbuild";
import { SUITES } from "../test/suites.mjs";

export const COMMON = {
  bundle: true,
  platform: "node",
  target: "node18",
  format: "cjs",
  external: ["vscode"],
  logLevel: "warning",
};

if (import.meta.filename === process.argv[1]) {
  await build({
    ...COMMON,
    entryPoints: ["src/extension.ts"],
    outfile: "dist/extension.js",
    minify: process.argv.includes("--minify"),
  });
  if (process.argv.includes("--tests")) {
    const names = Object.entries(SUITES).map(([name, { bundle }]) => bundle ?? name);
    const bundles = [...new Set([...names, "start"])].map((name) => `test/host/${name}.ts`);
    await build({
      ...COMMON,
      entryPoints: bundles,
      outdir: "dist/test",
      sourcemap: "inline",
    });
  }
}
