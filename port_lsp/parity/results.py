"""What a comparison found, kept in a file that the configuration names (`[parity] results`), and
which endpoints it still speaks of: those whose handlers are the same text on both sides.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

import msgspec

from port_lsp.facts.items import Endpoint
from port_lsp.facts.source import Place, Record, SourceFile
from port_lsp.index.snapshot import Snapshot


class Recorded(Record, frozen=True):
    """One endpoint of the file: its id, what came of it, the digest of its handlers then."""

    endpoint: str
    verdict: str
    texts: str = ""


class _Results(Record, frozen=True):
    endpoints: tuple[Recorded, ...] = ()


class _Rows(Record, frozen=True):
    endpoints: tuple[dict[str, Any], ...] = ()


def texts_of(snapshot: Snapshot, python: Endpoint, rust: Endpoint) -> str:
    """A digest of the texts of an endpoint's handlers on both sides."""
    found = blake2b(digest_size=8)
    for files, place in (
        (snapshot.backend_files, python.place),
        (snapshot.crate_files, rust.place),
    ):
        found.update(_chunk(files.get(place.file), place))
    return found.hexdigest()


def _chunk(file: SourceFile | None, place: Place) -> bytes:
    chunk = file.by_id.get(place.chunk) if file is not None else None
    return file.chunk_bytes(chunk) if file is not None and chunk is not None else b""


def recorded(path: str) -> Mapping[str, Recorded]:
    """What a file (absolute path) says, by the endpoints' ids; nothing where it can't be read."""
    try:
        stat = os.stat(path)
    except OSError:
        return {}
    return _read(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=8)
def _read(path: str, *_: int) -> Mapping[str, Recorded]:
    try:
        found = msgspec.json.decode(Path(path).read_bytes(), type=_Results)
    except (OSError, msgspec.MsgspecError):
        return {}
    return {one.endpoint: one for one in found.endpoints}


def merged(path: str, found: Iterable[Record]) -> bytes:
    """What is to be written to a file of results (UTF-8 JSON): what was found of endpoints that
    were asked, and what the file says of the others."""
    new = [msgspec.to_builtins(one) for one in found]
    asked = [one for one in new if one["verdict"] != "not asked"]
    names = {one["endpoint"] for one in asked}
    try:
        old = msgspec.json.decode(Path(path).read_bytes(), type=_Rows).endpoints
    except (OSError, msgspec.MsgspecError):
        old = ()
    kept = [one for one in old if one.get("endpoint") not in names]
    rows = sorted((*kept, *asked), key=lambda one: str(one.get("endpoint")))
    return msgspec.json.format(msgspec.json.encode({"version": 1, "endpoints": rows}), indent=1)


def is_verified(snapshot: Snapshot, python: Endpoint, rust: Endpoint) -> bool:
    """Whether both sides answered the same when they were asked, and neither was edited since."""
    path = snapshot.config.parity.results
    known = recorded(path).get(python.id) if path is not None else None
    if known is None or known.verdict != "same":
        return False
    return known.texts == texts_of(snapshot, python, rust)


def verified(snapshot: Snapshot) -> tuple[int, int] | None:
    """How many of the ported endpoints are verified, and how many there are; None where nothing
    was recorded."""
    path = snapshot.config.parity.results
    if path is None or not recorded(path):
        return None
    every = [is_verified(snapshot, *pair) for pair in ported(snapshot)]
    return sum(every), len(every)


def ported(snapshot: Snapshot) -> Iterator[tuple[Endpoint, Endpoint]]:
    """The endpoints of the backend that are ported, with their counterparts."""
    backend, crate = snapshot.backend, snapshot.crate
    ours = {one.id: one for one in (backend.endpoints if backend is not None else ())}
    theirs = {one.id: one for one in (crate.endpoints if crate is not None else ())}
    for link in snapshot.links.endpoints:
        if link.presence == "ported" and link.backend in ours and link.crate in theirs:
            yield ours[link.backend], theirs[link.crate]
