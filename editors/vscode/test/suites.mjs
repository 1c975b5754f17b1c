// The suites: what each one's workspace is, and what must be seen on the page when it is through.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expectedOf, RENAMED, replacedOnce } from "./actionCases.mjs";
import { command, filterPlan, planRows, seen, share, showNotifications } from "./page.mjs";
import { ANOTHER_GUIDE, expected, rowsOf, shares, THIS_GUIDE } from "./plans.mjs";
import { until } from "./workbench.mjs";
import { copied, example, EXAMPLES, exported, settings, write } from "./workspaces.mjs";

const REST_OF_FILE = /Port the rest of this file to Rust \(\d+ items\)/;

/**
 * `prepare` makes the workspace below a folder that is named like the suite, and gives its path;
 * `bundle` is what the extension host runs (else what is called like the suite), and what `looks` has
 * is called with the page when that is through: what a person sees then. `data` gives what the tests
 * hold it against. `user` has settings of the user for which a workbench of its own is started.
 */
export const SUITES = {
  example: {
    prepare: (below, server) => example(join(below, "notes"), server),
    data: exported,
    looks: {},
  },
  everyAction: {
    prepare(below, server) {
      const folder = example(join(below, "notes"), server);
      const path = join(folder, RENAMED.file);
      write(path, replacedOnce(readFileSync(path, "utf8"), RENAMED.from, RENAMED.to));
      return folder;
    },
    data: expectedOf,
    looks: {},
  },
  spaces: {
    prepare: (below, server) => example(join(below, "für später", "日本 𝒳"), server),
    data: exported,
    looks: {},
  },
  page: {
    bundle: "running",
    prepare: (below, server) => example(join(below, "notes"), server),
    data: exported,
    looks: {
      async "the counterpart is peeked at in place"({ page }) {
        await command(page, "Port: Peek Counterpart");
        await seen(page, ".peekview-widget .filename", "notes.rs");
        await seen(page, ".peekview-widget .view-line", "async fn get_note(");
        await seen(page, ".tab.active", "notes.py");
        await page.keyboard.press("Escape");
      },
      async "of several counterparts one is picked"(given) {
        const { page } = given;
        await goTo(given, "crate/src/models/folder.rs", "pub struct Folder");
        await command(page, "Port: Go to Counterpart");
        const rows = page.locator(".quick-input-list .monaco-list-row");
        await seen(page, ".quick-input-list .monaco-list-row", "FolderResponse");
        same(await rows.count(), 2);
        await seen(page, ".quick-input-list .monaco-list-row", "notes_app/models/folders.py:9");
        await rows.filter({ hasText: "FolderResponse" }).click();
        await seen(page, ".statusbar-item", "Ln 21, Col 7");
        await seen(page, ".tab.active", "folders.py");
      },
      async "the status item says that the server is well, and a click what can be done"({ page }) {
        const item = page.locator("#port-lsp\\.port-lsp\\.portLsp\\.status");
        await item.locator(".codicon-check").waitFor();
        await item.click();
        await seen(page, ".quick-input-list .monaco-list-row", "Restart the Server");
        await page.keyboard.press("Escape");
      },
      async "the plan shows the items of the chosen statuses alone"({ page, data }) {
        const open = data.links.endpoints.filter(({ presence }) => presence === "unported");
        const file = open[0].backend.split("::")[0];
        const there = open.filter(({ backend }) => backend.startsWith(`${file}::`)).length;
        await planRows(page);
        await filterPlan(page, ["unported"]);
        const rows = page.locator(".pane-body .monaco-list-row");
        const users = rows.filter({ hasText: "users.py" }).filter({ hasText: "routers" });
        await users.waitFor({ state: "detached" }); // of which nothing is unported
        await rows
          .filter({ hasText: file.split("/").at(-1) })
          .filter({ hasText: "routers" })
          .click();
        await seen(page, ".pane-body .monaco-list-row", open[0].backend.split("#")[1]);
        const said = (await planRows(page)).filter((row) => row.endsWith(": unported"));
        same(said.length, there);
        same(said.length > 0, true);
        await command(page, "Port Plan: Show Everything");
        await users.waitFor();
      },
      async "a row of the plan leads to the Rust side"({ page }) {
        await planRows(page);
        const rows = page.locator(".pane-body .monaco-list-row");
        const file = rows.filter({ hasText: "users.py" }).filter({ hasText: "routers" });
        await file.click();
        const row = rows.filter({ hasText: "GET /api/v1/users/{user_id}" }).first();
        await row.hover();
        await row.getByRole("button", { name: "Open the Rust Side" }).click();
        await seen(page, ".tab.active", "users.rs");
        await seen(page, ".statusbar-item", "Ln 34, Col 1");
      },
      async "marks beside the line numbers say how far each item is"({ page }) {
        await page.locator(".glyph-margin-widgets [class*=ced-]").first().waitFor();
      },
      async "a port over several files is previewed in the editor's own list, and applied"(given) {
        const { page, workspace } = given;
        await goTo(given, "backend/notes_app/routers/notes.py", "def search_notes");
        await page.locator(".squiggly-info").first().waitFor(); // by then there are actions
        await page.keyboard.press("Control+.");
        const actions = page.locator(".action-widget .monaco-list-row", { hasText: REST_OF_FILE });
        const action = actions.filter({ hasNotText: "Preview" });
        await action.hover(); // which has its edit computed
        await page.keyboard.press("Control+Enter");
        const rows = page.locator(".bulk-edit-panel .monaco-list-row");
        await rows.filter({ hasText: "Cargo.toml" }).waitFor();
        await seenInEdits(page, rows.filter({ hasText: "routes" }).filter({ hasText: "notes.rs" }));
        const button = page.getByLabel("Group Changes By Type");
        await button.locator("visible=true").first().click();
        await rows.filter({ hasText: REST_OF_FILE }).first().waitFor();
        await seenInEdits(page, rows.filter({ hasText: "Dependencies that it needs" }));
        const rust = () => readFileSync(join(workspace, "crate/src/routes/notes.rs"), "utf8");
        same(rust().includes("fn search_notes"), false);
        await page.getByRole("button", { name: "Apply", exact: true }).click();
        await rows.first().waitFor({ state: "detached" });
        await command(page, "File: Save All Files");
        await until(() => rust().includes("fn search_notes"));
      },
    },
  },
  noCrate: {
    prepare(below, server) {
      copied(join(below, "backend"), "backend");
      write(join(below, "port-lsp.toml"), 'backend = "backend"\n');
      return settings(below, { "portLsp.server.path": server });
    },
    data: exported,
    looks: {
      async "it is said that there is no other side"({ page }) {
        await command(page, "Port: Go to Counterpart");
        await seen(page, ".statusbar-item", "No counterpart is known of this place");
        await seen(page, ".tab.active", "users.py");
      },
    },
  },
  oneSide: {
    prepare(below, server) {
      copied(join(below, "notes", "backend"), "backend"); // and no port-lsp.toml
      return settings(join(below, "notes"), { "portLsp.server.path": server });
    },
    data: () => ({ later: join(EXAMPLES, "crate") }),
    looks: {},
  },
  missing: {
    prepare: (below) => example(join(below, "notes"), ""),
    looks: {
      async "a message says that there is no server, and offers the one that is carried"({ page }) {
        await showNotifications(page);
        const message = page.locator(".notification-list-item", {
          hasText: "port-lsp isn't installed",
        });
        await message.first().getByText("Install It").waitFor();
        await seen(page, ".statusbar-item", "port-lsp");
      },
    },
  },
  tooOld: {
    prepare(below) {
      const script = '#!/bin/sh\necho "$*" >> "$0.asked"\necho port-lsp 0.0.9\n';
      const old = write(join(below, "old-port-lsp"), script, { mode: 0o755 });
      return example(join(below, "notes"), old);
    },
    looks: {
      async "a message says which version is too old, and which is needed"({ page }) {
        await showNotifications(page);
        const said =
          /old-port-lsp .* is version 0\.0\.9, which is too old: .* needs 0\.1\.0 or newer/;
        const message = page.locator(".notification-list-item", { hasText: said });
        await message.first().getByText("Open Settings").waitFor();
      },
    },
  },
  thisGuide: planned(THIS_GUIDE),
  anotherGuide: planned(ANOTHER_GUIDE),
  noGuide: planned(undefined),
  untrusted: {
    bundle: "running",
    user: {
      "security.workspace.trust.enabled": true,
      "security.workspace.trust.startupPrompt": "never",
      "security.workspace.trust.banner": "never",
    },
    prepare(below, server) {
      const script = `#!/bin/sh\ntouch "$0.ran"\nexec '${server}' "$@"\n`; // it would serve
      const program = write(join(below, "notes", "port-lsp"), script, { mode: 0o755 });
      return example(join(below, "notes"), program);
    },
    looks: {
      async "the program that the workspace names isn't run"({ page, workspace }) {
        await seen(page, ".statusbar-item", "Restricted Mode");
        await share(page).waitFor();
        same(existsSync(join(workspace, "port-lsp.ran")), false);
      },
    },
  },
  severalRoots: {
    // A workbench of its own: one that has shown other windows may not find the workspace's folders.
    user: { "workbench.startupEditor": "none" },
    prepare(below, server) {
      copied(join(below, "one", "backend"), "backend");
      copied(join(below, "another", "crate"), "crate");
      const folders = [{ path: "one/backend" }, { path: "another/crate" }];
      const workspace = { folders, settings: { "portLsp.server.path": server } };
      return write(join(below, "both.code-workspace"), JSON.stringify(workspace));
    },
    looks: {},
  },
};

