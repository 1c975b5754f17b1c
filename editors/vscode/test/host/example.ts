/** The example with everything as it should be. */
import * as assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { commands, window, workspace } from "vscode";
import { actionsAt, apply } from "./actions";
import { arrived, at, here, hover, lenses, open, put, squiggles } from "./editor";
import { report, runTests, until } from "./harness";
import { keepsInStep } from "./inStep";

const NOTES = "backend/notes_app/routers/notes.py";
const USERS = "backend/notes_app/routers/users.py";
const RUST_NOTES = "crate/src/routes/notes.rs";

const restarted = (process: string) => {
  const now = servers();
  return now.length === 1 && now[0] !== process && now[0];
};

export const run = () =>
  runTests("example", {
    "diagnostics are at the names of what isn't ported": async () => {
      await open(NOTES);
      const found = await until(async () => {
        const now = await squiggles(NOTES);
        return now.length > 0 && now;
      });
      const unported = ["37: search_notes", "75: live_note"];
      assert.deepEqual(
        found,
        unported.map((one) => one.replace(":", ": unported-endpoint:")),
      );
    },
    "lenses say how far each endpoint is": async () => {
      assert.deepEqual(await lenses(NOTES), [
        "1: 6 of 8 endpoints ported, 2 drifted",
        "22: → routes/notes.rs:57 · ported",
        "29: → routes/notes.rs:69 · ported",
        "36: not ported",
        "41: → routes/notes.rs:80 · drifted: path-drift",
        "53: → routes/notes.rs:94 · ported",
        "58: → routes/notes.rs:103 · drifted: method-drift",
        "68: → routes/notes.rs:115 · ported",
        "74: not ported",
      ]);
    },
    "a click on a lens opens the other side": async () => {
      await open(NOTES);
      const item = "notes_app/routers/notes.py::update_note";
      await commands.executeCommand("portLsp.openCounterpart", { item });
      assert.equal(await arrived(".rs"), `${RUST_NOTES}:103: async fn update_note(`);
    },
    "hover says where the counterpart is": async () => {
      const editor = await open(NOTES);
      const said = await hover(NOTES, put(editor, "get_note("));
      assert.match(said, /^\*\*`GET \/api\/v1\/notes\/\{note_id\}`\*\*/);
      assert.match(said, /\[routes\/notes\.rs:94\]\(file:.*\/crate\/src\/routes\/notes\.rs#L94\)/);
    },
    "go to counterpart, there and back": async () => {
      await open(NOTES, "get_note(");
      await commands.executeCommand("portLsp.goToCounterpart");
      assert.equal(await arrived(".rs"), `${RUST_NOTES}:94: async fn get_note(`);
      assert.ok(window.activeTextEditor?.selection.isEmpty, "typing would overwrite the name");
      await commands.executeCommand("portLsp.goToCounterpart");
      const back = `${NOTES}:54: def get_note(note_id: str, user: CurrentUser, db: DbSession) -> Note:`;
      assert.equal(await arrived(".py"), back);
    },
    "go to counterpart beside leaves this side where it is": async () => {
      await open(NOTES, "delete_note(");
      await commands.executeCommand("portLsp.goToCounterpartBeside");
      assert.equal(await arrived(".rs"), `${RUST_NOTES}:115: async fn delete_note(`);
      const columns = window.visibleTextEditors.map((editor) => here(editor).split(":")[0]);
      assert.deepEqual(columns.sort(), [NOTES, RUST_NOTES]);
      await commands.executeCommand("workbench.action.closeEditorsInOtherGroups");
      await commands.executeCommand("workbench.action.closeAllEditors");
    },
    "of what isn't ported, the place where it would go": async () => {
      await open(NOTES, "search_notes(");
      await commands.executeCommand("portLsp.goToCounterpart");
      const last = readFileSync(at(RUST_NOTES).fsPath, "utf8").split("\n").length;
      assert.equal(await arrived(".rs"), `${RUST_NOTES}:${last}: `);
    },
    "both sides in step, 30 moves": async () => {
      const { within, opening } = await keepsInStep();
      assert.equal(within.length, 30);
      report(`in step, ms: ${within.join(" ")}; with another file to open: ${opening.join(" ")}`);
      const late = within.filter((time) => time > 150);
      // A busy machine holds up some; were it our own doing, it would be most of them.
      assert.ok(late.length <= 10, `too late: ${late.join(" ")} ms`);
    },
    "every action at an endpoint that isn't ported": async () => {
      const titles = (await actionsAt(NOTES, "search_notes(")).map(({ title }) => title);
      assert.deepEqual(titles, [
        "Port GET /api/v1/notes/search to Rust",
        "Won't port GET /api/v1/notes/search, because…",
        "Preview: Port GET /api/v1/notes/search to Rust",
        "Port the rest of this file to Rust (2 items)",
        "Preview: Port the rest of this file to Rust (2 items)",
        "This is the counterpart: GET /api/v1/notes/export in routes/notes.rs:80",
        "This is the counterpart: POST /api/v1/notes/{note_id} in routes/notes.rs:103",
      ]);
    },
    "a preview from the light bulb shows what would be written, and writes nothing": async () => {
      const title = "Preview: Port GET /api/v1/notes/search to Rust";
      const action = (await actionsAt(NOTES, "search_notes(")).find((one) => one.title === title);
      await commands.executeCommand("portLsp.previewPort", action?.command?.arguments?.[0]);
      const shown = await until(() => {
        const texts = workspace.textDocuments.filter(({ uri }) => uri.scheme.endsWith("-preview"));
        return texts.length === 2 && texts.map((text) => text.getText().includes("search_notes"));
      });
      assert.deepEqual(shown.sort(), [false, true]);
      await commands.executeCommand("portLsp.discardPreview");
      assert.ok(!readFileSync(at(RUST_NOTES).fsPath, "utf8").includes("search_notes"));
    },
    "porting an endpoint reaches the disk, and the squiggle goes": async () => {
      const title = "Port GET /api/v1/notes/search to Rust";
      const changed = await apply(NOTES, "search_notes(", title);
      assert.deepEqual(changed, [RUST_NOTES]);
      await until(async () => !(await squiggles(NOTES)).join().includes("search_notes"));
      assert.match(readFileSync(at(RUST_NOTES).fsPath, "utf8"), /async fn search_notes\(/);
    },
    "a verdict reaches the configuration": async () => {
      const title = "Won't port WEBSOCKET /api/v1/notes/{note_id}/live, because…";
      assert.deepEqual(await apply(NOTES, "live_note(", title), ["port-lsp.toml"]);
      await until(async () => (await squiggles(NOTES)).length === 0);
      const ofLive = async () => (await lenses(NOTES)).find((lens) => lens.startsWith("74: "));
      assert.equal(
        await until(async () => (await ofLive()) !== "74: not ported" && ofLive()),
        "74: won't be ported: say why",
      );
    },
    "a killed server is started again": async () => {
      const [process = ""] = servers();
      execFileSync("kill", ["-9", process]);
      await until(() => restarted(process));
      await until(async () => (await lenses(USERS).catch(() => [])).length > 0);
      assert.match((await lenses(USERS)).join("\n"), /^1: .* endpoints ported/);
    },
    "the server can be started anew": async () => {
      const [process = ""] = servers();
      await commands.executeCommand("portLsp.restart");
      await until(() => restarted(process));
      await until(async () => (await lenses(USERS)).length > 0);
    },
  });

/** The processes of the servers that this extension host started. */
function servers(): string[] {
  const list = execFileSync("ps", ["-o", "pid=,args=", "--ppid", String(process.pid)]);
  const lines = list
    .toString()
    .split("\n")
    .filter((line) => line.includes("port-lsp serve"));
  return lines.map((line) => line.trim().split(" ")[0] ?? "");
}
