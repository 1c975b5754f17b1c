/** A server that runs and has indexed both sides: what is to be seen then, the page shows. */
import { lenses, open } from "./editor";
import { runTests, until } from "./harness";

const NOTES = "backend/notes_app/routers/notes.py";

/** The suites of this bundle differ in their workspaces. */
export const run = () =>
  runTests({
    "the server runs": async () => {
      await open(NOTES, "get_note(");
      await until(async () => (await lenses(NOTES)).length > 0);
    },
  });
