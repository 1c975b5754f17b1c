"""Cutting again only what an edit touched."""

from collections.abc import Callable
from typing import Protocol

from port_lsp.facts.source import Chunk, Piece, SourceFile
from port_lsp.text import Span, Text

BROKEN = "broken"


class Pieces(Protocol):
    """What a language's `cut` gives: pieces in order, and whether the text was sound."""

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """The pieces in order."""
        ...

    @property
    def sound(self) -> bool:
        """Whether the text parsed without an error."""
        ...


def touched(previous: SourceFile, text: Text) -> tuple[int, int, Span] | None:
    """Which chunks an edit touched: the indices from and up to, and the slice of the new text
    that replaces them.

    The chunk before and the one behind the edit count as touched, for it may join or part them.
    None where the whole file must be cut: it was broken before, or the slice wouldn't begin and
    end with a line.
    """
    chunks = previous.chunks
    if not chunks or any(chunk.kind == BROKEN for chunk in chunks):
        return None
    old, new = previous.text.data, text.data
    same_start = _common(old, new)
    shortest = min(len(old), len(new)) - same_start
    same_end = min(shortest, _common(old[::-1], new[::-1]))
    old_end = len(old) - same_end
    first = next((i for i, c in enumerate(chunks) if c.span.end >= same_start), len(chunks))
    last = next((i for i, c in enumerate(chunks) if c.span.start > old_end), len(chunks))
    first, last = max(0, first - 1), min(len(chunks), last + 1)
    while first > 0 and not _begins_line(old, chunks[first].span.start):
        first -= 1
    while last < len(chunks) and not _begins_line(old, chunks[last].span.start):
        last += 1
    start = chunks[first].span.start if first else 0
    end = chunks[last].span.start if last < len(chunks) else len(old)
    return first, last, Span(start, end + len(new) - len(old))


def spliced(
    previous: SourceFile, text: Text, cut: Callable[[bytes], Pieces]
) -> tuple[tuple[Piece, ...], range] | None:
    """The new text's pieces, cutting only the touched slice; and which of them are newly cut.

    None where the slice isn't sound by itself: then the whole file must be cut.
    """
    found = touched(previous, text)
    if found is None:
        return None
    first, last, span = found
    data = text.data[span.start : span.end]
    if data.rstrip().endswith(b"\\"):
        return None
    part = cut(data)
    if not part.sound:
        return None
    shift = len(text.data) - len(previous.text.data)
    inner = tuple(_moved(piece, span.start) for piece in part.pieces)
    before = tuple(_kept(chunk, 0) for chunk in previous.chunks[:first])
    behind = tuple(_kept(chunk, shift) for chunk in previous.chunks[last:])
    return (*before, *inner, *behind), range(len(before), len(before) + len(inner))


def _kept(chunk: Chunk, shift: int) -> Piece:
    return Piece(chunk.kind, chunk.name, chunk.span.shift(shift) if shift else chunk.span)


def _moved(piece: Piece, by: int) -> Piece:
    return Piece(piece.kind, piece.name, piece.span.shift(by))


def _begins_line(data: bytes, offset: int) -> bool:
    return offset == 0 or data[offset - 1 : offset] in (b"\n", b"\r")


def _common(old: bytes, new: bytes) -> int:
    """The length of the longest common prefix, by halving: comparing slices costs next to
    nothing, comparing bytes one by one in Python does."""
    low, high = 0, min(len(old), len(new))
    while low < high:
        middle = (low + high + 1) // 2
        if old[:middle] == new[:middle]:
            low = middle
        else:
            high = middle - 1
    return low
