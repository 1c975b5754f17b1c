// The workspaces of the suites: what each is, and with which settings.
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { HERE } from "./workbench.mjs";

const EXAMPLES = join(HERE, "..", "..", "examples");

/**
 * `prepare` makes the workspace in a folder that is named like the suite and gives its path; what
 * `looks` has is called with the page when the bundle is through: what a person sees then.
 */
export const SUITES = {
  example: {
    prepare: (below, server) => example(join(below, "notes"), server),
    looks: {},
  },
  spaces: {
    prepare: (below, server) => example(join(below, "für später", "日本 𝒳"), server),
    looks: {},
  },
  noCrate: {
    prepare(below, server) {
      const filter = (path) => !path.includes("__pycache__");
      cpSync(join(EXAMPLES, "backend"), join(below, "backend"), { recursive: true, filter });
      writeFileSync(join(below, "port-lsp.toml"), 'backend = "backend"\n');
      return settings(below, { "portLsp.server.path": server });
    },
    looks: {},
  },
  missing: {
    prepare: (below) => example(join(below, "notes"), ""),
    looks: {
      "a message says that there is no server, and offers the one that is carried": async (
        page,
      ) => {
        await showNotifications(page);
        const message = page.locator(".notification-list-item", {
          hasText: "port-lsp isn't installed",
        });
        await message.getByText("Install It").waitFor();
        await page.locator(".statusbar-item", { hasText: "port-lsp" }).waitFor();
      },
    },
  },
  tooOld: {
    prepare(below) {
      mkdirSync(below, { recursive: true });
      const old = join(below, "old-port-lsp");
      writeFileSync(old, "#!/bin/sh\necho port-lsp 0.0.9\n", { mode: 0o755 });
      return example(join(below, "notes"), old);
    },
    looks: {
      "a message says which version is too old, and which is needed": async (page) => {
        await showNotifications(page);
        const said =
          /old-port-lsp .* is version 0\.0\.9, which is too old: .* needs 0\.1\.0 or newer/;
        const message = page.locator(".notification-list-item", { hasText: said });
        await message.getByText("Open Settings").waitFor();
      },
    },
  },
};

/** Copies the example into a folder, set up to run a server; its path. */
export function example(folder, server) {
  mkdirSync(folder, { recursive: true });
  const filter = (path) => !path.includes("/target") && !path.includes("__pycache__");
  cpSync(EXAMPLES, folder, { recursive: true, filter });
  return settings(folder, { "portLsp.server.path": server });
}

function settings(folder, values) {
  mkdirSync(join(folder, ".vscode"), { recursive: true });
  writeFileSync(join(folder, ".vscode", "settings.json"), JSON.stringify(values));
  return folder;
}

/** Opens the list of messages: a toast goes after some seconds. */
export async function showNotifications(page) {
  await page.locator("#status\\.notifications").click();
}
