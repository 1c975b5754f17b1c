/** The two sides as two folders of one window, which have nothing else in common. */
import * as assert from "node:assert/strict";
import { commands, workspace } from "vscode";
import { arrived, indexed, lenses, open, servers, squiggles } from "./editor";
import { runTests, until } from "./harness";

const USERS = "notes_app/routers/users.py"; // below the first folder
const RUST_USERS = "../../another/crate/src/routes/users.rs";

export const run = () =>
  runTests(
    {
      "one server serves both folders": async () => {
        await open(USERS);
        const found = await until(async () => {
          const now = await lenses(USERS);
          return now.length > 0 && now;
        });
        assert.equal(workspace.workspaceFolders?.length, 2);
        assert.equal(found[1], "19: → routes/users.rs:26 · ported");
        assert.equal(servers().length, 1);
      },
      "from one folder to the other, which has its diagnostics": async () => {
        await open(USERS, "get_user(");
        await commands.executeCommand("portLsp.goToCounterpart");
        assert.equal(await arrived(".rs"), `${RUST_USERS}:34: async fn get_user(`);
        await until(async () => (await squiggles(RUST_USERS)).length > 0);
        assert.ok((await squiggles(RUST_USERS)).includes("52: stub-endpoint: update_role"));
      },
    },
    async () => {
      // The host may begin before it has read which folders there are.
      await until(() => workspace.workspaceFolders?.length === 2);
      await indexed(USERS);
    },
  );
