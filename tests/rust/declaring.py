"""A crate written as one text, read down to its declarations."""

from __future__ import annotations

from port_lsp.facts.source import SourceFile, name_chunks, source_file
from port_lsp.rust.cargo import packages
from port_lsp.rust.declarations import Declarations, Declaring
from port_lsp.rust.declared import ChunkFacts
from port_lsp.rust.modules import Modules
from port_lsp.rust.outline import cut
from port_lsp.rust.typenames import TypeNames
from port_lsp.rust.typetable import Types
from port_lsp.text import Text
from tests.fixturefile import parse


def declared(text: str, *, socketioxide: bool = False, by: Declaring | None = None) -> Declarations:
    """What a fixture's files declare; a text without `//- /path` is the file src/lib.rs."""
    files = parse(text).files if text.lstrip().startswith("//- ") else {"src/lib.rs": text}
    sources: dict[str, SourceFile] = {}
    facts: dict[str, tuple[tuple[str, ChunkFacts], ...]] = {}
    for path, content in files.items():
        data = content.encode()
        found = cut(data)
        chunks = name_chunks(data, found.pieces)
        sources[path] = source_file(path, Text(data), chunks)
        pairs = zip(chunks, found.facts, strict=True)
        facts[path] = tuple((chunk.id, fact) for chunk, fact in pairs)
    modules = Modules(sources, facts, packages({}, frozenset(files)))
    return (by or Declaring()).read(facts, TypeNames(modules), socketioxide=socketioxide)


def known_types(text: str) -> Types:
    """The types of a fixture's files."""
    return declared(text).types
