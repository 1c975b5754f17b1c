"""Which stubs may be filled: handlers of the crate that do nothing yet, and nothing else.

A hole that port-lsp wrote itself is filled for who asks for it by name: mostly nothing more of it
can be translated than when it was written.
"""

from __future__ import annotations

from collections.abc import Iterator

from port_lsp.facts.items import Endpoint
from port_lsp.facts.links import Link
from port_lsp.facts.source import Place
from port_lsp.index.snapshot import Snapshot
from port_lsp.rust.stubtext import StubText, stub_at


def stub_of(snapshot: Snapshot, link: Link) -> Endpoint | None:
    """The crate's endpoint whose handler is the stub that a link leads to; None where it leads to
    none, to a function that does more than a stub does, or to a hole of ours."""
    if link.presence != "stub" or link.backend is None or snapshot.crate is None:
        return None
    found = next((one for one in snapshot.crate.endpoints if one.id == link.crate), None)
    stub = text_of(snapshot, found.place) if found is not None else None
    return found if stub is not None and not stub.is_ours else None


def text_of(snapshot: Snapshot, place: Place) -> StubText | None:
    """The stub whose name is at a place of the crate, by the bytes of its chunk."""
    source = snapshot.crate_files.get(place.file)
    chunk = source.by_id.get(place.chunk) if source is not None else None
    if source is None or chunk is None:
        return None
    return stub_at(source.chunk_bytes(chunk), place.span.start)


def fillable(snapshot: Snapshot, file: str | None = None) -> Iterator[str]:
    """The ids of the endpoints, of a file of the backend or of all, whose stubs may be filled."""
    for link in snapshot.links.endpoints:
        if link.backend is None or file not in (None, link.backend.partition("::")[0]):
            continue
        if stub_of(snapshot, link) is not None:
            yield link.backend
