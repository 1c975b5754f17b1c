"""Small crates for tests of writing: files in one string, read as the index reads them."""

from __future__ import annotations

from port_lsp.facts.source import SourceFile
from port_lsp.rust.reader import CrateReader
from port_lsp.text import Text
from port_lsp.writing.workshop import FileChange, Workshop
from tests.fixturefile import parse


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
