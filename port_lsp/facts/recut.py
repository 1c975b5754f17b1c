"""Cutting again only what an edit touched."""

from collections.abc import Callable
from typing import Protocol

from port_lsp.facts.source import Chunk, Piece, SourceFile, moved
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


def is_broken(file: SourceFile) -> bool:
    """Whether something in a file doesn't parse."""
    return any(chunk.kind == BROKEN for chunk in file.chunks)


def touched(previous: SourceFile, text: Text) -> tuple[int, int, Span] | None:
    """Which chunks an edit touched: the indices from and up to, and the slice of the new text
    that replaces them.

    The chunk before and the one behind the edit count as touched, for it may join or part them.
    None where the whole file must be cut: it was broken before, or the slice wouldn't begin and
    end with a line.
    """
    chunks = previous.chunks
    if not chunks or is_broken(previous):
        return None
    old, new = previous.text.data, text.data
    same_start = common_prefix(old, new)
    old_end = len(old) - common_suffix(old, new, same_start)
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
    previous: SourceFile, text: Text, cut: Callable[[bytes], Pieces], *, hasty: bool = False
) -> tuple[tuple[Piece | Chunk, ...], range] | None:
    """The new text's pieces, cutting only the touched slice, and which of them are newly cut; the
    others are chunks of before, where they are now.

    None where the slice isn't sound by itself: then the whole file must be cut. `hasty` takes such
    a slice with what is broken in it.
    """
    found = touched(previous, text)
    if found is None:
        return None
    first, last, span = found
    data = text.data[span.start : span.end]
    if data.rstrip().endswith(b"\\"):
        return None
    part = cut(data)
    if not part.sound and not hasty:
        return None
    shift = len(text.data) - len(previous.text.data)
    inner = (Piece(one.kind, one.name, one.span.shift(span.start)) for one in part.pieces)
    behind = (moved(chunk, shift) for chunk in previous.chunks[last:])
    pieces = (*previous.chunks[:first], *inner, *behind)
    return pieces, range(first, first + len(part.pieces))


def _begins_line(data: bytes, offset: int) -> bool:
    return offset == 0 or data[offset - 1 : offset] in (b"\n", b"\r")


def common_prefix(one: bytes, other: bytes) -> int:
    """How many bytes both begin with, by halving: comparing slices costs next to nothing,
    comparing bytes one by one in Python does."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def common_suffix(one: bytes, other: bytes, before: int) -> int:
    """How many bytes both end with, apart from so many that they begin with."""
    low, high = 0, min(len(one), len(other)) - before
    while low < high:
        middle = (low + high + 1) // 2
        if one[len(one) - middle : len(one) - low] == other[len(other) - middle : len(other) - low]:
            low = middle
        else:
            high = middle - 1
    return low
