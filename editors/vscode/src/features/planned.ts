/** Marks the place where an item that isn't ported would go, until the cursor moves on. */
import { Disposable, Range, type TextEditor, ThemeColor, window } from "vscode";

const decoration = window.createTextEditorDecorationType({
  isWholeLine: true,
  backgroundColor: new ThemeColor("diffEditor.insertedLineBackground"),
});
let marked: { readonly editor: TextEditor; readonly line: number } | undefined;

/** Says in a line, after its text, what would go there. */
export function markPlanned(editor: TextEditor, line: number, title: string): void {
  clear();
  const after = {
    contentText: `← ${title}`,
    color: new ThemeColor("editorCodeLens.foreground"),
    margin: "0 0 0 2em",
  };
  editor.setDecorations(decoration, [
    { range: new Range(line, 0, line, 0), renderOptions: { after } },
  ]);
  marked = { editor, line };
}

/** Takes the mark away when the cursor leaves the line. */
export function plannedMark(): Disposable {
  return Disposable.from(
    decoration,
    window.onDidChangeTextEditorSelection(({ textEditor, selections }) => {
      if (textEditor === marked?.editor && selections[0]?.active.line !== marked.line) {
        clear();
      }
    }),
  );
}

function clear(): void {
  marked?.editor.setDecorations(decoration, []);
  marked = undefined;
}
