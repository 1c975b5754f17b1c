// The features, how each is switched off, and the tests that must fail then.

import { CASES, nameOf, previewOf } from "./actionCases.mjs";

const CLIENT = "src/client.ts";
const MIDDLEWARE = "middleware: {";

/** Whether a feature is off now, in a build that can do without it: the runner says it in a file. */
const isOff = (name) =>
  `(require("fs").readFileSync(process.env.PORT_LSP_TEST_HOME + "/off", "utf8") === "${name}")`;
/** A feature of the language client that is answered by something else, or by nothing. */
const silent = (hooks) => ({ file: CLIENT, from: MIDDLEWARE, to: `${MIDDLEWARE} ${hooks},` });
const hook = (name, method, instead) =>
  silent(
    `${method}: (...given) => ${isOff(name)} ? ${instead} : given.at(-1)(...given.slice(0, -1))`,
  );
/** A condition in which OFF is whether the feature is off now. */
const unless = (name, file, from, to) => ({ file, from, to: to.replace("OFF", isOff(name)) });
/** Options of the language client before those that it has. */
const option = (text) => ({ file: CLIENT, from: MIDDLEWARE, to: `${text}, ${MIDDLEWARE}` });
const replaced = (file, from, to) => ({ file, from, to });

/** Columns counted in characters, as if UTF-16 were nobody's business. */
const CHARACTERS = `provideDiagnostics: async (document, previous, token, next) => {
  const report = await next(document, previous, token);
  const uri = String(document.uri ?? document);
  const text = require("vscode").workspace.textDocuments.find((one) => String(one.uri) === uri);
  for (const item of OFF ? (report?.items ?? []) : []) {
    const { start, end } = item.range;
    const before = text?.lineAt(start.line).text.slice(0, start.character) ?? "";
    const more = before.length - [...before].length;
    item.range = new (require("vscode").Range)(start.translate(0, -more), end.translate(0, -more));
  }
  return report;
}`;

/** A URI that isn't escaped: of Rust files alone, since the suite is ready by a Python file. */
const WRONG = '((text) => (text.endsWith(".rs") ? text.replaceAll(/%../g, "_") : text))';

