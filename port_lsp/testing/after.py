"""Tests of what was ported just now: the crate is read again with it, and asked what is certain."""

from __future__ import annotations

import os
from collections.abc import Sequence

from msgspec.structs import replace

from port_lsp.index.index import Index
from port_lsp.patterns.desk import Desks
from port_lsp.patterns.port import Ported
from port_lsp.testing.write import written
from port_lsp.text import Text
from port_lsp.writing.workshop import FileChange


def with_tests(
    index: Index, desks: Desks, done: Ported, idents: Sequence[str]
) -> tuple[Ported, Ported]:
    """What was ported together with tests of endpoints (the backend's ids), as one change; and the
    tests alone. What was ported is laid into the index, as if its files were open."""
    root = index.snapshot.root("crate") or ""
    texts = {
        os.path.join(root, *change.path.split("/")): Text(change.after.encode())
        for change in done.changes
    }
    if texts:
        index.lay(texts)

    def laid(path: str) -> str | None:
        text = texts.get(path)
        return text.data.decode("utf-8", "replace") if text is not None else None

    tests = written(desks.at(index), idents, laid)
    before = {change.path: change.before for change in done.changes}
    every = {change.path: change for change in done.changes}
    for change in tests.changes:
        first = before.get(change.path, change.before)
        every[change.path] = FileChange(change.path, first, change.after)
    # What is ported is that, whether there can be a test of it or not.
    known = {*done.done, *(one.id for one in done.left)}
    told = tuple(f"{one.id}: {one.reason}" for one in tests.left if one.id in done.done)
    left = (*done.left, *(one for one in tests.left if one.id not in known))
    changes = tuple(every[path] for path in sorted(every))
    whole = replace(done, changes=changes, left=left, notes=(*done.notes, *told, *tests.notes))
    return whole, tests