/** The example with a guide, or none; the view must show its steps. */
function planned(guide) {
  return {
    bundle: "running",
    prepare(below, server) {
      const folder = example(join(below, "notes"), server);
      if (guide !== undefined) {
        write(join(folder, guide.name), guide.write(guide.steps));
      }
      return folder;
    },
    data: exported,
    looks: {
      async "the plan shows the steps, and how far each file is"({ page, data }) {
        const shown = await planRows(page);
        const counted = shares(data);
        if (guide === undefined) {
          ordered(shown, counted);
          return;
        }
        const wanted = expected(rowsOf(guide), counted);
        same(shown.slice(0, wanted.length), wanted);
        const named = rowsOf(guide).flatMap(({ file }) => file ?? []);
        const rest = [...counted.keys()].filter((file) => !named.includes(file));
        const last = shown.slice(wanted.length);
        same(last[0]?.split(":")[0], "Everything else");
        const rows = expected(
          rest.map((file) => ({ file, effort: "" })),
          counted,
        );
        same(last.slice(1).sort(), rows.sort());
      },
    },
  };
}

/** Without a guide the models come before the endpoints that use them, and every file is there. */
function ordered(shown, counted) {
  const files = [...counted.keys()].map((file) => ({ file, effort: "" }));
  const rows = expected(files, counted);
  const steps = shown.filter((row) => !rows.includes(row)).map((row) => row.split(":")[0]);
  same(steps, ["Models", "Endpoints", "Events", "Everything else"]);
  same(shown.filter((row) => rows.includes(row)).sort(), rows.sort());
  const at = (text) => shown.findIndex((row) => row.startsWith(text));
  const endpoints = at("Endpoints: ");
  const above = (row) => shown.indexOf(row) < endpoints;
  same(rows.filter((row) => row.endsWith("/models")).every(above), true);
  same(rows.filter((row) => row.endsWith("/routers")).some(above), false);
}

