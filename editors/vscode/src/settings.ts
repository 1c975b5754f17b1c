/** The settings, read anew each time: there is no copy that could be old. */
import { workspace } from "vscode";

/** The section under which all settings are. */
export const SECTION = "portLsp";

/** The settings after whose change another server has to run. */
export const SERVER_SETTINGS = ["server", "backend", "crate"].map((name) => `${SECTION}.${name}`);

/**
 * Which server is to run and on what. In an untrusted workspace VS Code leaves the workspace's own
 * values of the restricted settings out (package.json, `restrictedConfigurations`).
 */
export function serverSettings() {
  const values = workspace.getConfiguration(SECTION);
  return {
    path: values.get("server.path", "").trim(),
    python: values.get("server.python", "").trim(),
    arguments: values.get<string[]>("server.arguments", []),
    backend: values.get("backend", "").trim(),
    crate: values.get("crate", "").trim(),
  };
}

/** Whether a switch is on. */
export function isOn(name: "gutter" | "inStep"): boolean {
  return workspace.getConfiguration(SECTION).get(name, false);
}
