/** Marks beside the line numbers: how far the item of a line is, on both sides. */
import {
  Disposable,
  OverviewRulerLane,
  Range,
  type TextEditor,
  type TextEditorDecorationType,
  ThemeColor,
  Uri,
  window,
  workspace,
} from "vscode";
import type { PlanModel } from "../plan/model";
import { WORDS } from "../plan/shares";
import type { Word } from "../protocol";
import { isOn, SECTION } from "../settings";
import { hasSides } from "./counterparts";

// An icon of a gutter can't follow a theme's colours: these are readable on light and dark.
const COLORS: Readonly<Record<Word, string>> = {
  ported: "#3a9d5d",
  drifted: "#d9822b",
  stub: "#c9a400",
  unported: "#d64545",
  ignored: "#8a8a8a",
};

// The shapes differ as well: not everybody tells the colours apart.
const SHAPES: Readonly<Record<Word, string>> = {
  ported: '<circle cx="8" cy="8" r="4" fill="COLOR"/>',
  drifted: '<path d="M8 3.5 12.5 12h-9z" fill="COLOR"/>',
  stub: '<circle cx="8" cy="8" r="3.5" fill="none" stroke="COLOR" stroke-width="1.6"/>',
  unported: '<path d="M4.5 4.5l7 7m0-7-7 7" stroke="COLOR" stroke-width="1.8"/>',
  ignored: '<path d="M4.5 8h7" stroke="COLOR" stroke-width="1.8"/>',
};

/** Shows the marks while the setting is on. */
export function gutterMarks(model: PlanModel): Disposable {
  const types = new Map(WORDS.map((word) => [word, markOf(word)]));
  const refresh = () => {
    for (const editor of window.visibleTextEditors.filter((one) => hasSides(one.document))) {
      mark(editor, isOn("gutter") ? linesOf(model, editor) : new Map<Word, number[]>(), types);
    }
  };
  return Disposable.from(
    ...types.values(),
    model.onDidChange(refresh),
    workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(`${SECTION}.gutter`)) {
        refresh();
      }
    }),
  );
}

/** The lines that each word's mark is in. A line has one mark: the first of WORDS counts. */
export function linesOf(model: PlanModel, { document }: TextEditor): Map<Word, number[]> {
  const words = new Map<number, Word>();
  for (const { item, line } of model.itemsIn(document.uri)) {
    const there = words.get(line);
    if (there === undefined || WORDS.indexOf(item.word) < WORDS.indexOf(there)) {
      words.set(line, item.word);
    }
  }
  const lines = new Map<Word, number[]>();
  for (const [line, word] of words) {
    lines.set(word, [...(lines.get(word) ?? []), line]);
  }
  return lines;
}

function mark(
  editor: TextEditor,
  lines: ReadonlyMap<Word, readonly number[]>,
  types: ReadonlyMap<Word, TextEditorDecorationType>,
): void {
  for (const [word, type] of types) {
    const ranges = (lines.get(word) ?? []).map((line) => new Range(line, 0, line, 0));
    editor.setDecorations(type, ranges);
  }
}

function markOf(word: Word): TextEditorDecorationType {
  const shape = SHAPES[word].replace("COLOR", COLORS[word]);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16">${shape}</svg>`;
  const data = Buffer.from(svg).toString("base64");
  const ruler = word === "ignored" || word === "ported" ? undefined : `portLsp.${word}`;
  return window.createTextEditorDecorationType({
    gutterIconPath: Uri.parse(`data:image/svg+xml;base64,${data}`),
    gutterIconSize: "contain",
    ...(ruler === undefined
      ? {}
      : {
          overviewRulerColor: new ThemeColor(ruler),
          overviewRulerLane: OverviewRulerLane.Left,
        }),
  });
}
