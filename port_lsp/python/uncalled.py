"""Registrations in functions that are never seen to be called.

`def on_start(self, app)` of a plugin registers on an application that nobody in the tree is known
to hand in. What it registers can't be told, but that it does is said, with its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from port_lsp.facts.items import Unresolved
from port_lsp.facts.source import Chunk, Place, Record, SourceFile, item_key
from port_lsp.python.outline import Shape
from port_lsp.python.turns import CALLED_AGAIN, REGISTERING
from port_lsp.text import Span

if TYPE_CHECKING:
    from port_lsp.python.interpret import Interpreter

_FORM = re.compile(
    rb"^[ \t]*@[\w.]+\.(get|post|put|patch|delete|head|options|trace|api_route|websocket)\("
    rb"(?:\s*(?:path\s*=\s*)?[\"']([^\"'\n]*))?"
    rb"|^[^#\n]*\.(include_router|add_(?:api_|websocket_|api_websocket_)?route)"
    rb"\((?!\s*[\"'](?:\*|[A-Z]+)[\"'])()"  # the method comes first in aiohttp's `add_route`
    rb"|^[^#\n]*\.(mount)\(\s*[\"'](/[^\"'\n]*)"
    rb"|^[^#\n]*\b\w*(?:app|api|router)\.(get|post|put|patch|delete)(?=" + CALLED_AGAIN + rb")\((?:"
    rb"\s*(?:path\s*=\s*)?[\"']([^\"'\n]*))?",
    re.M,
)
_MOST = 50_000  # chunks that are remembered
_DEF = re.compile(rb"[ \t]*(?:async\s+def|def|class)\s+(\w+)")
_TEXT = re.compile(rb'"""(?:[^\\]|\\.)*?"""|\'\'\'(?:[^\\]|\\.)*?\'\'\'', re.S)


class _Found(Record, frozen=True):
    """One such call: the function's qualified name, where, which construct, what of the path."""

    function: str
    span: Span
    construct: str
    known: str


class Uncalled:
    """Looks for them. State: what was found in a file's text, by its path."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[SourceFile, tuple[tuple[Chunk, _Found], ...]]] = {}
        self._chunks: dict[bytes, tuple[_Found, ...]] = {}  # by the digests of their texts

    def of(self, run: Interpreter, file: SourceFile) -> Iterator[Unresolved]:
        """The registrations of a file whose functions no module's run followed."""
        known = self._known.get(file.path)
        if known is None or known[0] is not file:
            known = self._known[file.path] = (file, tuple(self._all(run, file)))
        for chunk, found in known[1]:
            if not _is_followed(run, file.path, found.function):
                place = Place(file.path, chunk.id, found.span)
                reason = f"no call of {found.function} is known"
                yield Unresolved(place, found.construct, reason, found.known)

    def _all(self, run: Interpreter, file: SourceFile) -> Iterator[tuple[Chunk, _Found]]:
        for chunk in file.chunks:
            if chunk.kind not in ("function", "class"):
                continue
            known = self._chunks.get(chunk.digest)
            if known is None:
                if len(self._chunks) >= _MOST:
                    self._chunks.clear()
                known = self._chunks[chunk.digest] = tuple(_found(run, file, chunk))
            yield from ((chunk, found) for found in known)


def _found(run: Interpreter, file: SourceFile, chunk: Chunk) -> Iterator[_Found]:
    shape = run.store.shapes.get(chunk.digest)
    if shape is not None and run.store.mentions(file, chunk, REGISTERING):
        yield from _in(shape, without_texts(file.chunk_bytes(chunk)), "")


def _is_followed(run: Interpreter, path: str, function: str) -> bool:
    """Whether a function was followed, or stands in one that decorates classes."""
    key = item_key(path, function)
    first = function.partition(".")[0]
    return key in run.reached or item_key(path, first) in run.decorating


def without_texts(data: bytes) -> bytes:
    """A Python text in which texts of several lines (examples in docstrings) are blank."""
    return _TEXT.sub(lambda text: re.sub(rb"[^\n]", b" ", text[0]), data)


def _in(shape: Shape, data: bytes, within: str) -> Iterator[_Found]:
    if shape.kind == "class":
        for member in shape.members:
            yield from _in(member, data, f"{within}{shape.name}.")
    elif shape.kind == "function":
        for match in _FORM.finditer(data, shape.colon, shape.end):
            # Of the pairs of groups (construct, path) the one that matched.
            construct, known = next((match[i], match[i + 1]) for i in (1, 3, 5, 7) if match[i])
            yield _Found(
                f"{within}{shape.name}{_nested(data, shape.colon, match.start())}",
                Span(match.start(), match.end()),
                construct.decode(),
                (known or b"").decode("utf-8", "replace"),
            )


def _nested(data: bytes, start: int, end: int) -> str:
    """The names of the definitions inside of a function that a place lies in: ".decorator"."""
    lines = data[start : data.find(b"\n", end)].split(b"\n")
    indent = len(lines[-1]) - len(lines[-1].lstrip())
    names = ""
    for line in reversed(lines[:-1]):
        inside = len(line) - len(line.lstrip())
        if line.strip() and inside < indent:
            indent = inside
            if match := _DEF.match(line):
                names = f".{match[1].decode()}{names}"
    return names
