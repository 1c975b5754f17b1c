/** Code actions as a person gets them: listed at a place, chosen, saved. */
import { type CodeAction, type Command, commands, Range, workspace } from "vscode";
import { at, open } from "./editor";

/** Ours among the actions at a text of a file. With edits where `resolved` (slower). */
export async function actionsAt(file: string, text: string, resolved = 0): Promise<CodeAction[]> {
  const { active } = (await open(file, text)).selection;
  const found = await commands.executeCommand<CodeAction[]>(
    "vscode.executeCodeActionProvider",
    at(file),
    new Range(active, active),
    undefined,
    resolved,
  );
  return found.filter(({ kind }) => kind !== undefined && /port|quickfix/.test(kind.value));
}

/** Applies an action by its title and saves; the files that are other on disk now. */
export async function apply(file: string, text: string, title: string): Promise<string[]> {
  const action = (await actionsAt(file, text, 100)).find((one) => one.title === title);
  if (action?.edit === undefined) {
    throw new Error(`no action ${title}, or it changes nothing`);
  }
  await workspace.applyEdit(action.edit, { isRefactoring: false });
  if (action.command !== undefined) {
    await runCommand(action.command);
  }
  return await saveAll();
}

/** Runs the command of an action or a lens. */
export async function runCommand({ command, arguments: given = [] }: Command): Promise<void> {
  await commands.executeCommand(command, ...(given as unknown[]));
}

/** Saves what is to be saved; those files. */
export async function saveAll(): Promise<string[]> {
  const changed = workspace.textDocuments.filter((document) => document.isDirty);
  await Promise.all(changed.map((document) => document.save()));
  return changed.map((document) => workspace.asRelativePath(document.uri)).sort();
}
