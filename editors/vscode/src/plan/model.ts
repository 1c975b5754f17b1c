/** The plan as the server last gave it: the one source of the view, the shares and the marks. */
import { Disposable, EventEmitter, Uri, window, workspace } from "vscode";
import { hasSides } from "../features/counterparts";
import { type Plan, type PlanFile, type PlanItem, PlanRequest } from "../protocol";
import type { Server } from "../server/server";

/** No plan: there is no server, or nothing to port. */
export const NOTHING: Plan = { revision: 0, steps: [], source: "", problem: "" };

const QUIET = 300; // milliseconds without an edit, after which lines are asked for again

export interface Placed {
  readonly item: PlanItem;
  readonly line: number;
}

export class PlanModel implements Disposable {
  private readonly changed = new EventEmitter<Plan>();
  private readonly subscriptions: Disposable;
  private timer: NodeJS.Timeout | undefined;
  private asked = 0;

  /** Fires when the plan may say something else. */
  readonly onDidChange = this.changed.event;
  plan: Plan = NOTHING;
  private placed: ReadonlyMap<string, readonly Placed[]> = new Map();

  constructor(private readonly server: Server) {
    this.subscriptions = Disposable.from(
      this.changed,
      server.onDidChange(() => {
        this.soon(0);
      }),
      server.onDidChangeIndex(() => {
        this.soon(0);
      }),
      workspace.onDidChangeTextDocument(({ document }) => {
        if (hasSides(document)) {
          this.soon(QUIET); // an edit moves lines without changing how far an item is
        }
      }),
      window.onDidChangeVisibleTextEditors(() => {
        this.changed.fire(this.plan);
      }),
    );
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.subscriptions.dispose();
  }

  /** All files of the plan. */
  files(): PlanFile[] {
    return this.plan.steps.flatMap((step) => step.files);
  }

  /** The items that are in a file, of either side, with the line at which each is. */
  itemsIn(uri: Uri): readonly Placed[] {
    return this.placed.get(uri.toString()) ?? [];
  }

  private soon(wait: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.ask(), wait);
  }

  private async ask(): Promise<void> {
    const mine = ++this.asked;
    // While the server starts or ends it answers nothing; it tells when that is over.
    const plan =
      (await this.server.client?.sendRequest(PlanRequest, {}).catch(() => undefined)) ?? NOTHING;
    if (mine === this.asked) {
      this.plan = plan;
      this.placed = placed(this.files());
      this.changed.fire(this.plan);
    }
  }
}

/** The items by the file they are in, of either side; URIs as the editor writes them. */
function placed(files: readonly PlanFile[]): Map<string, Placed[]> {
  const found = new Map<string, Placed[]>();
  for (const item of files.flatMap(({ items }) => items)) {
    for (const place of [item.place, item.counterpart]) {
      if (place !== null) {
        const uri = Uri.parse(place.uri).toString();
        found.set(uri, [...(found.get(uri) ?? []), { item, line: place.line }]);
      }
    }
  }
  return found;
}
