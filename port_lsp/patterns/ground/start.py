"""A new crate: its ground laid in memory, so that items are ported onto it as into any other."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

import msgspec

from port_lsp.facts.recut import BROKEN
from port_lsp.index.index import Index
from port_lsp.patterns.ground.facts import facts_of
from port_lsp.patterns.ground.render import TemplateFailedError, ground
from port_lsp.patterns.ground.rows import rows_onto
from port_lsp.patterns.port import Ported
from port_lsp.text import Text
from port_lsp.writing.registering import Framework
from port_lsp.writing.workshop import FileChange

# The auth module's comments.
_GATE = re.compile(r"^/// Who passes the backend's `(.+)`\.$")
_HOLE = re.compile(r"^\s*// Not ported: (.+)\.$")
# What a folder may hold in which a crate is begun.
_NOTHING = frozenset((".git", ".gitattributes", ".gitignore", ".gitkeep", "LICENSE", "README.md"))
_MIGRATIONS = "migrations/"


def is_empty(folder: str) -> bool:
    """Whether a crate may be begun in a folder: it isn't there, or holds nothing of a program."""
    if not os.path.lexists(folder):
        return True
    try:
        return _NOTHING.issuperset(os.listdir(folder))
    except OSError:
        return False


def lay(index: Index, framework: Framework) -> dict[str, str]:
    """Lays the ground of a new crate into an index whose crate is empty; the files by their
    relative paths. Nothing is written. Raises TemplateFailedError, ValueError without a backend."""
    snapshot = index.snapshot
    root, backend = snapshot.root("crate"), snapshot.root("backend")
    side, reader = snapshot.backend, index.backend_reader
    if root is None or backend is None or side is None or reader is None:
        raise ValueError("there is no backend, or no folder for a crate")
    facts = facts_of(side, snapshot.backend_files, reader, backend, framework)
    files = ground(facts, snapshot.config.templates)
    _lay(index, root, files)
    rows, more = rows_onto(index, facts)
    if rows:
        facts = msgspec.structs.replace(facts, auth_rows=rows)
        files = {**ground(facts, snapshot.config.templates), **more}
        _lay(index, root, files)
    for path, file in index.snapshot.crate_files.items():
        broken = next((chunk for chunk in file.chunks if chunk.kind == BROKEN), None)
        if broken is not None:
            line = file.text.data[: broken.span.start].count(b"\n") + 1
            raise TemplateFailedError(
                f"{path}.jinja: what it gives isn't Rust from line {line} of {path} on"
            )
    return files


def _lay(index: Index, root: str, files: dict[str, str]) -> None:
    index.lay({os.path.join(root, *path.split("/")): _text(text) for path, text in files.items()})


def onto(files: dict[str, str], done: Ported, root: str) -> Ported:
    """What was ported onto a ground, as changes of an empty folder (absolute path): files that are
    there already stay."""
    changes = {path: FileChange(path, None, text) for path, text in files.items()}
    laid = [path for path in files if path.startswith(_MIGRATIONS)]
    for one in done.changes:
        text = one.after
        if one.path.startswith(_MIGRATIONS):  # each takes itself for the first
            text = "\n".join([*(changes.pop(path).after for path in laid), text])
        changes[one.path] = FileChange(one.path, None, text)
    new = [
        one for path, one in sorted(changes.items())
        if not os.path.lexists(os.path.join(root, *path.split("/")))
    ]  # fmt: skip
    notes = (*_notes(files), *done.notes)
    return msgspec.structs.replace(done, changes=tuple(new), notes=notes)


def _notes(files: dict[str, str]) -> Iterator[str]:
    """What of the backend's gates isn't in the ground: those refuse until somebody ports it."""
    gate = ""
    for path, text in files.items():
        if path.startswith("src/auth/"):
            for line in text.splitlines():
                found = _GATE.search(line) or _HOLE.search(line)
                if found is not None and found.re is _GATE:
                    gate = found[1]
                elif found is not None:
                    yield f"{gate}: it isn't known {found[1]}: {path} refuses there"


def _text(text: str) -> Text:
    return Text(text.encode())