/** Opens a file of the workspace, and puts the cursor at the last word of a text in it. */
async function goTo({ page, workspace }, file, text) {
  const lines = readFileSync(join(workspace, file), "utf8").split("\n");
  const line = lines.findIndex((one) => one.includes(text));
  const column = lines[line].indexOf(text) + text.lastIndexOf(" ") + 1;
  const [folder, name] = file.split("/").slice(-2);
  await page.keyboard.press("Control+p");
  await page.locator(".quick-input-widget input[type=text]").fill(`${folder}/${name}`);
  const rows = page.locator(".quick-input-list .monaco-list-row", { hasText: name });
  await rows.filter({ hasText: folder }).first().click();
  await seen(page, ".tab.active", name);
  await page.keyboard.press("Control+g");
  await page.locator(".quick-input-widget input[type=text]").fill(`:${line + 1}:${column + 1}`);
  await seen(page, ".quick-input-list .monaco-list-row", `line ${line + 1}`); // it has read it
  await page.keyboard.press("Enter");
  await seen(page, ".statusbar-item", `Ln ${line + 1}, Col ${column + 1}`);
}

/**
 * Waits for a row of the panel of edits that may be beyond what is in view: the list has elements for
 * the rows in view alone, so it is gone through page by page, and again from its top.
 */
async function seenInEdits(page, row) {
  const list = page.locator(".bulk-edit-panel .monaco-list");
  let pages = 0;
  await until(async () => {
    await list.press(pages % 12 === 0 ? "Home" : "PageDown");
    pages += 1;
    return await row.first().isVisible();
  });
}

function same(found, wanted) {
  const [one, other] = [found, wanted].map((value) => JSON.stringify(value, undefined, 1));
  if (one !== other) {
    throw new Error(`found ${one}\nwanted ${other}`);
  }
}
