/** Go to counterpart: in place, beside, or peeked at; a picker where there are several. */
import {
  commands,
  Disposable,
  Location,
  Range,
  type TextEditor,
  ViewColumn,
  window,
  workspace,
} from "vscode";
import type { Server } from "../server/server";
import { counterparts, type Place } from "./counterparts";
import { markPlanned, plannedMark } from "./planned";

/** The three commands. */
export function goToCounterpart(server: Server): Disposable {
  const jump = async (column: ViewColumn) => {
    const editor = window.activeTextEditor;
    const place = editor && (await choose(await found(server, editor)));
    if (place !== undefined) {
      await show(place, column);
    }
  };
  return Disposable.from(
    plannedMark(),
    commands.registerCommand("portLsp.goToCounterpart", () => jump(ViewColumn.Active)),
    commands.registerCommand("portLsp.goToCounterpartBeside", () => jump(ViewColumn.Beside)),
    commands.registerCommand("portLsp.peekCounterpart", () => peek(server)),
  );
}

/** Shows a place, with the cursor at its start. */
async function show({ uri, range, title, planned }: Place, column: ViewColumn): Promise<void> {
  const document = await workspace.openTextDocument(uri);
  const at = new Range(range.start, range.start);
  const editor = await window.showTextDocument(document, { viewColumn: column, selection: at });
  if (planned) {
    markPlanned(editor, range.start.line, title);
  }
}

async function peek(server: Server): Promise<void> {
  const editor = window.activeTextEditor;
  if (editor === undefined) {
    return;
  }
  const places = await found(server, editor);
  if (places.length > 0) {
    const locations = places.map(({ uri, range }) => new Location(uri, range));
    const { document, selection } = editor;
    const [from, at] = [document.uri, selection.active];
    await commands.executeCommand("editor.action.peekLocations", from, at, locations, "peek");
  }
}

/** The counterparts of where the cursor is; says so where there are none. */
async function found(server: Server, editor: TextEditor): Promise<Place[]> {
  const places = await counterparts(server, editor.document, editor.selection.active);
  if (places.length === 0) {
    window.setStatusBarMessage("$(info) No counterpart is known of this place or its file.", 5000);
  }
  return places;
}

async function choose(places: readonly Place[]): Promise<Place | undefined> {
  if (places.length < 2) {
    return places[0];
  }
  const choices = places.map((place) => ({
    label: place.title,
    description: `${workspace.asRelativePath(place.uri)}:${place.range.start.line + 1}`,
    place,
  }));
  const options = { title: "Counterparts", matchOnDescription: true };
  return (await window.showQuickPick(choices, options))?.place;
}
