/** Shows the tree, its progress and its filter, and opens what is clicked. */
import { commands, Disposable, Range, Uri, ViewColumn, window } from "vscode";
import type { PlanItem, PlanPlace, Word } from "../protocol";
import type { PlanModel } from "./model";
import { rest, said, share, WORDS } from "./shares";
import { type Node, PlanTree } from "./tree";

/** The view with its commands. */
export function planView(model: PlanModel): Disposable {
  const tree = new PlanTree(model);
  const view = window.createTreeView<Node>("portLsp.plan", {
    treeDataProvider: tree,
    showCollapseAll: true,
  });
  const refresh = () => {
    const items = model.files().flatMap((file) => file.items);
    const { done, total } = share(items);
    view.message = total > 0 ? `${said({ done, total })} items ported` : "";
    view.badge = { value: total - done, tooltip: rest(items) };
    tree.refresh();
  };
  const show = (words: ReadonlySet<Word>) => {
    tree.filter = words;
    const isFiltered = words.size < WORDS.length;
    view.description = isFiltered ? [...words].join(", ") : "";
    void commands.executeCommand("setContext", "portLsp.planFiltered", isFiltered);
  };
  return Disposable.from(
    view,
    model.onDidChange(refresh),
    commands.registerCommand("portLsp.filterPlan", async (words?: readonly Word[]) => {
      const chosen = words ?? (await choose(tree.filter));
      if (chosen !== undefined && chosen.length > 0) {
        show(new Set(chosen));
      }
    }),
    commands.registerCommand("portLsp.clearPlanFilter", () => {
      show(new Set(WORDS));
    }),
    commands.registerCommand("portLsp.openPlanItem", (item: PlanItem) => open(item.place)),
    commands.registerCommand("portLsp.openPlanCounterpart", (node: Node) =>
      node.kind === "item" && node.item.counterpart !== null
        ? open(node.item.counterpart, ViewColumn.Beside)
        : undefined,
    ),
    commands.registerCommand("portLsp.previewPlanItem", (node: Node) =>
      node.kind === "item"
        ? commands.executeCommand("portLsp.previewPort", { item: node.item.id })
        : undefined,
    ),
  );
}

async function open({ uri, line }: PlanPlace, viewColumn = ViewColumn.Active): Promise<void> {
  const selection = new Range(line, 0, line, 0);
  await window.showTextDocument(Uri.parse(uri), { viewColumn, selection });
}

async function choose(now: ReadonlySet<Word>): Promise<Word[] | undefined> {
  const choices = WORDS.map((word) => ({ label: word, word, picked: now.has(word) }));
  const options = { title: "Items to show", canPickMany: true as const };
  return (await window.showQuickPick(choices, options))?.map(({ word }) => word);
}
