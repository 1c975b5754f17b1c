/** Preview before writing: what porting would write as a side-by-side diff, then accept. */
import {
  commands,
  Disposable,
  type TextDocumentContentProvider,
  Uri,
  window,
  workspace,
} from "vscode";
import {
  type Preview,
  type PreviewParams,
  PreviewRequest,
  SERVER_COMMANDS,
  type Word,
} from "../protocol";
import type { Server } from "../server/server";
import type { PlanModel } from "../plan/model";
import { showWritten } from "./written";

export const SCHEME = "port-lsp-preview";

interface Shown {
  readonly params: PreviewParams;
  readonly files: readonly Preview[];
  readonly number: number;
}

/** The commands that show, accept and discard a preview. One is shown at a time. */
export function previews(server: Server, model: PlanModel): Disposable {
  let shown: Shown | undefined;
  let count = 0;
  const become = (now: Shown | undefined) => {
    shown = now;
    void commands.executeCommand("setContext", "portLsp.previewing", now !== undefined);
  };
  const provider: TextDocumentContentProvider = {
    provideTextDocumentContent: (uri) => contentOf(shown, uri),
  };
  const preview = async (given?: PreviewParams) => {
    const params = given ?? itemAtCursor(model);
    const files = params && (await ask(server, params));
    if (params !== undefined && files !== undefined) {
      become({ params, files, number: (count += 1) });
      await show(files, count);
    }
  };
  const accept = async () => {
    if (shown === undefined) {
      return;
    }
    const { params, files } = shown;
    const now = await ask(server, params);
    if (now === undefined) {
      return;
    }
    await close();
    become(undefined);
    if (JSON.stringify(now) !== JSON.stringify(files)) {
      void window.showWarningMessage("What would be written is something else by now: see anew.");
      await preview(params);
      return;
    }
    await commands.executeCommand(SERVER_COMMANDS.port, params);
    await Promise.all(files.slice(0, 1).map(showWritten));
  };
  const discard = async () => {
    await close();
    become(undefined);
  };
  return Disposable.from(
    workspace.registerTextDocumentContentProvider(SCHEME, provider),
    commands.registerCommand("portLsp.previewPort", preview),
    commands.registerCommand("portLsp.acceptPreview", accept),
    commands.registerCommand("portLsp.discardPreview", discard),
  );
}

/** What porting would write; says so where it can't be written. */
async function ask(server: Server, params: PreviewParams): Promise<Preview[] | undefined> {
  try {
    const files = await server.client?.sendRequest(PreviewRequest, params);
    if (files?.length === 0) {
      void window.showInformationMessage("There is nothing to write.");
      return undefined;
    }
    return files;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    void window.showWarningMessage(`This can't be ported: ${reason}`);
    return undefined;
  }
}

/** The item nearest above the cursor that can be ported. */
function itemAtCursor(model: PlanModel): PreviewParams | undefined {
  const editor = window.activeTextEditor;
  const open: readonly Word[] = ["unported", "stub"];
  const above = editor
    ? model
        .itemsIn(editor.document.uri)
        .filter(({ line }) => line <= editor.selection.active.line)
        .sort((one, other) => other.line - one.line)
    : [];
  const item = above[0]?.item;
  if (item === undefined || !open.includes(item.word)) {
    void window.showInformationMessage("Nothing at the cursor waits to be ported.");
    return undefined;
  }
  return { item: item.id };
}

async function show(files: readonly Preview[], number: number): Promise<void> {
  const sides = files.map(({ uri }) => {
    const real = Uri.parse(uri);
    return [real, virtual(real, number, "before"), virtual(real, number, "after")] as const;
  });
  const [first] = sides;
  if (sides.length === 1 && first !== undefined) {
    const [real, before, after] = first;
    const title = `${workspace.asRelativePath(real)} (preview of the port)`;
    await commands.executeCommand("vscode.diff", before, after, title, { preview: true });
  } else {
    await commands.executeCommand("vscode.changes", "Preview of the port", sides);
  }
}

function virtual(real: Uri, number: number, side: "before" | "after"): Uri {
  return real.with({ scheme: SCHEME, query: `${number}-${side}` });
}

function contentOf(shown: Shown | undefined, uri: Uri): string {
  const real = uri.with({ scheme: "file", query: "" }).toString();
  const file = shown?.files.find((one) => Uri.parse(one.uri).toString() === real);
  return (uri.query.endsWith("after") ? file?.after : file?.before) ?? "";
}

/** Closes the preview's tabs. */
async function close(): Promise<void> {
  const tabs = window.tabGroups.all.flatMap((group) => group.tabs);
  await window.tabGroups.close(tabs.filter(({ input }) => isPreview(input)));
}

function isPreview(input: unknown): boolean {
  const { modified, textDiffs } = input as {
    readonly modified?: Uri;
    readonly textDiffs?: readonly { readonly modified: Uri }[];
  };
  return (modified ?? textDiffs?.[0]?.modified)?.scheme === SCHEME;
}
