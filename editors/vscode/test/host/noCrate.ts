/** A backend alone: everything is unported, and that is no error. */
import * as assert from "node:assert/strict";
import { indexed, lenses, open } from "./editor";
import { lensesIn } from "./expected";
import { runTests, until } from "./harness";

const USERS = "backend/notes_app/routers/users.py";

export const run = () =>
  runTests(
    {
      "lenses say that nothing is ported": async () => {
        await open(USERS);
        const found = await until(async () => {
          const now = await lenses(USERS);
          return now.length > 0 && now;
        });
        assert.equal(found.length, 6);
        assert.deepEqual(found, [
          `1: 0 of ${lensesIn(USERS).length} endpoints ported`,
          ...lensesIn(USERS),
        ]);
      },
    },
    () => indexed(USERS),
  );
