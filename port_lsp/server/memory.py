"""The last good facts of what is broken right now (invariant 3).

While somebody types, the chunk under the cursor rarely parses: its endpoint would vanish, its lens
with it, and its counterpart would be called rust-only, at every other keystroke. So the session
lays what it last knew of such chunks over the snapshot, for open documents alone. Facts, links,
`check` and `export` never see it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from port_lsp.facts.items import Endpoint, Event, Function, Model, Side, Unmounted
from port_lsp.facts.links import Finding, Link, Links, SideName
from port_lsp.facts.recut import BROKEN
from port_lsp.facts.source import Place, SourceFile
from port_lsp.index.snapshot import Snapshot
from port_lsp.text import Span

Files = frozenset[tuple[SideName, str]]
Spans = Mapping[tuple[SideName, Place], Span]

_SIDES: tuple[SideName, ...] = ("backend", "crate")
_DEFINED = rb"\b(?:def|class|fn|struct|enum|type)\s+"

_Fact = TypeVar("_Fact", Endpoint, Event, Function, Model, Unmounted)


@dataclass(frozen=True, slots=True)
class Shown:
    """What the session shows: the snapshot with what is remembered.

    `spans` are where places are whose chunks aren't there right now.
    """

    snapshot: Snapshot
    spans: Spans = field(default_factory=dict[tuple[SideName, Place], Span])


def broken_files(snapshot: Snapshot, files: Files) -> Files:
    """Those of the files in which something doesn't parse right now."""
    return frozenset((side, path) for side, path in files if snapshot.broken(side, path))


def shown(current: Snapshot, good: Snapshot | None, broken: Files) -> Shown:
    """Lays over `current` what `good`, the last snapshot without broken open files, knew beyond.

    `broken` are the open files that are broken now.
    """
    if good is None or not broken:
        return Shown(current)
    memory = {side: _Memory(current, good, side, broken) for side in _SIDES}
    sides = {side: memory[side].side() for side in _SIDES}
    gone = {side: memory[side].gone for side in _SIDES}
    if not gone["backend"] and not gone["crate"]:
        return Shown(current)
    ours, theirs = gone["backend"], gone["crate"]
    touched = {*memory["backend"].stand_ins, *memory["crate"].stand_ins}
    links = Links(
        endpoints=_rows(current.links.endpoints, good.links.endpoints, ours, theirs, touched),
        models=_rows(current.links.models, good.links.models, ours, theirs, touched),
        events=_rows(current.links.events, good.links.events, ours, theirs, touched),
        functions=_rows(current.links.functions, good.links.functions, ours, theirs, touched),
    )
    spans = {**memory["backend"].spans, **memory["crate"].spans}
    findings = (
        *(finding for finding in current.findings if finding.item not in touched),
        *(f for f in good.findings if f.item in touched and _is_there(f, current, spans)),
    )
    snapshot = replace(
        current,
        backend=sides["backend"],
        crate=sides["crate"],
        links=links,
        findings=findings,
    )
    return Shown(snapshot, spans)


def glanced(before: Snapshot, current: Snapshot, good: Snapshot | None, broken: Files) -> Shown:
    """What was shown before, with the files of `current`, of which no facts are known yet."""
    snapshot = replace(before, backend_files=current.backend_files, crate_files=current.crate_files)
    spans: dict[tuple[SideName, Place], Span] = {}
    if good is not None:
        for side in _SIDES:
            spans |= _Memory(snapshot, good, side, broken).located()
    return Shown(snapshot, spans)


def _is_there(finding: Finding, current: Snapshot, spans: Spans) -> bool:
    place = finding.place
    file = current.files(finding.side).get(place.file)
    return file is not None and (place.chunk in file.by_id or (finding.side, place) in spans)


