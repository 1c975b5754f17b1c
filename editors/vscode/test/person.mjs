// A person's way through, from artefacts only: a fresh HOME, in which the .vsix is installed, the
// server that it carries, too, and an archive of the example is unpacked. Nothing that runs may have
// a file of the checkout open. A picture of each step goes into dist/pictures/.
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { join } from "node:path";
import { archived } from "./workspaces.mjs";
import {
  BARE,
  freshFolder,
  HERE,
  INSTALLED,
  installExtension,
  startWorkbench,
  until,
} from "./workbench.mjs";

const PICTURES = join(HERE, "dist", "pictures");
const NOTES = "backend/notes_app/routers/notes.py";
const RUST_NOTES = "crate/src/routes/notes.rs";
const INSTALLING = 300_000;

const home = freshFolder("port-lsp-person");
const extensions = join(home, "extensions");
rmSync(PICTURES, { recursive: true, force: true });
mkdirSync(PICTURES, { recursive: true });
delete process.env.PYTHONPATH; // no checkout may help the server that is installed
process.chdir(home);
const workbench = await startWorkbench({ home, extensions, path: BARE });
installExtension(join(HERE, "dist", "port-lsp.vsix"), { home, extensions });
const folder = join(home, "notes");
const archive = archived(join(home, "examples.tar.gz"));
mkdirSync(folder);
execFileSync("tar", ["-xzf", archive, "-C", folder]);
const page = await workbench.open(folder);
let [passed, failed] = [0, 0];

const share = page.locator("#port-lsp\\.port-lsp\\.portLsp\\.share");

/** The ported items of everything, of what the status bar says: `6/8 · 56/87`. */
const all = (said) => Number(/(\d+)\/\d+$/.exec(said.trim())?.[1]);

/** One step: what is done, then what must be seen. The rest is in vain where one fails. */
async function step(name, act) {
  if (failed > 0) {
    return;
  }
  const begin = Date.now();
  const error = await act().then(() => undefined, String);
  const number = String((passed += error ? 0 : 1)).padStart(2, "0");
  failed += error ? 1 : 0;
  console.log(`${error ? "not ok" : "ok"} person: ${name} (${Date.now() - begin} ms)`);
  if (error) {
    console.log(error);
  }
  await page.waitForTimeout(700);
  const file = error ? "failed" : `${number}-${name.replaceAll(/[^a-z]+/gi, "-")}`;
  await page.screenshot({ path: join(PICTURES, `${file}.png`) });
}

const seen = (selector, hasText, timeout = 30_000) =>
  page.locator(selector, { hasText }).first().waitFor({ timeout });

async function goTo(place) {
  await page.keyboard.press("Control+p");
  await page.locator(".quick-input-widget input[type=text]").fill(place);
  await page.waitForTimeout(1500); // the list is filled as one types
  await page.keyboard.press("Enter");
}

async function command(title) {
  await page.keyboard.press("F1");
  await page.locator(".quick-input-widget input[type=text]").fill(`>${title}`);
  await seen(".quick-input-list .monaco-list-row", title);
  await page.keyboard.press("Enter");
}

