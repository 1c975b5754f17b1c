/** The view Port plan: steps, under each its files, under each its items. */
import * as path from "node:path/posix";
import {
  EventEmitter,
  MarkdownString,
  ThemeColor,
  ThemeIcon,
  type TreeDataProvider,
  TreeItem,
  TreeItemCollapsibleState,
  Uri,
} from "vscode";
import type { PlanFile, PlanItem, PlanStep, Word } from "../protocol";
import type { PlanModel } from "./model";
import { rest, said, share, WORDS } from "./shares";

export type Node =
  | { readonly kind: "step"; readonly step: PlanStep; readonly at: number }
  | { readonly kind: "file"; readonly file: PlanFile }
  | { readonly kind: "item"; readonly item: PlanItem };

const ICONS: Readonly<Record<Word, string>> = {
  ported: "pass-filled",
  drifted: "warning",
  stub: "circle-large-outline",
  unported: "circle-slash",
  ignored: "dash",
};

export class PlanTree implements TreeDataProvider<Node> {
  private readonly changed = new EventEmitter<undefined>();
  private words: ReadonlySet<Word> = new Set(WORDS);

  readonly onDidChangeTreeData = this.changed.event;

  constructor(private readonly model: PlanModel) {}

  /** The words whose items are shown. */
  get filter(): ReadonlySet<Word> {
    return this.words;
  }

  set filter(words: ReadonlySet<Word>) {
    this.words = words;
    this.refresh();
  }

  refresh(): void {
    this.changed.fire(undefined);
  }

  getChildren(node?: Node): Node[] {
    if (node === undefined) {
      const steps = this.model.plan.steps.filter((step) => step.files.some((f) => this.shows(f)));
      return steps.map((step, at) => ({ kind: "step", step, at }));
    }
    if (node.kind === "step") {
      const files = node.step.files.filter((file) => this.shows(file));
      return files.map((file) => ({ kind: "file", file }));
    }
    if (node.kind === "file") {
      const items = node.file.items.filter(({ word }) => this.words.has(word));
      return items.map((item) => ({ kind: "item", item }));
    }
    return [];
  }

  getTreeItem(node: Node): TreeItem {
    switch (node.kind) {
      case "step":
        return stepItem(node.step, node.at);
      case "file":
        return fileItem(node.file);
      case "item":
        return itemItem(node.item);
    }
  }

  private shows(file: PlanFile): boolean {
    return file.items.some(({ word }) => this.words.has(word));
  }
}

function stepItem(step: PlanStep, at: number): TreeItem {
  const items = step.files.flatMap((file) => file.items);
  const shown = new TreeItem(step.title, TreeItemCollapsibleState.Expanded);
  shown.id = `step ${at} ${step.title}`; // a guide may call two steps the same
  shown.description = said(share(items));
  shown.tooltip = rest(items);
  return shown;
}

function fileItem({ file, uri, items, complexity, effort }: PlanFile): TreeItem {
  const shown = new TreeItem(path.basename(file), TreeItemCollapsibleState.Collapsed);
  const { done, total } = share(items);
  shown.id = `file ${file}`;
  shown.resourceUri = Uri.parse(uri);
  const progress = total > 0 ? said({ done, total }) : "ignored";
  const lasts = [complexity, effort].filter(Boolean).join(", ");
  shown.description = [progress, lasts, path.dirname(file)].filter(Boolean).join(" · ");
  shown.tooltip = [file, lasts, rest(items)].filter(Boolean).join(": ");
  shown.iconPath = new ThemeIcon(done === total ? "pass" : "file-code");
  shown.contextValue = "file";
  return shown;
}

function itemItem(item: PlanItem): TreeItem {
  const { id, kind, title, word, drift, counterpart } = item;
  const shown = new TreeItem(title, TreeItemCollapsibleState.None);
  shown.id = `${kind} ${id}`;
  const state = drift.length > 0 ? drift.join(", ") : word;
  shown.description = kind === "endpoint" ? state : `${kind} · ${state}`; // a route says what it is
  const where = counterpart && `→ ${counterpart.file}:${counterpart.line + 1}`;
  shown.tooltip = new MarkdownString(
    [`**${title}**`, `${kind} · ${[word, ...drift].join(" · ")}`, where]
      .filter(Boolean)
      .join("\n\n"),
  );
  shown.iconPath = new ThemeIcon(ICONS[word], color(word));
  shown.contextValue = contextOf(item);
  shown.command = { command: "portLsp.openPlanItem", title: "Open", arguments: [item] };
  return shown;
}

/** What the menus of package.json ask: whether it has another side, whether it can be ported. */
function contextOf({ counterpart, word }: PlanItem): string {
  const portable = word === "unported" || word === "stub";
  return [counterpart && "linked", portable && "portable"].filter(Boolean).join(" ");
}

function color(word: Word): ThemeColor {
  return new ThemeColor(word === "ignored" ? "disabledForeground" : `portLsp.${word}`);
}
