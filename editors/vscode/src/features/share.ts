/** In the status bar: how much of this file is ported, and how much of everything. */
import { Disposable, StatusBarAlignment, window } from "vscode";
import type { PlanModel } from "../plan/model";
import { rest, said, share } from "../plan/shares";

/** Shows the shares while there is a plan. */
export function shareItem(model: PlanModel): Disposable {
  const item = window.createStatusBarItem("portLsp.share", StatusBarAlignment.Right, 91);
  item.name = "port-lsp: Shares";
  item.command = "portLsp.plan.focus";
  const show = () => {
    const all = model.files().flatMap((file) => file.items);
    const uri = window.activeTextEditor?.document.uri;
    const here = uri === undefined ? [] : model.itemsIn(uri).map((one) => one.item);
    const parts = [here, all].map(share).filter(({ total }) => total > 0);
    if (all.length === 0) {
      item.hide();
      return;
    }
    item.text = `$(arrow-swap) ${parts.map(({ done, total }) => `${done}/${total}`).join(" · ")}`;
    const ofFile = here.length > 0 ? `This file: ${said(share(here))} ported. ` : "";
    item.tooltip = `${ofFile}Everything: ${said(share(all))} ported (${rest(all)}).`;
    item.show();
  };
  return Disposable.from(item, model.onDidChange(show), window.onDidChangeActiveTextEditor(show));
}
