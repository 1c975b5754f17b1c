"""Cuts anew only the part of a file that an edit touched, where that gives what a full cut gives.

The part reaches from the chunk before the first touched one to the chunk behind the last. It is
taken when it parses without errors and both of these come out as they were: then what stands
before and behind it is read as before, too.
"""

from __future__ import annotations

from collections.abc import Mapping

from port_lsp.facts.recut import common_prefix, common_suffix
from port_lsp.facts.source import Chunk, Piece, Record, SourceFile, moved
from port_lsp.rust.declared import ChunkFacts
from port_lsp.rust.outline import BROKEN, DANGLING, Cut, cut, digest

_MUCH = 4096  # bytes between two edits: parsing less is cheaper than cutting twice
_MOST_TRIED = 4  # chunks behind an edit that are looked for


class Recut(Record, frozen=True):
    """The pieces of a file, those that were kept as chunks, and what each declares."""

    pieces: tuple[Piece | Chunk, ...]
    facts: tuple[ChunkFacts, ...]


def first_edit(previous: SourceFile, data: bytes) -> bytes | None:
    """The text after the first of several edits that led to `data`, where much stands between them
    that is as it was; None where there is but one. Cutting after each is exact, whatever they were,
    and spares the text between: a `use` is put at the top of a file, a handler at its end."""
    old = previous.text.data
    before = common_prefix(old, data)
    behind = len(old) - common_suffix(old, data, before)
    if behind - before < _MUCH:
        return None
    later = [chunk.span for chunk in previous.chunks if before <= chunk.span.start < behind]
    for span in later[:_MOST_TRIED]:
        at = data.find(old[span.start : span.end], before)
        if at >= 0 and common_prefix(old[span.start :], data[at:]) >= _MUCH:
            return data[:at] + old[span.start :]
    return None


def recut(
    previous: SourceFile,
    data: bytes,
    known: Mapping[bytes, ChunkFacts],
    parts: dict[bytes, Cut],
    *,
    hasty: bool = False,
) -> Recut | None:
    """The cut of a file's new text; None where the whole must be cut.

    `known` has the facts of all chunks of the previous version, `parts` those that were cut before,
    by digest. `hasty` takes a part that is broken, too.
    """
    chunks = previous.chunks
    if not chunks or any(chunk.kind in (BROKEN, DANGLING) for chunk in chunks):
        return None
    old = previous.text.data
    same_before = common_prefix(old, data)
    same_behind = common_suffix(old, data, same_before)
    # One whole chunk is left between what is kept and the edit.
    left = max(sum(chunk.span.end <= same_before for chunk in chunks) - 1, 0)
    behind = len(old) - same_behind
    right = min(sum(chunk.span.start < behind for chunk in chunks) + 1, len(chunks))
    by = len(data) - len(old)
    start = chunks[left - 1].span.end if left else 0
    end = chunks[right].span.start + by if right < len(chunks) else len(data)
    key = digest(data[start:end])
    part = parts.get(key)
    if part is None:
        part = parts[key] = cut(data[start:end], known)
    # In haste, what stands around a broken part isn't looked at: the whole is cut later anyway.
    if part.sound or not hasty:
        if not part.sound or any(piece.kind == DANGLING for piece in part.pieces):
            return None
        if left and not _is(part.pieces[:1], chunks[left], start):
            return None
        if right < len(chunks) and not _is(part.pieces[-1:], chunks[right - 1], start - by):
            return None
    pieces = (
        *chunks[:left],
        *(Piece(piece.kind, piece.name, piece.span.shift(start)) for piece in part.pieces),
        *(moved(chunk, by) for chunk in chunks[right:]),
    )
    facts = (
        *(known[chunk.digest] for chunk in chunks[:left]),
        *part.facts,
        *(known[chunk.digest] for chunk in chunks[right:]),
    )
    return Recut(pieces, facts)


def _is(pieces: tuple[Piece, ...], chunk: Chunk, by: int) -> bool:
    """Whether the one piece given is a chunk of before, that many bytes further on."""
    return any(
        (piece.kind, piece.name, piece.span.shift(by)) == (chunk.kind, chunk.name, chunk.span)
        for piece in pieces
    )
