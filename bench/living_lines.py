"""Whether an edit left alone what it had nothing to do with: by chunks and by lines."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator

from port_lsp.facts.items import Side
from port_lsp.facts.source import SourceFile
from port_lsp.index.snapshot import Snapshot
from port_lsp.writing.workshop import FileChange

_TOKEN = re.compile(r"\w+|[^\w\s]")
_REOPENED = ("import", "module")  # `use` and `mod`, which others are put among


def unrelated(before: Snapshot, after: Snapshot, changes: Iterable[FileChange]) -> Iterator[str]:
    """What changes touched without need, a line each.

    `before` and `after` are what an index says of the crate without and with them. A chunk that was
    there must be there to the byte, unless it is a `use`, a `mod`, registers a route that is new,
    or calls what handles a new event; and wherever lines were taken away, everything in them must
    be found again among those that were put there, in its order: what was only laid out anew.
    """
    assert after.crate is not None
    touched, handlers = _registering(before, after.crate), _handlers(before, after.crate)
    for change in changes:
        if change.before is None:
            continue
        yield from _lost(change)
        was, now = before.crate_files.get(change.path), after.crate_files.get(change.path)
        if was is not None and now is not None:
            here = {chunk for path, chunk in touched if path == was.path}
            yield from _changed(was, now, here, handlers)


def _registering(before: Snapshot, after: Side) -> set[tuple[str, str]]:
    """The chunks that register what is new: file and id."""
    assert before.crate is not None
    known = {one.id for one in before.crate.endpoints}
    events = {one.id for one in before.crate.events}
    found = {
        (place.file, place.chunk)
        for one in after.endpoints
        if one.id not in known
        for place in (one.registered, *(place for _, place in one.trail))
    }
    return found | {
        (one.place.file, one.place.chunk) for one in after.events if one.id not in events
    }


def _handlers(before: Snapshot, after: Side) -> set[bytes]:
    """The names of the functions that handle new events: what tells events apart calls them."""
    assert before.crate is not None
    known = {one.id for one in before.crate.events}
    new = (one.key.rpartition("::")[2] for one in after.events if one.id not in known)
    return {name.encode() for name in new}


def _changed(
    was: SourceFile, now: SourceFile, touched: set[str], handlers: set[bytes]
) -> Iterator[str]:
    for chunk in was.chunks:
        if chunk.kind in _REOPENED or chunk.id in touched:
            continue
        other = now.by_id.get(chunk.id)
        if other is None:
            yield f"{was.path}: {chunk.id} is gone"
        elif other.digest != chunk.digest:
            text, before = now.chunk_bytes(other), was.chunk_bytes(chunk)
            if any(name in text and name not in before for name in handlers):
                continue
            yield f"{was.path}: {chunk.id} was changed"


def _lost(change: FileChange) -> Iterator[str]:
    """Lines of before of which something isn't where they were."""
    was = (change.before or "").splitlines()
    now = change.after.splitlines()
    matcher = difflib.SequenceMatcher(None, was, now, autojunk=False)
    for kind, first, last, start, end in matcher.get_opcodes():
        if kind not in ("replace", "delete"):
            continue
        gone, put = "\n".join(was[first:last]), "\n".join(now[start:end])
        if not _is_among(_TOKEN.findall(gone), _TOKEN.findall(put)):
            yield f"{change.path}:{first + 1}: {gone.strip()!r} became {put.strip()!r}"


def _is_among(words: list[str], others: list[str]) -> bool:
    """Whether tokens come in another list in the same order; a comma before a closing bracket is
    layout."""
    rest = iter(others)
    return all(word in rest for word in words if word != ",")
