/** The example with everything as it should be. */
import * as assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { loadavg } from "node:os";
import { isDeepStrictEqual } from "node:util";
import { commands, window, workspace } from "vscode";
import { actionsAt, apply } from "./actions";
import { arrived, at, here, hover, indexed, lenses, open, put, servers, squiggles } from "./editor";
import { counterpartOf, findingsIn, lensesIn } from "./expected";
import { report, runTests, type Tests, until } from "./harness";
import { keepsInStep } from "./inStep";
import { isInTime, keystrokes } from "./keystrokes";
import { distribution } from "./times";

const NOTES = "backend/notes_app/routers/notes.py";
const USERS = "backend/notes_app/routers/users.py";
const RUST_NOTES = "crate/src/routes/notes.rs";

/** Files of both sides that have findings. */
const FILES = [
  "backend/notes_app/models/comments.py",
  "backend/notes_app/routers/auths.py",
  "backend/notes_app/routers/comments.py",
  "crate/src/routes/mod.rs",
  "crate/src/routes/folders.rs",
  "crate/src/routes/users.rs",
];

const load = () => loadavg()[0]?.toFixed(1) ?? "?";

const restarted = (process: string) => {
  const now = servers();
  return now.length === 1 && now[0] !== process && now[0];
};

const TESTS: Tests = {
  "diagnostics are at the names of what isn't ported": async () => {
    await open(NOTES);
    const found = await until(async () => {
      const now = await squiggles(NOTES);
      return now.length > 0 && now;
    });
    assert.equal(found.length, 2);
    assert.deepEqual(found, findingsIn(NOTES));
  },
  "every file has the findings of the command line": async () => {
    for (const file of FILES) {
      await open(file);
      const wanted = findingsIn(file);
      assert.ok(wanted.length > 0);
      const is = async () => isDeepStrictEqual(await squiggles(file), wanted);
      await until(is).catch(() => undefined);
      assert.deepEqual(await squiggles(file), wanted);
    }
  },
  "lenses say how far each endpoint is": async () => {
    await open(NOTES);
    const found = await until(async () => {
      const now = await lenses(NOTES);
      return now.length > 0 && now;
    });
    assert.deepEqual(found, ["1: 6 of 8 endpoints ported, 2 drifted", ...lensesIn(NOTES)]);
  },
  "a click on a lens opens the other side": async () => {
    await open(NOTES);
    const item = "notes_app/routers/notes.py::update_note";
    await commands.executeCommand("portLsp.openCounterpart", { item });
    assert.equal(await arrived(".rs"), `${counterpartOf("update_note")}: async fn update_note(`);
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
    assert.equal(await arrived(".rs"), `${counterpartOf("get_note")}: async fn get_note(`);
    assert.ok(window.activeTextEditor?.selection.isEmpty, "typing would overwrite the name");
    await commands.executeCommand("portLsp.goToCounterpart");
    const back = `${NOTES}:54: def get_note(note_id: str, user: CurrentUser, db: DbSession) -> Note:`;
    assert.equal(await arrived(".py"), back);
  },
  "go to counterpart beside leaves this side where it is": async () => {
    await open(NOTES, "delete_note(");
    await commands.executeCommand("portLsp.goToCounterpartBeside");
    assert.equal(await arrived(".rs"), `${counterpartOf("delete_note")}: async fn delete_note(`);
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
    const { within, opening, late } = await keepsInStep();
    assert.equal(within.length, 30);
    report(`in step, first tries: ${distribution(within)}; load ${load()}`);
    report(`where another file had to be opened: ${opening.join(" ")} ms`);
    assert.deepEqual(late, []);
  },
  "a keystroke changes the lens": async () => {
    const tries = await keystrokes();
    for (const times of tries) {
      report(`keystroke to another lens: ${distribution(times)}; load ${load()}`);
    }
    assert.ok(tries.some(isInTime));
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
      const sides = ["before", "after"].map((side) =>
        texts
          .filter(({ uri }) => uri.query.endsWith(side))
          .map((text) => text.getText())
          .join("\n"),
      );
      return texts.length === 4 && sides.map((text) => text.includes("search_notes"));
    });
    assert.deepEqual(shown, [false, true]);
    await commands.executeCommand("portLsp.discardPreview");
    assert.ok(!readFileSync(at(RUST_NOTES).fsPath, "utf8").includes("search_notes"));
  },
  "porting an endpoint reaches the disk, and the squiggle goes": async () => {
    const title = "Port GET /api/v1/notes/search to Rust";
    const changed = await apply(NOTES, "search_notes(", title);
    assert.deepEqual(changed, ["crate/src/models/note.rs", RUST_NOTES]);
    await until(async () => !(await squiggles(NOTES)).join().includes("search_notes"));
    assert.match(readFileSync(at(RUST_NOTES).fsPath, "utf8"), /async fn search_notes\(/);
  },
  "a verdict reaches the configuration": async () => {
    const title = "Won't port WEBSOCKET /api/v1/notes/{note_id}/live, because…";
    assert.deepEqual(await apply(NOTES, "live_note(", title), ["port-lsp.toml"]);
    await until(async () => !(await squiggles(NOTES)).join().includes("live_note"));
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
};

export const run = () => runTests(TESTS, () => indexed(NOTES));
