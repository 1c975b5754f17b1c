/** Asks the server for the counterparts of a position. */
import type { CancellationToken, Position, Range, TextDocument, Uri } from "vscode";
import { CounterpartRequest } from "../protocol";
import type { Server } from "../server/server";

export interface Place {
  readonly uri: Uri;
  readonly range: Range;
  readonly title: string;
  /** Nothing is there yet: the place is where the item would go. */
  readonly planned: boolean;
}

/** The counterparts of what stands at a position, the best first; of its file where nothing does. */
export async function counterparts(
  server: Server,
  document: TextDocument,
  position: Position,
  token?: CancellationToken,
): Promise<Place[]> {
  const client = server.client;
  if (client === undefined || !hasSides(document)) {
    return [];
  }
  const params = client.code2ProtocolConverter.asTextDocumentPositionParams(document, position);
  const found = await client.sendRequest(CounterpartRequest, params, token);
  return found.map(({ targetUri, targetSelectionRange, title, planned }) => ({
    uri: client.protocol2CodeConverter.asUri(targetUri),
    range: client.protocol2CodeConverter.asRange(targetSelectionRange),
    title,
    planned,
  }));
}

/** Whether a document can have another side. */
export function hasSides({ uri, languageId }: TextDocument): boolean {
  return uri.scheme === "file" && (languageId === "python" || languageId === "rust");
}
