/** In step: as the cursor moves on one side, the other side is shown in another column. */
import {
  CancellationTokenSource,
  commands,
  ConfigurationTarget,
  Disposable,
  Selection,
  type TextEditor,
  TextEditorRevealType,
  ThemeColor,
  type Uri,
  ViewColumn,
  window,
  workspace,
} from "vscode";
import type { Server } from "../server/server";
import { isOn, SECTION } from "../settings";
import { counterparts, hasSides, type Place } from "./counterparts";

/** Follows the cursor while the setting is on. */
export function inStep(server: Server): Disposable {
  const highlight = window.createTextEditorDecorationType({
    backgroundColor: new ThemeColor("editor.rangeHighlightBackground"),
    isWholeLine: true,
  });
  let asking: CancellationTokenSource | undefined;

  const follow = async (editor: TextEditor | undefined) => {
    asking?.cancel();
    if (!isOn("inStep") || editor === undefined || !hasSides(editor.document)) {
      return;
    }
    const { token } = (asking = new CancellationTokenSource());
    const { document, selection } = editor;
    // A request that the next move cancels is none that failed.
    const places = await counterparts(server, document, selection.active, token).catch(() => []);
    const [place] = places;
    if (place !== undefined && !token.isCancellationRequested) {
      const other = await reveal(place, editor);
      other.setDecorations(highlight, [place.range]);
    }
  };
  return Disposable.from(
    highlight,
    window.onDidChangeTextEditorSelection(({ textEditor }) => {
      // What we show ourselves moves a cursor, too, but not in the editor that has the focus.
      if (textEditor === window.activeTextEditor) {
        void follow(textEditor);
      }
    }),
    workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(`${SECTION}.inStep`)) {
        void follow(window.activeTextEditor);
        for (const editor of isOn("inStep") ? [] : window.visibleTextEditors) {
          editor.setDecorations(highlight, []);
        }
      }
    }),
    commands.registerCommand("portLsp.toggleInStep", toggle),
  );
}

/** Brings a place into view without taking the focus: where its file is, else in the column that
 * has the other side, else beside. The cursor there goes along. */
async function reveal({ uri, range }: Place, from: TextEditor): Promise<TextEditor> {
  const others = window.visibleTextEditors.filter(
    (editor) => editor.viewColumn !== from.viewColumn && hasSides(editor.document),
  );
  const same = others.find((editor) => editor.document.uri.toString() === uri.toString());
  const editor = same ?? (await show(uri, others[0]?.viewColumn ?? ViewColumn.Beside));
  editor.selection = new Selection(range.start, range.start);
  editor.revealRange(range, TextEditorRevealType.InCenterIfOutsideViewport);
  return editor;
}

async function show(uri: Uri, viewColumn: ViewColumn): Promise<TextEditor> {
  const document = await workspace.openTextDocument(uri);
  return await window.showTextDocument(document, {
    viewColumn,
    preserveFocus: true,
    preview: true,
  });
}

async function toggle(): Promise<void> {
  const now = !isOn("inStep");
  const target = ConfigurationTarget.Workspace;
  await workspace.getConfiguration(SECTION).update("inStep", now, target);
  const said = now ? "Both sides are in step." : "Both sides are no longer in step.";
  window.setStatusBarMessage(`$(arrow-swap) ${said}`, 3000);
}