export const OFF = {
  diagnostics: {
    edits: [
      silent("handleDiagnostics: () => undefined, provideDiagnostics: async () => undefined"),
    ],
    fails: {
      example: [
        "diagnostics are at the names of what isn't ported",
        "every file has the findings of the command line",
      ],
      spaces: ["diagnostics and lenses"],
      severalRoots: ["from one folder to the other, which has its diagnostics"],
    },
  },
  lenses: {
    isLive: true,
    edits: [hook("lenses", "provideCodeLenses", "[]")],
    fails: {
      example: ["lenses say how far each endpoint is"],
      noCrate: ["lenses say that nothing is ported"],
      missing: ["a server that is named by then is started"],
    },
  },
  commands: {
    isLive: true,
    edits: [hook("commands", "executeCommand", "undefined")],
    fails: { example: ["a click on a lens opens the other side"] },
  },
  hover: {
    isLive: true,
    edits: [hook("hover", "provideHover", "undefined")],
    fails: { example: ["hover says where the counterpart is"] },
  },
  edits: {
    isLive: true,
    edits: [hook("edits", "didChange", "Promise.resolve()")],
    fails: {
      example: ["a keystroke changes the lens"],
      spaces: ["ranges after letters of two UTF-16 units"],
    },
  },
  utf16: {
    isLive: true,
    edits: [silent(CHARACTERS.replace("OFF", isOff("utf16")))],
    fails: { spaces: ["ranges after letters of two UTF-16 units"] },
  },
  uris: {
    edits: [
      option(`uriConverters: {
        code2Protocol: (uri) => ${WRONG}(uri.toString()),
        protocol2Code: (text) => require("vscode").Uri.parse(${WRONG}(text)),
      }`),
    ],
    fails: { spaces: ["diagnostics and lenses", "go to counterpart"] },
  },
  actions: {
    isLive: true,
    edits: [unless("actions", CLIENT, "return withPreviews(", "return OFF ? [] : withPreviews(")],
    fails: { example: ["every action at an endpoint that isn't ported"] },
  },
  previews: {
    isLive: true,
    edits: [
      unless(
        "previews",
        "src/features/preview.ts",
        "const files = params &&",
        "const files = OFF ? undefined : params &&",
      ),
    ],
    fails: {
      example: ["a preview from the light bulb shows what would be written, and writes nothing"],
      everyAction: CASES.flatMap((one) => previewOf(one) ?? []),
    },
  },
  resolving: {
    isLive: true,
    edits: [hook("resolving", "resolveCodeAction", "given[0]")],
    fails: {
      example: [
        "porting an endpoint reaches the disk, and the squiggle goes",
        "a verdict reaches the configuration",
      ],
      page: ["a port over several files is previewed in the editor's own list, and applied"],
      everyAction: CASES.map(nameOf),
    },
  },
  reviving: {
    edits: [
      option("errorHandler: { error: () => ({ action: 2 }), closed: () => ({ action: 1 }) }"),
    ],
    fails: { example: ["a killed server is started again"] },
  },
  restarting: {
    isLive: true,
    edits: [
      unless(
        "restarting",
        "src/extension.ts",
        '"portLsp.restart", () => server.restart()',
        '"portLsp.restart", () => OFF || server.restart()',
      ),
    ],
    fails: {
      example: ["the server can be started anew"],
      tooOld: ["a server that is too old is asked for its version, and never to serve"],
    },
  },
  counterparts: {
    isLive: true,
    edits: [
      unless(
        "counterparts",
        "src/features/counterparts.ts",
        "!hasSides(document)) {",
        "!hasSides(document) || OFF) {",
      ),
    ],
    fails: {
      example: [
        "go to counterpart, there and back",
        "go to counterpart beside leaves this side where it is",
        "of what isn't ported, the place where it would go",
      ],
      spaces: ["go to counterpart"],
      page: ["the counterpart is peeked at in place", "of several counterparts one is picked"],
      severalRoots: ["from one folder to the other, which has its diagnostics"],
    },
  },
  picker: {
    isLive: true,
    edits: [
      unless(
        "picker",
        "src/features/counterpart.ts",
        "if (places.length < 2) {",
        "if (OFF || places.length < 2) {",
      ),
    ],
    fails: { page: ["of several counterparts one is picked"] },
  },
  nothing: {
    isLive: true,
    edits: [
      unless(
        "nothing",
        "src/features/counterpart.ts",
        "if (places.length === 0) {",
        "if (!OFF && places.length === 0) {",
      ),
    ],
    fails: { noCrate: ["it is said that there is no other side"] },
  },
  inStep: {
    isLive: true,
    edits: [
      unless(
        "inStep",
        "src/features/inStep.ts",
        'if (!isOn("inStep") ||',
        'if (OFF || !isOn("inStep") ||',
      ),
    ],
    fails: { example: ["both sides in step, 30 moves"] },
  },
  gutter: {
    edits: [replaced("src/features/gutter.ts", 'isOn("gutter") ?', "false ?")],
    fails: { page: ["marks beside the line numbers say how far each item is"] },
  },
  plan: {
    edits: [replaced("src/plan/tree.ts", "return steps.map(", "return steps.reverse().map(")],
    fails: Object.fromEntries(
      ["thisGuide", "anotherGuide", "noGuide"].map((suite) => [
        suite,
        ["the plan shows the steps, and how far each file is"],
      ]),
    ),
  },
  filter: {
    isLive: true,
    edits: [
      unless("filter", "src/plan/view.ts", "tree.filter = words;", "OFF || (tree.filter = words);"),
    ],
    fails: { page: ["the plan shows the items of the chosen statuses alone"] },
  },
  inline: {
    isLive: true,
    edits: [
      unless(
        "inline",
        "src/plan/view.ts",
        "node.item.counterpart !== null",
        "node.item.counterpart !== null && !OFF",
      ),
    ],
    fails: { page: ["a row of the plan leads to the Rust side"] },
  },
  menu: {
    isLive: true,
    edits: [
      unless(
        "menu",
        "src/features/status.ts",
        "async function menu(): Promise<void> {",
        "async function menu(): Promise<void> { if (OFF) return;",
      ),
    ],
    fails: { page: ["the status item says that the server is well, and a click what can be done"] },
  },
  withoutServer: {
    isLive: true,
    edits: [
      unless(
        "withoutServer",
        "src/features/counterparts.ts",
        "client === undefined || ",
        "(client === undefined && !OFF) || ",
      ),
    ],
    fails: {
      missing: ["without a server nothing of ours is shown, and our commands don't throw"],
    },
  },
  bothSides: {
    edits: [replaced("src/server/both.ts", "  if (python && rust) {", "  if (python || rust) {")],
    fails: { oneSide: ["with one side alone no server runs"] },
  },
  later: {
    edits: [replaced("src/server/both.ts", "watcher.onDidCreate(() => void look()),", "")],
    fails: { oneSide: ["a crate that comes later starts the server"] },
  },
  offer: {
    edits: [replaced("src/server/server.ts", "void this.offer(found);", "")],
    fails: {
      missing: ["a message says that there is no server, and offers the one that is carried"],
      tooOld: ["a message says which version is too old, and which is needed"],
    },
  },
  version: {
    edits: [replaced("src/server/version.ts", "return differing < 0 ||", "return true ||")],
    fails: {
      tooOld: [
        "a server that is too old is asked for its version, and never to serve",
        "a message says which version is too old, and which is needed",
      ],
    },
  },
  trust: {
    edits: [replaced("package.json", '"restrictedConfigurations"', '"someConfigurations"')],
    fails: { untrusted: ["the program that the workspace names isn't run"] },
  },
  folders: {
    edits: [option('workspaceFolder: require("vscode").workspace.workspaceFolders?.[0]')],
    fails: { severalRoots: ["one server serves both folders"] },
  },
};
