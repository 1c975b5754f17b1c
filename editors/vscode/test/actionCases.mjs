// Every kind of action that the server knows, where the example has one, and what it must leave on
// the disk: what the command line writes in a copy for the same item, or the verdict itself.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { copied, write } from "./workspaces.mjs";

const TOML = "port-lsp.toml";
const [NOTES, USERS] = ["notes_app/routers/notes.py", "notes_app/models/users.py"];
const RUST_NOTE = "crate/src/models/note.rs";
const FOLDER = "    pub visibility: Visibility,\n    pub folder_id: Option<String>,";

/** What the example has none of: a field under another name on the wire. */
export const RENAMED = {
  file: RUST_NOTE,
  from: `#[derive(Serialize)]\npub struct NoteResponse {\n    pub title: String,\n    pub body: String,\n${FOLDER}`,
  to: '#[derive(Serialize)]\npub struct NoteResponse {\n    pub title: String,\n    pub body: String,\n    pub visibility: Visibility,\n    #[serde(rename = "folder")]\n    pub folder_id: Option<String>,',
};

const [PINNED, IGNORED] = ['::AuditEntry"\n', 'in src/state.rs"\n'];
const after = (place, added) => (toml) => replacedOnce(toml, place, `${place}${added}`);
const ignored = (item) => after(IGNORED, `\n[[ignore]]\nitem = "${item}"\nreason = "say why"\n`);

/**
 * `at` is a file and a text in it, `title` the action's; `kind` which of the server's own kinds it is
 * of. `port` is what the command line is given for the same, `toml` how the configuration changes;
 * `isPreviewed` where the action's preview is accepted, too.
 */
export const CASES = [
  {
    kind: "target endpoint",
    title: "Port GET /api/v1/notes/search to Rust",
    at: [`backend/${NOTES}`, "search_notes("],
    port: `${NOTES}::search_notes`,
    isPreviewed: true,
  },
  {
    kind: "target endpoint",
    title: "Port the rest of this file to Rust (2 items)",
    at: [`backend/${NOTES}`, "search_notes("],
    port: NOTES,
    isPreviewed: true,
  },
  {
    kind: "target model",
    title: "Port CommentForm to Rust",
    at: ["backend/notes_app/models/comments.py", "CommentForm("],
    port: "notes_app/models/comments.py::CommentForm",
    isPreviewed: true,
  },
  {
    kind: "target event",
    title: "Port note:watch to Rust",
    at: ["backend/notes_app/socket.py", "watch_note("],
    port: "notes_app/socket.py::watch_note",
    isPreviewed: true,
  },
  {
    kind: "target function",
    title: "Port FoldersTable.get_by_id to Rust",
    at: ["backend/notes_app/models/folders.py", "get_by_id("],
    port: "notes_app/models/folders.py::FoldersTable.get_by_id",
    isPreviewed: true,
  },
  {
    kind: "target stub",
    title: "Fill in delete_user() of src/routes/users.rs, which is a stub",
    at: ["backend/notes_app/routers/users.py", "delete_user("],
    port: "notes_app/routers/users.py::delete_user",
    isPreviewed: true,
  },
  {
    kind: "target stub",
    title: "Fill in delete_user() of src/routes/users.rs, which is a stub",
    at: ["crate/src/routes/users.rs", "fn delete_user("],
    port: "notes_app/routers/users.py::delete_user",
  },
  {
    kind: "target fields",
    title: "Add the field that UserResponse lacks: last_active_at",
    at: [`backend/${USERS}`, "UserResponse("],
    port: `${USERS}::UserResponse`,
    isPreviewed: true,
  },
  {
    kind: "target fields",
    title: "Add last_active_at to UserResponse",
    at: [`backend/${USERS}`, "last_active_at: int | None = None"],
    port: `${USERS}::UserResponse`,
  },
  {
    kind: "target fields",
    title: "Add the field that UserResponse lacks: last_active_at",
    at: ["crate/src/models/user.rs", "UserResponse {"],
    port: `${USERS}::UserResponse`,
  },
  {
    kind: "target fields",
    title: "Name folder_id `folder_id` on the wire",
    at: [RUST_NOTE, "NoteResponse {"],
    port: "notes_app/models/notes.py::NoteResponse",
  },
  {
    kind: "target test",
    title: "Write integration test for GET /api/v1/notes",
    at: [`backend/${NOTES}`, "list_notes("],
    port: [`${NOTES}::list_notes`, "--with-tests"],
    isPreviewed: true,
  },
  {
    kind: "verdict pin",
    title: "This is the counterpart: POST /api/v1/notes/{note_id} in routes/notes.rs:103",
    at: [`backend/${NOTES}`, "update_note("],
    toml: after(PINNED, `"${NOTES}::update_note" = "src/routes/notes.rs::update_note"\n`),
  },
  {
    kind: "verdict unpin",
    title: "Not the counterpart: PUT /api/v1/notes/{note_id} in routers/notes.py:59",
    at: ["crate/src/routes/notes.rs", "fn update_note("],
    toml: after(
      IGNORED,
      `\n[unpin]\n"${NOTES}::update_note" = ["src/routes/notes.rs::update_note"]\n`,
    ),
  },
  {
    kind: "verdict ignore",
    title: "Won't port GET /api/v1/notes/search, because…",
    at: [`backend/${NOTES}`, "search_notes("],
    toml: ignored(`${NOTES}::search_notes`),
    selects: "say why",
  },
];

