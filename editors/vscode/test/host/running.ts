/** A server that runs and has indexed both sides: what is to be seen then, the page shows. */
import { indexed, open } from "./editor";
import { runTests } from "./harness";

const NOTES = "backend/notes_app/routers/notes.py";

/** The suites of this bundle differ in their workspaces. */
export const run = () =>
  runTests({}, async () => {
    await indexed(NOTES);
    await open(NOTES, "get_note(");
  });
