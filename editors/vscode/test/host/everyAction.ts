/** Every kind of action applied, and the whole workspace on the disk held against what it must be. */
import * as assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { commands, Range, window, workspace, WorkspaceEdit } from "vscode";
import { actionsAt, apply, runCommand, saveAll } from "./actions";
import { at, indexed } from "./editor";
import { folder, runTests, type Tests, until, wish } from "./harness";

const PREVIEW = "Preview: ";

type Texts = Readonly<Record<string, string>>;

/** An action, where it is, and the files that it must leave other than they were. */
interface ActionCase {
  /** What the test of it is called, and the one of its preview. */
  readonly name: string;
  readonly preview?: string;
  readonly title: string;
  readonly at: readonly [file: string, text: string];
  readonly changed: Texts;
  /** What is selected then. */
  readonly selects?: string;
}

const cases = wish().data as readonly ActionCase[];

const TESTS: Tests = Object.fromEntries([
  ...cases.map((one) => [one.name, () => leaves(one, () => apply(...one.at, one.title))] as const),
  ...cases.flatMap(({ preview, ...one }) =>
    preview === undefined ? [] : [[preview, () => leaves(one, () => accepted(one))] as const],
  ),
]);

export const run = () => runTests(TESTS, () => indexed("backend/notes_app/routers/notes.py"));

/** Applies an action, looks at the disk, and puts everything back. */
async function leaves(one: ActionCase, act: () => Promise<unknown>): Promise<void> {
  const before = texts();
  await until(() => isOffered(one)).catch(() => {
    throw new Error(`no action ${one.title}`);
  });
  try {
    await act();
    const wanted = one.changed;
    const isAsWanted = async () => {
      await saveAll(); // a command's edit comes when it comes
      return isDeepStrictEqual(changes(before), wanted);
    };
    await until(isAsWanted).catch(() => undefined);
    assert.deepEqual(changes(before), wanted);
    if (one.selects !== undefined) {
      const editor = window.activeTextEditor;
      assert.equal(editor?.document.getText(editor.selection), one.selects);
    }
  } finally {
    await restored(before, Object.keys(changes(before)));
  }
}

async function isOffered({ at: place, title }: ActionCase): Promise<boolean> {
  return (await actionsAt(...place)).some((action) => action.title === title);
}

/** Accepts the preview of an action. */
async function accepted({ at: place, title }: ActionCase): Promise<void> {
  const preview = (await actionsAt(...place)).find((one) => one.title === `${PREVIEW}${title}`);
  assert.ok(preview?.command, `no preview of ${title}`);
  await runCommand(preview.command);
  await commands.executeCommand("portLsp.acceptPreview");
}

/** What is in the files of both sides and of the configuration, by their paths. */
function texts(): Texts {
  const files = readdirSync(folder(), { recursive: true, encoding: "utf8" });
  const ours = files.filter((file) => /^(?!\.vscode|.*target\/).*\.(rs|py|toml)$/.test(file));
  return Object.fromEntries(ours.map((file) => [file, readFileSync(at(file).fsPath, "utf8")]));
}

/** The files that are other than they were, with their text now. */
function changes(before: Texts): Texts {
  const now = Object.entries(texts()).filter(([file, text]) => before[file] !== text);
  return Object.fromEntries(now);
}

/** Puts files back as they were, or away, as an edit of the editor. */
async function restored(before: Texts, files: readonly string[]): Promise<void> {
  const edit = new WorkspaceEdit();
  for (const file of files) {
    const text = before[file];
    if (text === undefined) {
      edit.deleteFile(at(file));
    } else {
      const document = await workspace.openTextDocument(at(file));
      edit.replace(document.uri, new Range(0, 0, document.lineCount, 0), text);
    }
  }
  await workspace.applyEdit(edit);
  await saveAll();
  await until(() => isDeepStrictEqual(texts(), before));
}