/** What the test of a case is called, and that of its preview where it has one. */
export const nameOf = ({ title, at: [file] }) => `${title}, at ${file.split("/").at(-1)}`;
export const previewOf = (one) => (one.isPreviewed ? `Preview: ${nameOf(one)}` : undefined);

/** The cases with what each must change, as `{ file: text }`. Throws where a kind has no case. */
export function expectedOf(workspace, server) {
  const kinds = new Set(CASES.map(({ kind }) => kind));
  const without = ownKinds(server).filter((kind) => !kinds.has(kind));
  if (without.length > 0) {
    throw new Error(`no action of these kinds is tested: ${without.join(", ")}`);
  }
  return CASES.map(({ port, toml, ...one }, index) => {
    const names = { name: nameOf(one), preview: previewOf(one) };
    const text = toml && { [TOML]: toml(readFileSync(join(workspace, TOML), "utf8")) };
    return { ...one, ...names, changed: text ?? written(workspace, server, port, index) };
  });
}

/** What the command line writes for what it is given, in a copy. */
function written(workspace, server, asked, index) {
  const copy = join(workspace, "..", `written-${index}`);
  const before = texts(workspace);
  copied(copy);
  Object.entries(before).forEach(([file, text]) => write(join(copy, file), text));
  execFileSync(server, ["port", ...[asked].flat(), "--write", "--force"], {
    cwd: copy,
    stdio: "pipe",
  });
  const now = Object.entries(texts(copy)).filter(([file, text]) => before[file] !== text);
  return Object.fromEntries(now);
}

/** The text of each file that a port may change. */
function texts(folder) {
  const files = readdirSync(folder, { recursive: true });
  const ours = files.filter((file) => /^(crate|backend).*\.(rs|py|toml)$|^[^/]*\.toml$/.test(file));
  return Object.fromEntries(ours.map((file) => [file, readFileSync(join(folder, file), "utf8")]));
}

/** The server's own list, such as `verdict pin`: what an action may carry, as its schema says. */
function ownKinds(server) {
  const program =
    "import msgspec; from port_lsp.server.features.actions import ActionData; " +
    "print(msgspec.json.encode(msgspec.json.schema(ActionData)).decode())";
  const python = join(server, "..", "python");
  const { $defs } = JSON.parse(execFileSync(python, ["-c", program]).toString());
  const values = (record, field) => $defs[record].properties[field].enum;
  return [
    ...values("Target", "kind").map((kind) => `target ${kind}`),
    ...values("Verdict", "verdict").map((kind) => `verdict ${kind}`),
  ];
}

/** A text with a part of it replaced, which must be there once. */
export function replacedOnce(text, from, to) {
  const [before, behind, ...more] = text.split(from);
  if (behind === undefined || more.length > 0) {
    throw new Error(`not there once: ${from}`);
  }
  return before + to + behind;
}