await step("a message offers the server", async () => {
  await seen(".notification-toast", "port-lsp isn't installed", 60_000);
});
await step("the server is installed and runs", async () => {
  await page.getByRole("button", { name: "Install It" }).click();
  await seen("#port-lsp\\.port-lsp\\.portLsp\\.share", /\d+\/\d+/, INSTALLING);
});
await step("what isn't ported has a squiggle", async () => {
  await goTo(`${NOTES.split("/").slice(-2).join("/")}:37`);
  await seen(".tab", "notes.py");
  await page.locator(".squiggly-info, .squiggly-warning").first().waitFor();
  await seen(".codelens-decoration", "not ported");
});
await step("the hover says what it is", async () => {
  await page
    .locator(".view-line", { hasText: "def search_notes" })
    .getByText("search_notes")
    .hover();
  await seen(".monaco-hover", /GET \/api\/v1\/notes\/search/);
});
await step("a key leads to the other side", async () => {
  await goTo("routers/notes.py:59:6");
  await page.waitForTimeout(500);
  await page.keyboard.press("Control+Alt+r");
  await seen(".tab.active", "notes.rs");
  await seen(".statusbar-item", "Ln 103, Col 10");
});
await step("both sides are in step", async () => {
  await goTo("routers/notes.py:54:6");
  await command("Port: Keep Both Sides in Step");
  await page.locator(".editor-group-container .tab.active", { hasText: "notes.py" }).waitFor();
  await page.locator(".editor-group-container .tab.active", { hasText: "notes.rs" }).waitFor();
  await command("View: Toggle Primary Side Bar Visibility"); // there is more to see without it
});
await step("the plan shows what is left", async () => {
  await command("Port: Keep Both Sides in Step");
  await command("View: Close Editors in Other Groups");
  await share.click();
  await seen(".pane-body", /\d+ of \d+ items ported/);
  await page.locator(".pane-body .monaco-list-row", { hasText: /notes\.py.*routers/ }).click();
  await seen(".pane-body .monaco-list-row", "GET /api/v1/notes/search");
});
await step("a port is previewed", async () => {
  const row = page.locator(".pane-body .monaco-list-row", { hasText: "GET /api/v1/notes/search" });
  await row.hover();
  await row.getByRole("button", { name: "Preview the Port" }).click();
  await seen(".tab.active", "preview of the port");
  await seen(".editor.modified .view-line", 'route("/search", get(search_notes))');
});
await step("the previewed port is accepted", async () => {
  await page.getByRole("button", { name: "Accept the Previewed Port" }).click();
  await seen(".tab.active", /^\s*notes\.rs/); // the preview's title has the whole path
  await seen(".view-line", 'route("/search", get(search_notes))');
  await command("File: Save All Files");
  await until(() => readFileSync(join(folder, RUST_NOTES), "utf8").includes("fn search_notes("));
});
await step("lens and plan say so", async () => {
  await goTo("routers/notes.py:37");
  await seen(".codelens-decoration", /routes\/notes\.rs:\d+ · ported/);
  await seen(".pane-body .monaco-list-row", /GET \/api\/v1\/notes\/search\s*ported/);
});
await step("a model is ported by the light bulb, and the status bar counts it", async () => {
  const before = await share.innerText();
  await goTo("models/comments.py:18:10");
  await seen(".statusbar-item", "Ln 18, Col 10");
  await page.locator(".squiggly-hint").first().waitFor(); // by then there are actions
  const action = page
    .locator(".action-widget")
    .getByText("Port CommentForm to Rust", { exact: true });
  await until(async () => {
    // A list that was asked for before the edit was read is without it: one asks again.
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+.");
    return action.waitFor({ timeout: 3000 }).then(
      () => true,
      () => false,
    );
  });
  await action.click();
  await until(async () => all(await share.innerText()) === all(before) + 1);
});

await step("the server that runs is the installed one", async () => {
  const list = execFileSync("ps", ["-eo", "args="]).toString().split("\n");
  const ours = list.filter((line) => line.includes(home) && line.includes("port-lsp serve"));
  if (ours.length !== 1) {
    throw new Error(`running: ${ours.join("; ")}`);
  }
});
await step("nothing that runs has a file of the checkout open", async () => {
  const processes = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  const ours = processes.filter((pid) => of(pid, "environ").includes(`HOME=${home}\0`));
  const servers = ours.filter((pid) => of(pid, "cmdline").includes("port-lsp\0serve"));
  const checkout = join(HERE, "..", "..");
  const used = ours.flatMap((pid) => filesOf(pid).filter((file) => file.startsWith(checkout)));
  const foreign = used.filter((file) => !file.startsWith(INSTALLED));
  if (servers.length !== 1 || foreign.length > 0) {
    throw new Error(`${servers.length} servers of ${ours.length}; ${foreign.join("; ")}`);
  }
});

/** A file of a process; "" where it has ended, or isn't ours. */
function of(pid, name) {
  try {
    return readFileSync(`/proc/${pid}/${name}`, "utf8");
  } catch {
    return "";
  }
}

/** The files that a process has open, or runs in. */
function filesOf(pid) {
  try {
    const open = readdirSync(`/proc/${pid}/fd`).map((name) => `/proc/${pid}/fd/${name}`);
    const mapped = of(pid, "maps").match(/\/.*$/gm) ?? [];
    return [...open, `/proc/${pid}/cwd`].map((link) => readlinkSync(link)).concat(mapped);
  } catch {
    return []; // it has ended by now
  }
}

await workbench.stop();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
