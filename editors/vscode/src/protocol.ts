/** The protocol beyond LSP, as the server's `messages.py` has it. Lines and columns are 0-based. */
import type { LocationLink, Range, TextDocumentPositionParams } from "vscode-languageclient/node";
import { NotificationType, RequestType } from "vscode-languageclient/node";

/** The version of the protocol that this client speaks. */
export const PROTOCOL_VERSION = 1;

/** Commands that the server owns: the language client registers them while the server runs. */
export const SERVER_COMMANDS = {
  openCounterpart: "portLsp.openCounterpart",
  port: "portLsp.port",
  reindex: "portLsp.reindex",
} as const;

export interface Counterpart extends LocationLink {
  readonly originSelectionRange: Range;
  readonly title: string;
  /** Nothing is there yet: the place is where the item would go. */
  readonly planned: boolean;
}

export type Kind = "endpoint" | "model" | "event" | "function";
export type Word = "ported" | "drifted" | "stub" | "unported" | "ignored";

export interface Shares {
  readonly total: number;
  readonly ported: number;
  readonly drifted: number;
  readonly stub: number;
  readonly unported: number;
  readonly ignored: number;
  readonly rustOnly: number;
}

export type AllShares = Readonly<Record<`${Kind}s`, Shares>>;

export interface Status {
  readonly health: "ok" | "warning" | "error";
  readonly quiescent: boolean;
  readonly message: string;
  readonly shares: AllShares;
}

export interface PlanPlace {
  readonly file: string;
  readonly uri: string;
  readonly line: number;
}

export interface PlanItem {
  readonly id: string;
  readonly kind: Kind;
  readonly title: string;
  readonly place: PlanPlace;
  readonly drift: readonly string[];
  readonly word: Word;
  readonly counterpart: PlanPlace | null;
}

export interface PlanFile {
  readonly file: string;
  readonly uri: string;
  readonly shares: AllShares;
  readonly items: readonly PlanItem[];
  /** A guide's own words, "" without one. */
  readonly complexity: string;
  readonly effort: string;
}

export interface PlanStep {
  readonly title: string;
  readonly files: readonly PlanFile[];
}

export interface Plan {
  readonly revision: number;
  readonly steps: readonly PlanStep[];
  /** The guide that the steps are from, "" where there is none. */
  readonly source: string;
  /** Why a configured plan can't be followed, "" where it can. */
  readonly problem: string;
}

/** What is to be ported: an item by its id, or the targets of a code action's data. */
export interface PreviewParams {
  readonly item?: string;
  readonly targets?: readonly unknown[];
}

export interface Preview {
  readonly uri: string;
  /** null where the file would be made. */
  readonly before: string | null;
  readonly after: string;
}

export const CounterpartRequest = new RequestType<TextDocumentPositionParams, Counterpart[], void>(
  "portLsp/counterpart",
);
export const PlanRequest = new RequestType<object, Plan, void>("portLsp/plan");
export const PreviewRequest = new RequestType<PreviewParams, Preview[], void>("portLsp/preview");
export const StatusNotification = new NotificationType<Status>("portLsp/status");
export const DidChangeIndexNotification = new NotificationType<{
  readonly revision: number;
  readonly files: readonly string[];
}>("portLsp/didChangeIndex");
