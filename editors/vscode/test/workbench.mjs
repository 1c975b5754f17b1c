// A real workbench on this machine: its server, a headless browser, and one page per workspace.
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

/** The extension's folder. */
export const HERE = dirname(dirname(fileURLToPath(import.meta.url)));

/** A PATH without a port-lsp that somebody installed: it must not help the tests. */
export const BARE = "/usr/bin:/bin";

/** Where the workbench itself is. */
export const INSTALLED = process.env.PORT_LSP_WORKBENCH ?? join(HERE, ".workbench");
const BROWSER = process.env.PORT_LSP_BROWSER ?? "/usr/bin/chromium";
const NODE = join(INSTALLED, "node_modules", ".bin", "node");
const PROGRAM = join(INSTALLED, "node_modules/code-server/lib/vscode/out/server-main.js");
const SIZE = { width: 1400, height: 900 };
const USER_SETTINGS = {
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "security.workspace.trust.enabled": false,
  "chat.disableAIFeatures": true,
  "telemetry.telemetryLevel": "off",
  "window.commandCenter": false,
  "editor.minimap.enabled": false,
  "extensions.ignoreRecommendations": true,
};

/** A folder of its own for everything that a run writes. */
export function freshFolder(name) {
  return mkdtempSync(join(tmpdir(), `${name}-`));
}

/**
 * Starts the workbench, installing it where it isn't. `home` takes what it writes, `extensions` has
 * the installed extensions, `path` is the PATH of the extension host, `user` the user's settings;
 * `driven` lets pages run test bundles, and keeps messages from popping up.
 */
export async function startWorkbench({ home, extensions, path, user: own, driven = false }) {
  execFileSync("bash", [join(HERE, "test", "install-workbench.sh"), INSTALLED], {
    stdio: "inherit",
  });
  const port = await freePort();
  const user = join(home, "user");
  mkdirSync(join(user, "User"), { recursive: true });
  writeFileSync(join(user, "User", "settings.json"), JSON.stringify({ ...USER_SETTINGS, ...own }));
  const common = ["--user-data-dir", user, "--disable-telemetry"];
  const args = [
    ...[PROGRAM, "--host", "127.0.0.1", "--port", String(port), "--without-connection-token"],
    ...["--accept-server-license-terms", ...(driven ? ["--enable-smoke-test-driver"] : [])],
    ...["--server-data-dir", home, "--extensions-dir", extensions, ...common],
  ];
  const environment = { ...process.env, HOME: home, PATH: path };
  const server = spawn(NODE, args, { env: environment, stdio: ["ignore", "pipe", "pipe"] });
  const said = [];
  server.stdout.on("data", (chunk) => said.push(String(chunk)));
  server.stderr.on("data", (chunk) => said.push(String(chunk)));
  await until(
    () => reachable(port),
    60_000,
    () => `no workbench:\n${said.join("")}`,
  );
  const browser = await chromium.launch({
    executablePath: BROWSER,
    args: ["--no-sandbox", "--disable-gpu"],
  });
  // One for all pages: the second one has everything cached. Workspaces keep their state apart.
  const context = await browser.newContext({ viewport: SIZE });
  return {
    /** Opens a folder or a .code-workspace (an absolute path); with `tests`, the bundle that the
     * host runs, and `extension`, the folder of the build that is tested. */
    async open(workspace, tests, extension = HERE) {
      const page = await context.newPage();
      const authority = `vscode-remote://127.0.0.1:${port}`;
      const payload = tests && [
        ["extensionDevelopmentPath", `${authority}${extension}`],
        ["extensionTestsPath", `${authority}${tests}`],
      ];
      const query = new URLSearchParams({
        [workspace.endsWith(".code-workspace") ? "workspace" : "folder"]: workspace,
        ...(payload && { payload: JSON.stringify(payload) }),
      });
      await page.goto(`http://127.0.0.1:${port}/?${query}`);
      return page;
    },
    async stop() {
      await browser.close();
      server.kill();
    },
    said: () => said.join(""),
  };
}

/** Installs a packaged extension, as `code --install-extension` does. */
export function installExtension(vsix, { home, extensions }) {
  const args = ["--server-data-dir", home, "--extensions-dir", extensions];
  execFileSync(NODE, [PROGRAM, ...args, "--install-extension", vsix], { stdio: "inherit" });
}

/** Waits until a question is answered with something true; gives that. */
export async function until(ask, patience = 20_000, complain = () => "in vain") {
  const end = Date.now() + patience;
  for (;;) {
    const answer = await ask();
    if (answer) {
      return answer;
    }
    if (Date.now() > end) {
      throw new Error(`waited ${patience} ms: ${complain()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function reachable(port) {
  return await fetch(`http://127.0.0.1:${port}/version`).then(
    (response) => response.ok,
    () => false,
  );
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
