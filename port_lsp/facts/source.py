"""Files as they are cut into chunks, and places inside them that survive an edit above."""

from collections.abc import Iterable
from hashlib import blake2b

import msgspec

from port_lsp.text import Span, Text

DIGEST_SIZE = 8  # bytes; of a chunk's text


class Record(msgspec.Struct, frozen=True, gc=False):
    """What every record here is: immutable, compared by value, no cycles."""


class Place(Record, frozen=True, order=True):
    """Where something stands: a range relative to its chunk's first byte.

    Facts hold places and no offsets into files, so that an edit above a chunk changes none of them
    (invariant 2). `SourceFile.span` turns one into a range of the file.
    """

    file: str
    chunk: str
    span: Span = Span(0, 0)


class Chunk(Record, frozen=True):
    """A top-level piece of a file, as tree-sitter cuts it.

    `id` is unique in its file and contains no position: the qualified name, else kind and digest,
    with `~2`, `~3`… behind it where the same comes again. `kind` is the reader's own word
    ("function", "class", "import", …); "broken" is a piece that doesn't parse right now.
    """

    id: str
    kind: str
    name: str
    span: Span
    digest: bytes


class Piece(Record, frozen=True):
    """A chunk before it has an id: what tree-sitter says of it. `name` is "" where it has none."""

    kind: str
    name: str
    span: Span


def name_chunks(data: bytes, pieces: Iterable[Piece | Chunk]) -> tuple[Chunk, ...]:
    """Gives each piece of a file its id and the digest of its bytes, by which facts are kept.

    A chunk among the pieces is one of before the edit, where it is now: its digest is known.
    """
    chunks: list[Chunk] = []
    seen: dict[str, int] = {}
    for piece in pieces:
        if isinstance(piece, Chunk):
            known, digest = piece, piece.digest
            base = piece.name or piece.id.partition("~")[0]
        else:
            known = None
            content = data[piece.span.start : piece.span.end]
            digest = blake2b(content, digest_size=DIGEST_SIZE).digest()
            base = piece.name or f"{piece.kind}:{digest.hex()}"
        count = seen[base] = seen.get(base, 0) + 1
        ident = base if count == 1 else f"{base}~{count}"
        if known is None or known.id != ident:
            known = Chunk(ident, piece.kind, piece.name, piece.span, digest)
        chunks.append(known)
    return tuple(chunks)


def moved(chunk: Chunk, by: int) -> Chunk:
    """The same chunk, `by` bytes further on."""
    if not by:
        return chunk
    return Chunk(chunk.id, chunk.kind, chunk.name, chunk.span.shift(by), chunk.digest)


class SourceFile(msgspec.Struct, frozen=True):
    """One file at one revision: its text and its chunks in order."""

    path: str
    text: Text
    chunks: tuple[Chunk, ...]
    by_id: dict[str, Chunk]

    def span(self, place: Place) -> Span:
        """The range of the file that a place names; the file's start for a chunk that is gone."""
        chunk = self.by_id.get(place.chunk)
        return place.span.shift(chunk.span.start) if chunk else Span(0, 0)

    def line(self, place: Place) -> int:
        """The 1-based line on which a place begins."""
        return self.text.line_of(self.span(place).start)

    def chunk_bytes(self, chunk: Chunk) -> bytes:
        """The text of one chunk."""
        return self.text.data[chunk.span.start : chunk.span.end]


def source_file(path: str, text: Text, chunks: tuple[Chunk, ...]) -> SourceFile:
    """A file from its parts."""
    return SourceFile(path, text, chunks, {chunk.id: chunk for chunk in chunks})


FILE_START = ""


def file_start(path: str) -> Place:
    """The place that is a file's first byte, whatever its chunks are."""
    return Place(path, FILE_START)


def item_key(file: str, qualified_name: str) -> str:
    """contract.md's item key: `open_webui/routers/users.py::get_users`."""
    return f"{file}::{qualified_name}"
