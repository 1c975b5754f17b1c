/** In the light bulb, after each action that ports: the same as a preview. */
import { CodeAction, type Command } from "vscode";

/** What the server listed, and a preview after each action that would port something. */
export function withPreviews(listed: readonly (CodeAction | Command)[]): (CodeAction | Command)[] {
  return listed.flatMap((action) => [action, ...previewOf(action)]);
}

function previewOf(action: CodeAction | Command): CodeAction[] {
  // The language client keeps what the server sent with an action under `data`.
  const { kind, data, title } = action as CodeAction & {
    readonly data?: { readonly targets?: readonly unknown[] };
  };
  const targets = data?.targets ?? [];
  if (kind === undefined || targets.length === 0) {
    return [];
  }
  const preview = new CodeAction(`Preview: ${title}`, kind);
  preview.command = {
    command: "portLsp.previewPort",
    title: preview.title,
    arguments: [{ targets }],
  };
  return [preview];
}
