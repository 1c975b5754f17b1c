/** What must be shown, from what the command line's export says of the same workspace. */
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { at } from "./editor";
import { wish } from "./harness";

interface Endpoint {
  readonly id: string;
  readonly file: string;
  readonly line: number;
  readonly registered: { readonly file: string; readonly line: number };
}

interface Link {
  readonly backend: string | null;
  readonly crate: string | null;
  readonly presence: string;
  readonly drift: readonly string[];
}

interface Finding {
  readonly rule: string;
  readonly side: "backend" | "crate";
  readonly file: string;
  readonly start: { readonly line: number; readonly column: number };
  readonly end: { readonly line: number; readonly column: number };
}

interface Side {
  readonly root: string;
  readonly endpoints: readonly Endpoint[];
}

/** What we read of the export. Lines and columns count from 1. */
export interface Export {
  readonly backend: Side;
  readonly crate: Side | null;
  readonly links: { readonly endpoints: readonly Link[] };
  readonly findings: readonly Finding[];
}

/** The findings in a file of the workspace, as `squiggles` gives them. */
export function findingsIn(file: string): string[] {
  const said = exported();
  const lines = readFileSync(at(file).fsPath, "utf8").split("\n");
  return said.findings
    .filter((one) => path.join(said[one.side]?.root ?? "", one.file) === at(file).fsPath)
    .map(({ rule, start, end }) => {
      const text = lines[start.line - 1]?.slice(start.column - 1, end.column - 1);
      return `${start.line}: ${rule}: ${text ?? ""}`;
    })
    .sort();
}

/** The lenses of the endpoints in a file of the backend, as `lenses` gives them. */
export function lensesIn(file: string): string[] {
  const { backend } = exported();
  return backend.endpoints
    .filter((one) => path.join(backend.root, one.registered.file) === at(file).fsPath)
    .map((one) => `${one.registered.line}: ${titleOf(one)}`)
    .sort((one, other) => Number.parseInt(one) - Number.parseInt(other));
}

function titleOf({ id }: Endpoint): string {
  const { crate, links } = exported();
  const link = links.endpoints.find((one) => one.backend === id);
  const other = crate?.endpoints.find((one) => one.id === link?.crate);
  if (link === undefined || other === undefined) {
    return "not ported";
  }
  const state = link.drift.length > 0 ? `drifted: ${link.drift.join(", ")}` : link.presence;
  return `→ ${other.file.replace(/^src\//, "")}:${other.line} · ${state}`;
}

/** The handler of an endpoint's counterpart: `file:line` in the workspace's words. */
export function counterpartOf(handler: string): string {
  const { crate, links } = exported();
  const link = links.endpoints.find((one) => one.backend?.includes(`::${handler}#`));
  const other = crate?.endpoints.find((one) => one.id === link?.crate);
  if (other === undefined) {
    throw new Error(`${handler} has no counterpart`);
  }
  return `crate/${other.file}:${other.line}`;
}

function exported(): Export {
  const { data } = wish();
  if (data === undefined) {
    throw new Error("this suite has no export");
  }
  return data as Export;
}
