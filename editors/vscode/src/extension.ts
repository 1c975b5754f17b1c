/** The extension: wires the features to the server. Each feature is a file of its own. */
import { commands, type ExtensionContext, window, workspace } from "vscode";
import { goToCounterpart } from "./features/counterpart";
import { gutterMarks } from "./features/gutter";
import { inStep } from "./features/inStep";
import { previews } from "./features/preview";
import { shareItem } from "./features/share";
import { statusItem } from "./features/status";
import { PlanModel } from "./plan/model";
import { planView } from "./plan/view";
import { hasBothSides, whenBothSidesAre } from "./server/both";
import { whenOtherIsSelected } from "./server/python";
import { Server } from "./server/server";
import { SERVER_SETTINGS } from "./settings";

/** Starts the server where the workspace has something for it; else waits to be asked. */
export async function activate(context: ExtensionContext): Promise<void> {
  const log = window.createOutputChannel("port-lsp", { log: true });
  const trace = window.createOutputChannel("port-lsp (trace)", { log: true });
  const server = new Server(context, log, trace);
  const plan = new PlanModel(server);
  context.subscriptions.push(
    log,
    trace,
    server,
    plan,
    ...[statusItem, goToCounterpart, inStep].map((feature) => feature(server)),
    ...[planView, shareItem, gutterMarks].map((feature) => feature(plan)),
    previews(server, plan),
    commands.registerCommand("portLsp.restart", () => server.restart()),
    commands.registerCommand("portLsp.install", () => server.install()),
    commands.registerCommand("portLsp.showOutput", () => {
      log.show();
    }),
    workspace.onDidChangeConfiguration((event) => {
      if (SERVER_SETTINGS.some((name) => event.affectsConfiguration(name))) {
        void server.restart();
      }
    }),
    workspace.onDidGrantWorkspaceTrust(() => server.restart()),
  );
  if (!(await hasBothSides())) {
    log.info("neither a port-lsp.toml nor both a Python and a Rust side: nothing to do yet");
    const waiting = whenBothSidesAre(() => void begin(context, server));
    context.subscriptions.push(waiting);
    return;
  }
  await begin(context, server);
}

async function begin(context: ExtensionContext, server: Server): Promise<void> {
  await server.restart();
  const following = await whenOtherIsSelected(() => void server.restart());
  if (following !== undefined) {
    context.subscriptions.push(following);
  }
}
