/** No server is installed: the editor goes on without one, and takes one that is named later. */
import * as assert from "node:assert/strict";
import { commands, workspace } from "vscode";
import { lenses, open, squiggles } from "./editor";
import { runTests, until } from "./harness";

const USERS = "backend/notes_app/routers/users.py";

export const run = () =>
  runTests({
    "without a server nothing of ours is shown, and our commands don't throw": async () => {
      await open(USERS, "get_user(");
      await commands.executeCommand("portLsp.goToCounterpart");
      await commands.executeCommand("portLsp.previewPort", { item: "any" });
      assert.deepEqual(await lenses(USERS), []);
      assert.deepEqual(await squiggles(USERS), []);
    },
    "a server that is named by then is started": async () => {
      const settings = workspace.getConfiguration("portLsp");
      await settings.update("server.path", process.env.PORT_LSP_TEST_SERVER);
      try {
        const found = await until(async () => {
          const now = await lenses(USERS);
          return now.length > 0 && now;
        });
        assert.match(found[0] ?? "", /^1: \d+ of \d+ endpoints ported/);
      } finally {
        await settings.update("server.path", "");
      }
      await until(async () => (await lenses(USERS)).length === 0);
    },
  });
