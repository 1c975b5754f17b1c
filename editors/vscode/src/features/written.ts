/** Shows what a port wrote, when the server's edit has come. */
import { setTimeout as pause } from "node:timers/promises";
import { Range, type TextDocument, Uri, window, workspace } from "vscode";
import type { Preview } from "../protocol";

const TRIES = 50;
const WAIT = 100; // milliseconds between two looks

/** Opens a file that a port changes, at the first line that is another. */
export async function showWritten({ uri, before, after }: Preview): Promise<void> {
  const document = await changed(Uri.parse(uri), before ?? "");
  if (document !== undefined) {
    const [old, now] = [before ?? "", after].map((text) => text.split(/\r?\n/));
    const line = Math.max(now?.findIndex((text, at) => text !== old?.[at]) ?? 0, 0);
    const selection = new Range(line, 0, line, 0);
    await window.showTextDocument(document, { selection, preview: false });
  }
}

/** The document, once its text isn't what it was; undefined where that doesn't come. */
async function changed(uri: Uri, before: string): Promise<TextDocument | undefined> {
  const text = before.replaceAll("\r\n", "\n");
  for (let look = 0; look < TRIES; look += 1) {
    const document = await workspace.openTextDocument(uri).then(
      (found) => found,
      () => undefined, // a file that is still to be made
    );
    if (document !== undefined && document.getText().replaceAll("\r\n", "\n") !== text) {
      return document;
    }
    await pause(WAIT);
  }
  return undefined;
}
