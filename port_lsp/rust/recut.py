"""Cuts anew only the part of a file that an edit touched, where that gives what a full cut gives.

The part reaches from the chunk before the first touched one to the chunk behind the last. It is
taken when it parses without errors and both of these come out as they were: then what stands
before and behind it is read as before, too.
"""

from __future__ import annotations

from collections.abc import Mapping

from port_lsp.facts.source import Chunk, Piece, SourceFile
from port_lsp.rust.declared import ChunkFacts
from port_lsp.rust.outline import BROKEN, DANGLING, Cut, cut


def recut(previous: SourceFile, data: bytes, known: Mapping[bytes, ChunkFacts]) -> Cut | None:
    """The cut of a file's new text; None where the whole must be cut.

    `known` has the facts of all chunks of the previous version.
    """
    chunks = previous.chunks
    if not chunks or any(chunk.kind in (BROKEN, DANGLING) for chunk in chunks):
        return None
    old = previous.text.data
    same_before = _common_prefix(old, data)
    same_behind = _common_suffix(old, data, same_before)
    # One whole chunk is left between what is kept and the edit.
    left = max(sum(chunk.span.end <= same_before for chunk in chunks) - 1, 0)
    behind = len(old) - same_behind
    right = min(sum(chunk.span.start < behind for chunk in chunks) + 1, len(chunks))
    by = len(data) - len(old)
    start = chunks[left - 1].span.end if left else 0
    end = chunks[right].span.start + by if right < len(chunks) else len(data)
    part = cut(data[start:end], known)
    if not part.sound or any(piece.kind == DANGLING for piece in part.pieces):
        return None
    if left and not _is(part.pieces[:1], chunks[left], start):
        return None
    if right < len(chunks) and not _is(part.pieces[-1:], chunks[right - 1], start - by):
        return None
    pieces = (
        *(Piece(chunk.kind, chunk.name, chunk.span) for chunk in chunks[:left]),
        *(Piece(piece.kind, piece.name, piece.span.shift(start)) for piece in part.pieces),
        *(Piece(chunk.kind, chunk.name, chunk.span.shift(by)) for chunk in chunks[right:]),
    )
    facts = (
        *(known[chunk.digest] for chunk in chunks[:left]),
        *part.facts,
        *(known[chunk.digest] for chunk in chunks[right:]),
    )
    return Cut(pieces, facts, sound=True)


def _is(pieces: tuple[Piece, ...], chunk: Chunk, by: int) -> bool:
    """Whether the one piece given is a chunk of before, that many bytes further on."""
    return any(
        (piece.kind, piece.name, piece.span.shift(by)) == (chunk.kind, chunk.name, chunk.span)
        for piece in pieces
    )


def _common_prefix(one: bytes, other: bytes) -> int:
    """How many bytes both begin with."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _common_suffix(one: bytes, other: bytes, before: int) -> int:
    """How many bytes both end with, apart from so many that they begin with."""
    low, high = 0, min(len(one), len(other)) - before
    while low < high:
        middle = (low + high + 1) // 2
        if one[len(one) - middle : len(one) - low] == other[len(other) - middle : len(other) - low]:
            low = middle
        else:
            high = middle - 1
    return low
