"""Anchors: the places in a Rust file where something may be inserted.

They follow from the file's chunks alone. Offsets are bytes of the file.
"""

from __future__ import annotations

import re

from port_lsp.facts.source import Chunk, Record, SourceFile
from port_lsp.text import Span

_TEST = re.compile(rb"#\[\s*cfg\s*\(\s*(?:all\s*\(\s*)?test\b")
_MOD = re.compile(
    r"^(?P<attributes>(?:#\[[^\n]*\]\s*)*)(?P<visible>pub(?:\s*\([^)]*\))?\s+)?mod\s+"
    r"(?P<name>(?:r#)?\w+)\s*;\s*$"
)
_COMMENTS = re.compile(rb"(?:\s*(?://[^\n]*|/\*.*?\*/)\s*)+", re.S)


class UseAt(Record, frozen=True):
    """A `use` declaration: its text with its attributes, and whether it directly follows the one
    before. `start` is where comments begin that document it: it is moved with them."""

    span: Span
    text: str
    follows: bool
    start: int


class ModAt(Record, frozen=True):
    """A `mod name;`: `visible` is "pub", "pub(crate)" or "", `follows` as of a use."""

    span: Span
    name: str
    visible: str
    follows: bool


class Anchors(Record, frozen=True):
    """The anchors of one file.

    `start` is before its first item and what belongs to it, behind inner attributes; `end` behind
    its last item that isn't a module of tests.
    """

    uses: tuple[UseAt, ...]
    mods: tuple[ModAt, ...]
    start: int
    end: int


def anchors(file: SourceFile) -> Anchors:
    """Where things may be inserted in a file."""
    uses: list[UseAt] = []
    mods: list[ModAt] = []
    start: int | None = None
    end = 0
    previous: Chunk | None = None
    for chunk in file.chunks:
        data = file.chunk_bytes(chunk)
        if chunk.kind == "attribute" and start is None:
            end, previous = chunk.span.end, chunk
            continue
        start = chunk.span.start if start is None else start
        follows = previous is not None and _is_next(file, previous, chunk)
        if chunk.kind == "import":
            said = _COMMENTS.match(data)
            span = Span(chunk.span.start + (said.end() if said else 0), chunk.span.end)
            text = file.text.data[span.start : span.end].decode("utf-8", "replace")
            uses.append(UseAt(span, text, follows, chunk.span.start))
        elif chunk.kind == "module":
            found = _MOD.match(data.decode("utf-8", "replace"))
            if found is not None:
                visible = (found["visible"] or "").strip()
                mods.append(ModAt(chunk.span, found["name"].removeprefix("r#"), visible, follows))
        if not (chunk.kind == "module" and _TEST.search(data)):
            end = chunk.span.end
        previous = chunk
    return Anchors(tuple(uses), tuple(mods), start if start is not None else end, end)


def _is_next(file: SourceFile, one: Chunk, other: Chunk) -> bool:
    """Whether a chunk stands on the line after another's, with nothing between."""
    between = file.text.data[one.span.end : other.span.start]
    return between.replace(b"\r\n", b"\n") == b"\n"
