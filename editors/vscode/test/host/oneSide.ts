/** A backend alone, which nobody said is to be ported: nothing runs until there is a crate, too. */
import * as assert from "node:assert/strict";
import { cpSync } from "node:fs";
import * as path from "node:path";
import { commands } from "vscode";
import { lenses, open, servers, squiggles } from "./editor";
import { folder, runTests, until, wish } from "./harness";

const USERS = "backend/notes_app/routers/users.py";

export const run = () =>
  runTests({
    "with one side alone no server runs": async () => {
      await open(USERS, "get_user(");
      await commands.executeCommand("portLsp.showOutput"); // the extension is active by then
      assert.deepEqual(servers(), []);
      assert.deepEqual(await lenses(USERS), []);
      assert.deepEqual(await squiggles(USERS), []);
    },
    "a crate that comes later starts the server": async () => {
      const { later } = wish().data as { readonly later: string };
      cpSync(later, path.join(folder(), "crate"), {
        recursive: true,
        filter: (file) => !file.includes(`${path.sep}target`),
      });
      const found = await until(async () => {
        const now = await lenses(USERS);
        return now.length > 0 && now;
      });
      assert.equal(found[1], "19: → routes/users.rs:26 · ported");
      assert.equal(servers().length, 1);
    },
  });
