/**
 * Finds the server: setting, selected Python environment, PATH, own environment, in this order.
 *
 * What the setting names is taken or refused, never passed over. In an untrusted workspace the
 * selected environment, which the workspace may have chosen, isn't asked.
 */
import { workspace } from "vscode";
import { serverSettings } from "../settings";
import { beside, selectedInterpreters } from "./python";
import { isAtLeast, probe } from "./version";

export interface Found {
  readonly kind: "found";
  readonly command: string;
  readonly version: string;
  /** Where it was found, for the log. */
  readonly source: string;
}

export interface NotFound {
  readonly kind: "none";
  /** A sentence for the user. */
  readonly message: string;
  /** Whether the setting is at fault. */
  readonly bySetting: boolean;
}

interface Candidate {
  readonly command: string;
  readonly source: string;
}

/** The server to run. `own` is the program of the extension's own environment. */
export async function findServer(wanted: string, own: string): Promise<Found | NotFound> {
  const { path } = serverSettings();
  if (path !== "") {
    const set = { command: path, source: "the setting portLsp.server.path" };
    const found = await ask(set, wanted);
    return typeof found === "string" ? { kind: "none", message: found, bySetting: true } : found;
  }
  const refused: string[] = [];
  for (const candidate of await candidates(own)) {
    const found = await ask(candidate, wanted, { mayBeMissing: true });
    if (typeof found !== "string") {
      return found;
    }
    if (found !== "") {
      refused.push(found);
    }
  }
  const searched = "the selected Python environment or on the PATH";
  const message = refused[0] ?? `port-lsp isn't installed: it isn't in ${searched}.`;
  return { kind: "none", message, bySetting: false };
}

async function candidates(own: string): Promise<Candidate[]> {
  const interpreters = workspace.isTrusted ? await selectedInterpreters() : [];
  return [
    ...interpreters.map((interpreter) => ({
      command: beside(interpreter, "port-lsp"),
      source: "the selected Python environment",
    })),
    { command: "port-lsp", source: "the PATH" },
    { command: own, source: "this extension's own environment" },
  ];
}

/** The server of a candidate, or why it can't be taken; "" where it is missing and may be. */
async function ask(
  { command, source }: Candidate,
  wanted: string,
  { mayBeMissing = false } = {},
): Promise<Found | string> {
  const answer = await probe(command);
  switch (answer.kind) {
    case "missing":
      return mayBeMissing ? "" : `There is no ${command}, which ${source} names.`;
    case "broken":
      return `${command} (${source}) doesn't run: ${answer.reason}`;
    case "found":
      return isAtLeast(answer.version, wanted)
        ? { kind: "found", command, version: answer.version, source }
        : `${command} (${source}) is version ${answer.version}, which is too old: ` +
            `this extension needs ${wanted} or newer.`;
  }
}
