/** The example in a folder whose name has spaces and letters beyond ASCII, one beyond the BMP. */
import * as assert from "node:assert/strict";
import { commands } from "vscode";
import { arrived, columns, indexed, lenses, open, put, squiggles } from "./editor";
import { counterpartOf, findingsIn, lensesIn } from "./expected";
import { runTests, until } from "./harness";

const USERS = "backend/notes_app/routers/users.py";
const RUST_USERS = "crate/src/routes/users.rs";

export const run = () =>
  runTests(
    {
      "diagnostics and lenses": async () => {
        await open(RUST_USERS);
        const found = await until(async () => {
          const now = await squiggles(RUST_USERS);
          return now.length > 0 && now;
        });
        assert.deepEqual(found, findingsIn(RUST_USERS));
        assert.deepEqual((await lenses(USERS)).slice(1), lensesIn(USERS));
      },
      "go to counterpart": async () => {
        await open(USERS, "get_user(");
        await commands.executeCommand("portLsp.goToCounterpart");
        assert.equal(await arrived(".rs"), `${counterpartOf("get_user")}: async fn get_user(`);
      },
      "ranges after letters of two UTF-16 units": async () => {
        const editor = await open(RUST_USERS);
        const wanted = findingsIn(RUST_USERS);
        await editor.edit((edit) => {
          edit.insert(put(editor, "async fn update_role"), "/* 𝒳𝒳 */ ");
        });
        try {
          await until(() => columns(RUST_USERS).includes(20));
          assert.deepEqual(await squiggles(RUST_USERS), wanted);
        } finally {
          await commands.executeCommand("workbench.action.files.revert");
        }
      },
    },
    () => indexed(USERS),
  );
