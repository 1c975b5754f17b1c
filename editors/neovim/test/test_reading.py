"""What is shown: squiggles, lenses, hover; and the way to the other side, in both encodings."""

from pathlib import Path
from typing import Any

import pytest

CRABS = "/* 🦀🦀 */ "  # two characters of four bytes in UTF-8, of two units in UTF-16

CASE = """
start({{ capabilities = {{ general = {{ positionEncodings = {{ '{encoding}' }} }} }} }})
open('backend/notes_app/routers/notes.py')
local client = vim.lsp.get_clients({{ name = 'port_lsp' }})[1]
local found = {{ encoding = client.offset_encoding, status = require('port_lsp').statusline() }}
found.python = await('squiggles', function()
  return #squiggles() > 0 and squiggles()
end)
found.lenses = await('lenses', function()
  return #lenses() > 0 and lenses()
end)
on('search_notes')
vim.lsp.buf.hover()
found.hover = await('hover', float)
vim.cmd.fclose({{ bang = true }})
on('def list_notes')
found.there = command('PortCounterpart')
found.back = command('PortCounterpart')
on('search_notes')
found.planned = command('PortCounterpart')
found.said = said
vim.cmd.edit('backend/notes_app/routers/notes.py')
on('@router.get("/search"')
found.lens = command('lua vim.lsp.codelens.run()')
vim.cmd.edit('crate/src/routes/mod.rs')
found.rust = await('squiggles', function()
  return #squiggles() > 0 and squiggles()
end)
found.clients = #vim.lsp.get_clients()
found.root = client.config.root_dir
return found
"""


def with_crabs(file: Path, before: str) -> None:
    """Puts characters outside the BMP before a text."""
    text = file.read_text(encoding="utf-8")
    assert text.count(before) == 1
    file.write_text(text.replace(before, CRABS + before), encoding="utf-8")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_shown_and_jumped_to(run: Any, example: Path, encoding: str) -> None:
    with_crabs(example / "crate/src/routes/notes.rs", "async fn list_notes(")
    with_crabs(example / "crate/src/routes/mod.rs", '.route("/metrics"')
    found = run(CASE.format(encoding=encoding))
    assert found["encoding"] == encoding
    assert found["python"] == [
        [37, "unported-endpoint", "search_notes"],
        [75, "unported-endpoint", "live_note"],
    ]
    assert found["rust"] == [[33, "rust-only-route", "route"]]
    assert found["lenses"] == [
        [1, "6 of 8 endpoints ported, 2 drifted"],
        [22, "→ routes/notes.rs:57 · ported"],
        [29, "→ routes/notes.rs:69 · ported"],
        [36, "not ported"],
        [41, "→ routes/notes.rs:80 · drifted: path-drift"],
        [53, "→ routes/notes.rs:94 · ported"],
        [58, "→ routes/notes.rs:103 · drifted: method-drift"],
        [68, "→ routes/notes.rs:115 · ported"],
        [74, "not ported"],
    ]
    assert "GET /api/v1/notes/search" in found["hover"]
    assert "not ported" in found["hover"]
    column = len(f"{CRABS}async fn ".encode()) + 1
    assert found["there"] == ["notes.rs", 57, column, "list_notes("]
    assert found["back"] == ["notes.py", 23, 5, "list_notes("]
    last = ["notes.rs", 124, 1, "}"]
    assert found["planned"] == last
    assert found["lens"] == last
    assert found["said"] == [
        "port-lsp: GET /api/v1/notes/search would go to the end of routes/notes.rs"
    ]
    assert found["clients"] == 1
    assert found["root"] == str(example)
    assert found["status"] == "port 75/111"


def test_a_choice_where_there_are_several(run: Any) -> None:
    found = run("""
    start()
    open('crate/src/models/folder.rs')
    on('Folder {')
    local offered
    vim.ui.select = function(items, options, chosen)
      offered = vim.tbl_map(options.format_item, items)
      chosen(items[2])
    end
    local there = command('PortCounterpart')
    return { offered = offered, there = there }
    """)
    file = "backend/notes_app/models/folders.py"
    assert found["offered"] == [
        f"Folder · ported  {file}:9",
        f"FolderResponse · ported  {file}:21",
    ]
    assert found["there"] == ["folders.py", 21, 7, "FolderResponse(BaseModel):"]