def _rows(
    now: tuple[Link, ...], before: tuple[Link, ...], ours: set[str], theirs: set[str],
    touched: set[str],
) -> tuple[Link, ...]:  # fmt: skip
    """The rows of one kind with those of remembered items. `ours` and `theirs` are the ids that
    are remembered. `touched` are ids of which nothing of now holds; those of all ends of a row
    that is remembered are added."""
    old = {
        link.backend: link
        for link in before
        if link.backend in ours or link.crate in theirs or not theirs.isdisjoint(link.also)
        if link.backend is not None
    }
    now = tuple(link for link in now if link.backend is None or link.backend not in touched)
    taken = touched | {c for link in old.values() for c in (link.crate, *link.also) if c}
    known = {link.backend for link in now if link.backend is not None}
    for link in old.values():
        touched.update(end for end in (link.backend, link.crate, *link.also) if end)
    rows = [
        old.get(link.backend, link) if link.backend is not None else link
        for link in now
        if link.backend is not None or link.crate not in taken
    ]
    return (*rows, *(link for backend, link in old.items() if backend not in known))


class _Memory:
    """What is remembered of one side. `gone` are the ids of the facts, `stand_ins` those of what
    is there in their place, `spans` where the remembered facts are."""

    def __init__(self, current: Snapshot, good: Snapshot, side: SideName, broken: Files) -> None:
        self.gone: set[str] = set()
        self.stand_ins: set[str] = set()
        self.spans: dict[tuple[SideName, Place], Span] = {}
        self._name: SideName = side
        self._now = current.backend if side == "backend" else current.crate
        self._before = good.backend if side == "backend" else good.crate
        self._files, self._old = current.files(side), good.files(side)
        self._broken = {path for name, path in broken if name == side}
        self._shifts: dict[tuple[str, str], int | None] = {}

    def side(self) -> Side | None:
        """The side with what is remembered."""
        now, before = self._now, self._before
        if before is None:
            return now
        now = now or Side()
        side = replace_side(
            now,
            endpoints=self._missing(now.endpoints, before.endpoints),
            unmounted=self._missing(now.unmounted, before.unmounted),
            models=self._missing(now.models, before.models),
            events=self._missing(now.events, before.events),
            functions=self._missing(now.functions, before.functions),
        )
        return side if self.gone else self._now

    def located(self) -> Spans:
        """Where all places are whose chunks are broken."""
        side = self._now or Side()
        if not self._broken:
            return self.spans
        placed = (*side.endpoints, *side.models, *side.events, *side.functions)
        found: list[Endpoint | Event | Function | Model | Unmounted] = [
            fact for fact in placed if fact.place.file in self._broken
        ]
        found += [one for one in side.unmounted if one.endpoint.place.file in self._broken]
        for fact in found:
            for place in places_of(fact):
                self._locate(place)
        return self.spans

    def _missing(self, now: tuple[_Fact, ...], before: tuple[_Fact, ...]) -> tuple[_Fact, ...]:
        known = {ident(fact) for fact in now}
        found: list[_Fact] = []
        for fact in before:
            name = ident(fact)
            if name in known or not self._is_remembered(place_of(fact)):
                continue
            found.append(fact)
            self.gone.add(name)
            for place in places_of(fact):
                self._locate(place)
        return (*self._without_stand_ins(now, found), *found) if found else now

    def _without_stand_ins(self, now: tuple[_Fact, ...], found: list[_Fact]) -> tuple[_Fact, ...]:
        """The facts without those that stand in for remembered ones: a route whose handler is
        broken is there under the name of what registers it."""
        routes = {_route(fact) for fact in found} - {None}
        stand_ins = {ident(fact) for fact in now if routes and _route(fact) in routes}
        self.stand_ins |= stand_ins
        return tuple(fact for fact in now if ident(fact) not in stand_ins) if stand_ins else now

    def _is_remembered(self, place: Place) -> bool:
        """Whether a fact that is missing is so because something is broken: its own chunk, or,
        where that is as it was, something that it rests on."""
        old, new = self._old.get(place.file), self._files.get(place.file)
        if old is None or new is None or place.chunk not in old.by_id:
            return False
        chunk = new.by_id.get(place.chunk)
        if chunk is not None and chunk.kind != BROKEN:
            return chunk.digest == old.by_id[place.chunk].digest
        return self._shift(place.file, place.chunk) is not None

    def _shift(self, path: str, ident: str) -> int | None:
        """What to add to offsets in a broken chunk as it was, for its file as it is: its name
        says where it is now. None where the name is in no broken piece."""
        if (path, ident) not in self._shifts:
            self._shifts[path, ident] = self._find(path, ident)
        return self._shifts[path, ident]

    def _find(self, path: str, ident: str) -> int | None:
        old, new = self._old[path], self._files[path]
        chunk = old.by_id[ident]
        if path not in self._broken or not chunk.name:
            return None
        name = re.escape(chunk.name.rpartition("::")[2].rpartition(".")[2].encode())
        for pattern in (_DEFINED + name + rb"\b", rb"\b" + name + rb"\b"):
            before = re.search(pattern, old.chunk_bytes(chunk))
            after = _in_broken(pattern, new, ident)
            if before is not None and after is not None:
                return after - before.start()
        return None

    def _locate(self, place: Place) -> None:
        file = self._files.get(place.file)
        old = self._old.get(place.file)
        if file is None or old is None or place.chunk not in old.by_id:
            return
        chunk = file.by_id.get(place.chunk)
        if chunk is not None and chunk.kind != BROKEN:
            return
        shift = self._shift(place.file, place.chunk)
        if shift is not None:
            span, end = place.span.shift(shift), len(file.text.data)
            inside = Span(min(max(span.start, 0), end), min(max(span.end, 0), end))
            self.spans[self._name, place] = inside


