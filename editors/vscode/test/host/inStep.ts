/** Scripted moves of the cursor between handlers, and how long the other side took to follow. */
import { setTimeout as pause } from "node:timers/promises";
import { commands, Selection, type TextEditor, ViewColumn, window, workspace } from "vscode";
import { at } from "./editor";
import { until } from "./harness";

/** The handlers of two pairs of files. */
const HANDLERS: Readonly<Record<string, readonly string[]>> = {
  notes: ["list_notes", "update_note", "create_note", "delete_note", "export_notes", "get_note"],
  users: ["list_users", "delete_user", "get_user", "list_user_notes"],
};

/** What a move may take, in milliseconds, and how often a late one may be tried again: a machine
 * that does something else may hold up one, not the same one again and again. */
const BOUND = 150;
const TRIES = 3;

export interface Times {
  /** Milliseconds of the moves between handlers of the files that are shown, at the first try. */
  readonly within: readonly number[];
  /** The moves that were late each time. */
  readonly late: readonly string[];
  /** Milliseconds where the other side was another file before, or none. */
  readonly opening: readonly number[];
}

/** 30 moves over 10 handlers, from either side. */
export async function keepsInStep(): Promise<Times> {
  await commands.executeCommand("workbench.action.closeAllEditors");
  await commands.executeCommand("portLsp.toggleInStep");
  try {
    return await moves();
  } finally {
    await commands.executeCommand("portLsp.toggleInStep");
    await commands.executeCommand("workbench.action.closeAllEditors");
  }
}

async function moves(): Promise<Times> {
  const [within, opening, late]: [number[], number[], string[]] = [[], [], []];
  for (const [part, names] of Object.entries(HANDLERS)) {
    for (const isPython of [true, false]) {
      let last = names.at(-1) ?? "";
      opening.push(await moveTo(part, last, isPython));
      for (const name of [...names, ...names.slice(0, names.length / 2)]) {
        const tries = [await moveTo(part, name, isPython)];
        within.push(...tries);
        while ((tries.at(-1) ?? 0) > BOUND && tries.length < TRIES) {
          await moveTo(part, last, isPython);
          tries.push(await moveTo(part, name, isPython));
        }
        if ((tries.at(-1) ?? 0) > BOUND) {
          late.push(`${name} of ${part} from ${isPython ? "Python" : "Rust"}: ${tries.join(", ")}`);
        }
        last = name;
      }
    }
  }
  return { within, opening, late };
}

async function moveTo(part: string, name: string, isPython: boolean): Promise<number> {
  const python = { file: `backend/notes_app/routers/${part}.py`, text: `def ${name}(` };
  const rust = { file: `crate/src/routes/${part}.rs`, text: `fn ${name}(` };
  const [mine, other] = isPython ? [python, rust] : [rust, python];
  const document = await workspace.openTextDocument(at(mine.file));
  const viewColumn = isPython ? ViewColumn.One : ViewColumn.Two;
  const editor = await window.showTextDocument(document, { viewColumn, preview: false });
  await pause(250); // the move is timed, not the opening before it
  const cursor = document.positionAt(
    document.getText().indexOf(mine.text) + mine.text.indexOf(name),
  );
  const begin = Date.now();
  editor.selection = new Selection(cursor, cursor);
  await until(() => isAt(other.file, other.text, editor), 3000).catch(() => {
    throw new Error(`at ${name} of ${mine.file} the other side isn't at ${other.file}`);
  });
  return Date.now() - begin;
}

function isAt(file: string, text: string, not: TextEditor): boolean {
  const editor = window.visibleTextEditors.find(
    (one) => one !== not && one.document.uri.toString() === at(file).toString(),
  );
  const line = editor?.selection.active.line;
  return line !== undefined && editor?.document.lineAt(line).text.includes(text) === true;
}
