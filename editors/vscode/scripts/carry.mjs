// What the .vsix carries from the rest of the project: the server's wheel, and the licence.
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(dirname(fileURLToPath(import.meta.url)));
const project = join(here, "..", "..");
const target = join(here, "dist", "server");
const python = process.env.PYTHON ?? "python3";

copyFileSync(join(project, "LICENSE"), join(here, "LICENSE"));
rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
const options = ["--quiet", "--disable-pip-version-check", "--no-deps", "--wheel-dir", target];
execFileSync(python, ["-m", "pip", "wheel", ...options, project], { stdio: "inherit" });
