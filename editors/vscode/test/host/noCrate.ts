/** A backend alone: everything is unported, and that is no error. */
import * as assert from "node:assert/strict";
import { commands, window } from "vscode";
import { here, lenses, open } from "./editor";
import { runTests, until } from "./harness";

const USERS = "backend/notes_app/routers/users.py";

export const run = () =>
  runTests("noCrate", {
    "lenses say that nothing is ported": async () => {
      await open(USERS);
      const found = await until(async () => {
        const now = await lenses(USERS);
        return now.length > 0 && now;
      });
      assert.deepEqual(found, [
        "1: 0 of 5 endpoints ported",
        ...[19, 24, 29, 35, 40].map((line) => `${line}: not ported`),
      ]);
    },
    "go to counterpart stays where it is": async () => {
      await open(USERS, "get_user(");
      await commands.executeCommand("portLsp.goToCounterpart");
      assert.match(here(), /^backend\/notes_app\/routers\/users\.py:25/);
      assert.equal(window.visibleTextEditors.length, 1);
    },
  });
