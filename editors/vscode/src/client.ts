/** How the language client is set up. */
import type { LogOutputChannel } from "vscode";
import type { LanguageClientOptions } from "vscode-languageclient/node";
import { withPreviews } from "./features/previewActions";
import { serverSettings } from "./settings";

/** The documents that the server is told of. */
export const DOCUMENTS = [
  { scheme: "file", language: "python" },
  { scheme: "file", language: "rust" },
  { scheme: "file", pattern: "**/port-lsp.toml" },
];

/** Options for a client that starts now: it takes the settings as they are. */
export function clientOptions(
  log: LogOutputChannel,
  trace: LogOutputChannel,
): LanguageClientOptions {
  const { backend, crate } = serverSettings();
  return {
    documentSelector: DOCUMENTS,
    outputChannel: log,
    traceOutputChannel: trace,
    initializationOptions: { backend, crate },
    progressOnInitialization: true,
    middleware: {
      async provideCodeActions(document, range, context, token, next) {
        return withPreviews((await next(document, range, context, token)) ?? []);
      },
    },
  };
}
