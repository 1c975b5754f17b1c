/** How long a start takes on a pair of any size, until the first diagnostics. */
import { setTimeout as pause } from "node:timers/promises";
import { commands, languages, Uri, window, workspace } from "vscode";
import { report, runTests, until, wish } from "./harness";
import { distribution } from "./times";

const ROUNDS = 5;
const PATIENCE = 60_000;

export const run = () =>
  runTests({
    "start to the first diagnostics": async () => {
      const uri = Uri.file(wish().file ?? "");
      await window.showTextDocument(await workspace.openTextDocument(uri));
      await until(() => count(uri) > 0, PATIENCE);
      const times: number[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        await pause(2000); // what the last start set going is over
        const restarted = commands.executeCommand("portLsp.restart");
        await until(() => count(uri) === 0, PATIENCE);
        const begin = Date.now(); // the old server has ended; the new one is looked for
        await until(() => count(uri) > 0, PATIENCE);
        times.push(Date.now() - begin);
        await restarted;
      }
      report(`${workspace.asRelativePath(uri)}: ${count(uri)} diagnostics`);
      report(`start to the first diagnostics: ${distribution(times)}; all ${times.join(" ")}`);
    },
  });

function count(uri: Uri): number {
  return languages.getDiagnostics(uri).filter(({ source }) => source === "port-lsp").length;
}
