/** In step: as the cursor moves on one side, the other side is shown in another column. */
import {
  CancellationTokenSource,
  commands,
  ConfigurationTarget,
  Disposable,
  type Selection,
  type TextEditor,
  TextEditorRevealType,
  ThemeColor,
  ViewColumn,
  window,
  workspace,
} from "vscode";
import type { Server } from "../server/server";
import { isOn, SECTION } from "../settings";
import { counterparts, hasSides, type Place } from "./counterparts";

const PAUSE = 30; // milliseconds: a held arrow key asks once, and there is time left of 150

/** Follows the cursor while the setting is on. */
export function inStep(server: Server): Disposable {
  const highlight = window.createTextEditorDecorationType({
    backgroundColor: new ThemeColor("editor.rangeHighlightBackground"),
    isWholeLine: true,
  });
  let timer: NodeJS.Timeout | undefined;
  let asking: CancellationTokenSource | undefined;

  const follow = (editor: TextEditor | undefined) => {
    clearTimeout(timer);
    asking?.cancel();
    if (isOn("inStep") && editor !== undefined && hasSides(editor.document)) {
      timer = setTimeout(() => void show(editor, editor.selection), PAUSE);
    }
  };
  const show = async (editor: TextEditor, { active }: Selection) => {
    const { token } = (asking = new CancellationTokenSource());
    // A request that the next move cancels is none that failed.
    const places = await counterparts(server, editor.document, active, token).catch(() => []);
    const [place] = places;
    if (place !== undefined && !token.isCancellationRequested) {
      const other = await reveal(place, editor);
      other.setDecorations(highlight, [place.range]);
    }
  };
  return Disposable.from(
    highlight,
    new Disposable(() => {
      clearTimeout(timer);
    }),
    window.onDidChangeTextEditorSelection(({ textEditor }) => {
      // What we show ourselves moves a cursor, too, but not in the editor that has the focus.
      if (textEditor === window.activeTextEditor) {
        follow(textEditor);
      }
    }),
    workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(`${SECTION}.inStep`)) {
        follow(window.activeTextEditor);
        for (const editor of isOn("inStep") ? [] : window.visibleTextEditors) {
          editor.setDecorations(highlight, []);
        }
      }
    }),
    commands.registerCommand("portLsp.toggleInStep", toggle),
  );
}

/** Brings a place into view without taking the focus: where its file is, else in the column that
 * has the other side, else beside. */
async function reveal({ uri, range }: Place, from: TextEditor): Promise<TextEditor> {
  const others = window.visibleTextEditors.filter(
    (editor) => editor.viewColumn !== from.viewColumn && editor.viewColumn !== undefined,
  );
  const same = others.find((editor) => editor.document.uri.toString() === uri.toString());
  if (same !== undefined) {
    same.revealRange(range, TextEditorRevealType.InCenterIfOutsideViewport);
    return same;
  }
  const column = others.find((editor) => hasSides(editor.document))?.viewColumn;
  const viewColumn = column ?? ViewColumn.Beside;
  const document = await workspace.openTextDocument(uri);
  const editor = await window.showTextDocument(document, {
    viewColumn,
    preserveFocus: true,
    preview: true,
  });
  editor.revealRange(range, TextEditorRevealType.InCenterIfOutsideViewport);
  return editor;
}

async function toggle(): Promise<void> {
  const now = !isOn("inStep");
  const target = ConfigurationTarget.Workspace;
  await workspace.getConfiguration(SECTION).update("inStep", now, target);
  const said = now ? "Both sides are in step." : "Both sides are no longer in step.";
  window.setStatusBarMessage(`$(arrow-swap) ${said}`, 3000);
}
