/** What a person sees and does, in words of the editor's API. */
import { execFileSync } from "node:child_process";
import * as path from "node:path";
import {
  type CodeLens,
  commands,
  type Diagnostic,
  type Hover,
  languages,
  MarkdownString,
  Position,
  Selection,
  type TextEditor,
  Uri,
  window,
  workspace,
} from "vscode";
import { folder, until } from "./harness";

/** The URI of a file of the workspace. */
export function at(file: string): Uri {
  return Uri.file(path.join(folder(), file));
}

/** Opens a file and puts the cursor at the start of a text in it. */
export async function open(file: string, text?: string): Promise<TextEditor> {
  const editor = await window.showTextDocument(await workspace.openTextDocument(at(file)));
  if (text !== undefined) {
    put(editor, text);
  }
  return editor;
}

/** Puts the cursor at the start of a text, which must be there. */
export function put(editor: TextEditor, text: string): Position {
  const offset = editor.document.getText().indexOf(text);
  if (offset < 0) {
    throw new Error(`${editor.document.fileName} has no ${text}`);
  }
  const position = editor.document.positionAt(offset);
  editor.selection = new Selection(position, position);
  return position;
}

/** The diagnostics of ours in a file, as `line: code: the text that is underlined`, sorted. */
export async function squiggles(file: string): Promise<string[]> {
  const document = await workspace.openTextDocument(at(file));
  return languages
    .getDiagnostics(document.uri)
    .filter(({ source }) => source === "port-lsp")
    .map((one) => `${one.range.start.line + 1}: ${codeOf(one)}: ${document.getText(one.range)}`)
    .sort();
}

/** The columns at which the diagnostics of a file begin. */
export function columns(file: string): number[] {
  return languages.getDiagnostics(at(file)).map(({ range }) => range.start.character);
}

function codeOf({ code }: Diagnostic): string {
  return String(typeof code === "object" ? code.value : code);
}

/** The lenses of a file, as `line: title`. */
export async function lenses(file: string): Promise<string[]> {
  await workspace.openTextDocument(at(file));
  const found = await commands.executeCommand<CodeLens[]>(
    "vscode.executeCodeLensProvider",
    at(file),
    1000,
  );
  return found
    .filter(({ command }) => command?.command.startsWith("portLsp."))
    .map(({ range, command }) => `${range.start.line + 1}: ${command?.title ?? ""}`);
}

/** What our hover says at a position. */
export async function hover(file: string, position: Position): Promise<string> {
  const provider = "vscode.executeHoverProvider";
  const found = await commands.executeCommand<Hover[]>(provider, at(file), position);
  return found
    .flatMap(({ contents }) => contents)
    .map((content) => (content instanceof MarkdownString ? content.value : ""))
    .join("\n");
}

/** Where the active editor is: `file:line: the line's text`. */
export function here(editor = window.activeTextEditor): string {
  if (editor === undefined) {
    return "nowhere";
  }
  const { line } = editor.selection.active;
  const file = path.relative(folder(), editor.document.uri.fsPath);
  return `${file}:${line + 1}: ${editor.document.lineAt(line).text.trim()}`;
}

/** Waits until the active editor is in a file of that ending. */
export async function arrived(ending: string): Promise<string> {
  return await until(() => here().split(":")[0]?.endsWith(ending) && here());
}

/** The processes of the servers that this extension host started. */
export function servers(): string[] {
  const list = execFileSync("ps", ["-o", "pid=,args=", "--ppid", String(process.pid)]);
  const lines = list
    .toString()
    .split("\n")
    .filter((line) => line.includes("port-lsp serve"));
  return lines.map((line) => line.trim().split(" ")[0] ?? "");
}

/** Waits until the server has something to say of a file, whatever it is. */
export async function indexed(file: string): Promise<void> {
  await open(file);
  await until(
    async () => (await lenses(file)).length > 0 || (await squiggles(file)).length > 0,
    60_000,
  );
}
