"""Small crates for tests of writing: files in one string, read as the index reads them."""

from __future__ import annotations

import os
from pathlib import Path

from port_lsp.facts.source import SourceFile
from port_lsp.patterns.port import Ported
from port_lsp.rust.reader import CrateReader
from port_lsp.text import Text
from port_lsp.writing.workshop import FileChange, Workshop
from tests.fixturefile import Fixture, parse
from tests.writing.test_printer import formatted


def workshop(fixture: str) -> Workshop:
    """A workshop on the files of a fixture."""
    reader = CrateReader()
    files: dict[str, SourceFile] = {}
    manifests: dict[str, bytes] = {}
    for path, text in sorted(parse(fixture).files.items()):
        if path.endswith(".rs"):
            files[path] = reader.outline(path, Text(text.encode()))
        else:
            manifests[path] = text.encode()
    reader.read(files, manifests)
    return Workshop(reader).open(files, manifests)


def shown(changes: tuple[FileChange, ...]) -> str:
    """Changed files as a fixture has them."""
    return "".join(f"//- /{one.path}\n{one.after}" for one in changes)


def holds_against(done: Ported, fixture: Fixture, path: Path) -> None:
    """What was ported, what was left and what was noted is what a fixture (its file) and its
    expected files say; `UPDATE_EXPECT=1` writes the latter anew."""
    left = [f"{one.id}: {one.reason}" for one in done.left]
    assert left == list(fixture.meta.get("left", ()))
    assert list(done.notes) == list(fixture.meta.get("note", ()))
    expected = path.with_suffix(".expected.txt")
    if os.environ.get("UPDATE_EXPECT"):
        expected.write_text(shown(done.changes), encoding="utf-8")
    assert shown(done.changes) == expected.read_text(encoding="utf-8")


def is_formatted(done: Ported, rustfmt: str) -> None:
    """rustfmt would change nothing of what was written."""
    for change in done.changes:
        if change.path.endswith(".rs"):
            assert formatted(rustfmt, change.after) == change.after
