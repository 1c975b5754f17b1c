"""Everything that there is to write: what is unported, the handlers that are there as stubs, and
the functions of plain modules."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator

from port_lsp.facts.items import Endpoint, Function
from port_lsp.index.snapshot import Snapshot
from port_lsp.patterns.functions.offered import is_plain
from port_lsp.patterns.port import Target, unfinished
from port_lsp.patterns.stubs.standing import fillable


def waiting(snapshot: Snapshot, file: str | None = None) -> list[Target]:
    """What "the rest of this file" is (relative path), or everything: in the order in which it is
    written. Plain functions belong to it that say all of their types: one that nothing calls which
    is ported is part of the backend, too. Those that can't be written are noted, and no more:
    nobody has asked for them by name."""
    stubs = [Target("stub", ident) for ident in fillable(snapshot, file)]
    return [*unfinished(snapshot, file), *stubs, *_functions(snapshot, file)]


def _functions(snapshot: Snapshot, file: str | None) -> Iterator[Target]:
    backend = snapshot.backend
    every = (*backend.endpoints, *backend.events) if backend is not None else ()
    called = {one.key for one in every}  # by the framework
    guards = _guards(backend.endpoints if backend is not None else ())
    models = {one.key for one in (backend.models if backend is not None else ())}
    facts = {one.key: one for one in (backend.functions if backend is not None else ())}
    for link in snapshot.links.functions:
        key = link.backend
        if key is None or link.presence != "unported":
            continue
        if file not in (None, key.partition("::")[0]):
            continue
        if key in facts and facts[key].name in guards:
            continue
        if key in facts and key not in called and _is_plain(snapshot, facts[key], models):
            yield Target("function", key, spare=True)


def _guards(endpoints: Iterable[Endpoint]) -> set[str]:
    """The words of what says who may call: what is a guard there is an extractor in Rust."""
    lines = {line for one in endpoints for line in one.signature.guard.evidence}
    return {word for line in lines for word in re.findall(r"\w+", line)}


def _is_plain(snapshot: Snapshot, function: Function, models: Container[str]) -> bool:
    source = snapshot.backend_files.get(function.place.file)
    return source is not None and is_plain(source, function, models)
