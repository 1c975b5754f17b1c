/** The server's life: found, started, watched, restarted. */
import {
  commands,
  type Disposable,
  EventEmitter,
  type ExtensionContext,
  type LogOutputChannel,
  window,
} from "vscode";
import { LanguageClient, State } from "vscode-languageclient/node";
import { clientOptions } from "../client";
import { PROTOCOL_VERSION, type Status, StatusNotification } from "../protocol";
import { DidChangeIndexNotification } from "../protocol";
import { serverSettings } from "../settings";
import { findServer, type NotFound } from "./find";
import { install, ownProgram, version } from "./install";

export type Condition =
  | { readonly kind: "stopped"; readonly message: string }
  | { readonly kind: "starting" }
  | { readonly kind: "running"; readonly status: Status | undefined };

export class Server implements Disposable {
  private readonly changed = new EventEmitter<Condition>();
  private readonly indexed = new EventEmitter<readonly string[]>();
  private running: LanguageClient | undefined;
  private now: Condition = { kind: "stopped", message: "not started" };
  private turn: Promise<void> = Promise.resolve();

  /** Fires when the server starts, stops, or says how it is. */
  readonly onDidChange = this.changed.event;
  /** Fires with the files (URIs) whose items stand otherwise than before. */
  readonly onDidChangeIndex = this.indexed.event;

  constructor(
    private readonly context: ExtensionContext,
    private readonly log: LogOutputChannel,
    private readonly trace: LogOutputChannel,
  ) {}

  get condition(): Condition {
    return this.now;
  }

  /** The client of the server that runs; undefined while none does. */
  get client(): LanguageClient | undefined {
    return this.now.kind === "running" ? this.running : undefined;
  }

  /** Stops the server that runs, and starts the one that is found. One after the other. */
  restart(): Promise<void> {
    this.turn = this.turn.then(async () => {
      await this.stop("stopped");
      await this.start();
    });
    return this.turn;
  }

  /** Installs the server that the extension carries, and starts it. */
  async install(): Promise<void> {
    if (await install(this.context, this.log)) {
      await this.restart();
    }
  }

  async dispose(): Promise<void> {
    await this.stop("the window closes");
    this.changed.dispose();
    this.indexed.dispose();
  }

  private async start(): Promise<void> {
    this.become({ kind: "starting" });
    const found = await findServer(version(this.context), ownProgram(this.context));
    if (found.kind === "none") {
      this.log.error(found.message);
      this.become({ kind: "stopped", message: found.message });
      void this.offer(found);
      return;
    }
    this.log.info(`${found.command}, version ${found.version}, from ${found.source}`);
    const args = ["serve", ...serverSettings().arguments];
    const run = { command: found.command, args };
    const options = clientOptions(this.log, this.trace);
    const client = new LanguageClient("portLsp", "port-lsp", run, options);
    this.running = client;
    client.onDidChangeState(({ newState }) => {
      this.follow(client, newState);
    });
    client.onNotification(StatusNotification, (status) => {
      this.become({ kind: "running", status });
    });
    client.onNotification(DidChangeIndexNotification, ({ files }) => {
      this.indexed.fire(files);
    });
    try {
      await client.start();
    } catch (error) {
      const message = `port-lsp didn't start: ${String(error)}`;
      this.log.error(message);
      this.become({ kind: "stopped", message });
    }
  }

  private async stop(message: string): Promise<void> {
    const client = this.running;
    this.running = undefined;
    if (client !== undefined) {
      await client.dispose().catch((error: unknown) => {
        this.log.warn(`the server didn't stop by itself: ${String(error)}`);
      });
      this.become({ kind: "stopped", message });
    }
  }

  private follow(client: LanguageClient, state: State): void {
    if (client !== this.running) {
      return;
    }
    if (state === State.Running) {
      this.become({ kind: "running", status: undefined });
      this.checkProtocol(client);
    } else if (state === State.Starting) {
      this.become({ kind: "starting" });
    } else {
      this.become({ kind: "stopped", message: "the server ended" });
    }
  }

  private checkProtocol(client: LanguageClient): void {
    const experimental = client.initializeResult?.capabilities.experimental as
      { readonly portLsp?: { readonly version?: number } } | undefined;
    const spoken = experimental?.portLsp?.version;
    if (spoken !== PROTOCOL_VERSION) {
      const other = `the server speaks version ${spoken ?? "?"} of the protocol`;
      void window.showWarningMessage(`port-lsp: ${other}, this extension ${PROTOCOL_VERSION}.`);
    }
  }

  private become(condition: Condition): void {
    this.now = condition;
    void commands.executeCommand("setContext", "portLsp.running", condition.kind === "running");
    this.changed.fire(condition);
  }

  private async offer({ message, bySetting }: NotFound): Promise<void> {
    const [settings, installing] = ["Open Settings", "Install It"];
    const choice = await window.showErrorMessage(
      bySetting ? message : `${message} This extension carries one to install.`,
      ...(bySetting ? [settings] : [installing, settings]),
    );
    if (choice === settings) {
      await commands.executeCommand("workbench.action.openSettings", "portLsp.server");
    } else if (choice === installing) {
      await this.install();
    }
  }
}