def _route(fact: Endpoint | Event | Function | Model | Unmounted) -> object:
    """What makes two endpoints the same route; None for what is none."""
    endpoint = fact.endpoint if isinstance(fact, Unmounted) else fact
    if not isinstance(endpoint, Endpoint):
        return None
    return endpoint.method, endpoint.path, endpoint.registered


def _in_broken(pattern: bytes, file: SourceFile, ident: str) -> int | None:
    """The offset in a file of the first match inside a piece that doesn't parse; the piece with
    an id comes first."""
    known = file.by_id.get(ident)
    pieces = ([known] if known is not None else []) + list(file.chunks)
    for chunk in pieces:
        if chunk.kind == BROKEN:
            match = re.compile(pattern).search(file.text.data, chunk.span.start, chunk.span.end)
            if match is not None:
                return match.start()
    return None


def replace_side(
    side: Side,
    *,
    endpoints: tuple[Endpoint, ...],
    unmounted: tuple[Unmounted, ...],
    models: tuple[Model, ...],
    events: tuple[Event, ...],
    functions: tuple[Function, ...],
) -> Side:
    """A side with other items."""
    fields = {name: getattr(side, name) for name in side.__struct_fields__}
    fields |= {
        "endpoints": endpoints,
        "unmounted": unmounted,
        "models": models,
        "events": events,
        "functions": functions,
    }
    return Side(**fields)


def ident(fact: Endpoint | Event | Function | Model | Unmounted) -> str:
    """The id by which links name an item."""
    if isinstance(fact, Unmounted):
        return fact.endpoint.id
    return fact.key if isinstance(fact, Function | Model) else fact.id


def place_of(fact: Endpoint | Event | Function | Model | Unmounted) -> Place:
    """Where an item's name is."""
    return fact.endpoint.place if isinstance(fact, Unmounted) else fact.place


def places_of(fact: Endpoint | Event | Function | Model | Unmounted) -> Iterator[Place]:
    """Every place of an item that something is shown at."""
    yield place_of(fact)
    endpoint = fact.endpoint if isinstance(fact, Unmounted) else fact
    if isinstance(endpoint, Endpoint):
        yield endpoint.registered
    elif isinstance(endpoint, Model):
        yield from (field.place for field in endpoint.fields)
