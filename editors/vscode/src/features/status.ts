/** The status item: how the server is, in the status bar, with what can be done on a click. */
import {
  commands,
  Disposable,
  MarkdownString,
  StatusBarAlignment,
  ThemeColor,
  window,
} from "vscode";
import type { Condition, Server } from "../server/server";

interface Shown {
  readonly text: string;
  readonly tooltip: string;
  readonly background?: string;
}

const [WARNING, ERROR] = ["statusBarItem.warningBackground", "statusBarItem.errorBackground"];

/** Shows the condition until disposed. */
export function statusItem(server: Server): Disposable {
  const item = window.createStatusBarItem("portLsp.status", StatusBarAlignment.Right, 90);
  item.name = "port-lsp: Server";
  item.command = "portLsp.showMenu";
  const show = (condition: Condition) => {
    const { text, tooltip, background } = shown(condition);
    item.text = text;
    item.tooltip = new MarkdownString(tooltip);
    item.backgroundColor = background === undefined ? undefined : new ThemeColor(background);
    item.show();
  };
  return Disposable.from(
    item,
    server.onDidChange(show),
    commands.registerCommand("portLsp.showMenu", menu),
  );
}

/** What the item shows of a condition. */
export function shown(condition: Condition): Shown {
  if (condition.kind === "stopped") {
    return { text: "$(error) port-lsp", tooltip: condition.message, background: ERROR };
  }
  if (condition.kind === "starting" || condition.status === undefined) {
    return { text: "$(loading~spin) port-lsp", tooltip: "The server starts." };
  }
  const { health, quiescent, message } = condition.status;
  if (!quiescent) {
    return { text: "$(loading~spin) port-lsp", tooltip: message };
  }
  switch (health) {
    case "ok":
      return { text: "$(check) port-lsp", tooltip: message };
    case "warning":
      return { text: "$(warning) port-lsp", tooltip: message, background: WARNING };
    case "error":
      return { text: "$(error) port-lsp", tooltip: message, background: ERROR };
  }
}

/** What can be done, as a list. */
async function menu(): Promise<void> {
  const choices = [
    { label: "$(list-tree) Show the Port Plan", command: "portLsp.plan.focus" },
    { label: "$(output) Show Output", command: "portLsp.showOutput" },
    { label: "$(refresh) Index Again", command: "portLsp.reindex" },
    { label: "$(debug-restart) Restart the Server", command: "portLsp.restart" },
  ];
  const choice = await window.showQuickPick(choices, { title: "port-lsp" });
  if (choice !== undefined) {
    await commands.executeCommand(choice.command);
  }
}
