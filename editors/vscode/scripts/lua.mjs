// Holds the project's Lua to stylua's layout.
// usage: lua.mjs [--write]    without it, files that are laid out otherwise are named; exit status 1
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import {
  Config,
  formatCode,
  IndentType,
  OutputVerification,
  QuoteStyle,
} from "@johnnymorganz/stylua";

const neovim = join(import.meta.dirname, "..", "..", "neovim");
const all = readdirSync(neovim, { recursive: true });
const others = all.filter((file) => {
  if (!file.endsWith(".lua")) {
    return false;
  }
  const path = join(neovim, file);
  const text = readFileSync(path, "utf8");
  const wanted = formatCode(text, style(), undefined, OutputVerification.None);
  if (process.argv.includes("--write")) {
    writeFileSync(path, wanted);
    return false;
  }
  return text !== wanted;
});
others.forEach((file) => console.log(`stylua: ${relative(process.cwd(), join(neovim, file))}`));
process.exit(others.length > 0 ? 1 : 0);

/** A new one each time: formatting consumes it. */
function style() {
  const config = Config.new();
  config.indent_type = IndentType.Spaces;
  config.indent_width = 2;
  config.column_width = 100;
  config.quote_style = QuoteStyle.AutoPreferSingle;
  return config;
}
