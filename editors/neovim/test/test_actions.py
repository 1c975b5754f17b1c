"""Every kind of action, one after the other, in a folder with spaces and letters of any kind.

What is on the disk then is what the command line writes for the same items in a copy, and the
verdicts in the configuration.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import msgspec
import pytest

from port_lsp.server.features.actions import ActionData

NOTES, USERS = "notes_app/routers/notes.py", "notes_app/models/users.py"
RENAMED = "    pub folder_id: Option<String>,\n    pub id: String,"  # of NoteResponse
PINNED = '"notes_app/models/audit.py::AuditResponse" = "src/models/audit.rs::AuditEntry"\n'

# The kind, where, the action's title, and what the command line is given for the same.
PORTED = (
    ("endpoint", f"backend/{NOTES}", "search_notes(", "Port GET /api/v1/notes/search to Rust",
     f"{NOTES}::search_notes"),
    ("model", "backend/notes_app/models/comments.py", "CommentForm(", "Port CommentForm to Rust",
     "notes_app/models/comments.py::CommentForm"),
    ("event", "backend/notes_app/socket.py", "watch_note(", "Port note:watch to Rust",
     "notes_app/socket.py::watch_note"),
    ("function", "backend/notes_app/models/folders.py", "get_by_id(",
     "Port FoldersTable.get_by_id to Rust", "notes_app/models/folders.py::FoldersTable.get_by_id"),
    ("stub", "backend/notes_app/routers/users.py", "delete_user(",
     "Fill in delete_user() of src/routes/users.rs, which is a stub",
     "notes_app/routers/users.py::delete_user"),
    ("fields", f"backend/{USERS}", "UserResponse(",
     "Add the field that UserResponse lacks: last_active_at", f"{USERS}::UserResponse"),
    ("fields", "crate/src/models/note.rs", "NoteResponse {",
     "Name folder_id `folder_id` on the wire", "notes_app/models/notes.py::NoteResponse"),
    ("test", f"backend/{NOTES}", "list_notes(", "Write integration test for GET /api/v1/notes",
     f"{NOTES}::list_notes"),
)  # fmt: skip
PAIR = f'"{NOTES}::update_note" = '
VERDICTS = (
    ("pin", f"backend/{NOTES}", "update_note(", "This is the counterpart: POST /api/v1/notes/"),
    (
        "unpin",
        "crate/src/routes/users.rs",
        "fn get_user(",
        "Not the counterpart: GET /api/v1/users/",
    ),
    ("ignore", f"backend/{NOTES}", "live_note(", "Won't port WEBSOCKET /api/v1/notes/"),
)

CASE = """
start({{ capabilities = {{ general = {{ positionEncodings = {{ '{encoding}' }} }} }} }})
open('backend/notes_app/routers/notes.py')
local client = vim.lsp.get_clients({{ name = 'port_lsp' }})[1]

local function offered(title)
  local params = vim.lsp.util.make_range_params(0, client.offset_encoding)
  params.context = {{ diagnostics = {{}} }}
  local answers = vim.lsp.buf_request_sync(0, 'textDocument/codeAction', params, 30000) or {{}}
  for _, action in ipairs((answers[client.id] or {{}}).result or {{}}) do
    if vim.startswith(action.title, title) then
      return true
    end
  end
end

for _, one in ipairs(vim.json.decode({cases})) do
  local file, text, title = unpack(one)
  open(file)
  on(text)
  await(title, function()
    return offered(title)
  end)
  local function act()
    vim.lsp.buf.code_action({{ apply = true, filter = function(action)
      return vim.startswith(action.title, title)
    end }})
  end
  act()
  await('edit of ' .. title, function()
    return #vim.fn.getbufinfo({{ bufmodified = 1 }}) > 0
  end)
  vim.wait(300) -- what the action brings besides its edit
  vim.cmd('silent wall')
end
return client.offset_encoding
"""


@pytest.fixture
def example(example: Path, tmp_path: Path) -> Path:
    """The example in a folder whose name has spaces and letters beyond ASCII, one beyond the BMP;
    and with a field under another name on the wire."""
    note = example / "crate/src/models/note.rs"
    text = note.read_text(encoding="utf-8")
    assert text.count(RENAMED) == 1
    renamed = text.replace(RENAMED, f'    #[serde(rename = "folder")]\n{RENAMED}')
    note.write_text(renamed, encoding="utf-8")
    return example.rename(tmp_path / "für später 日本 𝒳")


def texts(folder: Path) -> dict[str, str]:
    """The files that an action may change."""
    files = [*folder.glob("*.toml"), *folder.glob("crate/**/*.rs"), *folder.glob("crate/*.toml")]
    return {str(one.relative_to(folder)): one.read_text(encoding="utf-8") for one in files}


def written(example: Path, copy: Path, server: Path) -> dict[str, str]:
    """What the command line writes for the items in a copy, and the verdicts."""
    shutil.copytree(example, copy)
    for kind, *_, item in PORTED:
        command = [str(server / "port-lsp"), "port", item, "--write", "--force"]
        command += ["--with-tests"] if kind == "test" else []
        subprocess.run(command, cwd=copy, check=True, capture_output=True, timeout=100)
    found = texts(copy)
    before = found["port-lsp.toml"]
    assert before.count(PINNED) == 1
    pinned = before.replace(
        PINNED, f'{PINNED}"{NOTES}::update_note" = "src/routes/notes.rs::update_note"\n'
    )
    unpinned = (
        '\n[unpin]\n"notes_app/routers/users.py::get_user" = ["src/routes/users.rs::get_user"]\n'
    )
    ignored = f'\n[[ignore]]\nitem = "{NOTES}::live_note"\nreason = "say why"\n'
    found["port-lsp.toml"] = f"{pinned}{ignored}{unpinned}"
    return found


def test_every_kind_is_here() -> None:
    schema: Any = msgspec.json.schema(ActionData)["$defs"]
    kinds = schema["Target"]["properties"]["kind"]["enum"]
    verdicts = schema["Verdict"]["properties"]["verdict"]["enum"]
    assert {kind for kind, *_ in PORTED} == set(kinds)
    assert {kind for kind, *_ in VERDICTS} == set(verdicts)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_each_reaches_the_disk(
    run: Any, example: Path, server: Path, tmp_path: Path, encoding: str
) -> None:
    wanted = written(example, tmp_path / "copy", server)
    before = texts(example)
    cases = [one[1:4] for one in (*PORTED, *VERDICTS)]
    said = json.dumps(json.dumps(cases))
    assert run(CASE.format(encoding=encoding, cases=said)) == encoding
    assert wanted != before
    assert texts(example) == wanted
