/** A server that is too old: it is asked for its version, and never to serve. */
import * as assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { commands, workspace } from "vscode";
import { lenses, open, squiggles } from "./editor";
import { runTests, until } from "./harness";

const USERS = "backend/notes_app/routers/users.py";

export const run = () =>
  runTests({
    "a server that is too old is asked for its version, and never to serve": async () => {
      await open(USERS, "get_user(");
      const asked = () => readFileSync(`${program()}.asked`, "utf8").trim().split("\n");
      const before = (await until(() => asked())).length;
      await commands.executeCommand("portLsp.restart");
      assert.deepEqual(asked(), Array(before + 1).fill("--version"));
      assert.deepEqual(await lenses(USERS), []);
      assert.deepEqual(await squiggles(USERS), []);
    },
  });

/** The program that the settings name; beside it is a list of what it was asked. */
function program(): string {
  return workspace.getConfiguration("portLsp").get("server.path", "");
}
