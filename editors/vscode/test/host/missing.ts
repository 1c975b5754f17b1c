/** No server runs: the editor goes on without one. What is said of it, the page shows. */
import * as assert from "node:assert/strict";
import { commands } from "vscode";
import { lenses, open, squiggles } from "./editor";
import { runTests } from "./harness";

const USERS = "backend/notes_app/routers/users.py";

export const run = () =>
  runTests("missing", {
    "nothing of ours is shown, and our commands don't throw": async () => {
      await open(USERS, "get_user(");
      await commands.executeCommand("portLsp.goToCounterpart");
      await commands.executeCommand("portLsp.previewPort", { item: "any" });
      assert.deepEqual(await lenses(USERS), []);
      assert.deepEqual(await squiggles(USERS), []);
    },
  });
