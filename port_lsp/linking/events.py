"""Links between Socket.IO events: the name on the wire, then who handles or emits it, and where."""

from collections import defaultdict

import msgspec

from port_lsp.facts.items import Event, Side
from port_lsp.facts.links import Evidence, EvidenceKind, Link
from port_lsp.linking.board import Board
from port_lsp.linking.config import LinkConfig
from port_lsp.linking.files import Files, subject
from port_lsp.linking.globs import ignored
from port_lsp.linking.names import likeness
from port_lsp.linking.pins import Pins, resolved
from port_lsp.linking.typematch import plain

_EVENT = 0.7
_SPELLING = 0.55  # an event of another spelling: no client would find it
_HANDLER = 0.2
_FILE = 0.1


class EventMatch(msgspec.Struct, frozen=True, eq=False, gc=False):
    """A pair of events of one direction and how much speaks for it."""

    backend: int
    crate: int
    event: float
    handler: float
    file: float

    @property
    def score(self) -> float:
        """What it adds up to."""
        return self.event + _HANDLER * self.handler + _FILE * self.file


def link_events(
    backend: Side, crate: Side, board: Board, pins: Pins, config: LinkConfig
) -> tuple[Link, ...]:
    """One row per event of the backend, then one per event that only the crate has."""
    ours, theirs = backend.events, crate.events
    files = board.scale.files
    names = _orders(ours), _orders(theirs)
    apart = {
        (left, right)
        for lefts, rights in resolved(pins.apart, *names)
        for left in lefts
        for right in rights
    }
    by_name: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for at, event in enumerate(theirs):
        by_name[event.direction, plain(event.event)].append(at)
    matches = [
        match
        for at, event in enumerate(ours)
        for there in by_name.get((event.direction, plain(event.event)), ())
        if (at, there) not in apart
        and (match := _match(at, event, there, theirs[there], files)) is not None
    ]
    matches.sort(key=lambda one: (-one.score, one.backend, one.crate))
    found: dict[int, EventMatch] = {}
    also: defaultdict[int, list[int]] = defaultdict(list)
    pinned: set[int] = set()
    for lefts, rights in resolved(pins.together, *names):
        for left in lefts:
            found[left] = EventMatch(left, rights[0], 1.0, 0.0, 0.0)
            pinned.add(left)
    taken = {match.crate for match in found.values()}
    for match in matches:  # each to one of its own first
        if match.backend not in found and match.crate not in taken:
            found[match.backend] = match
            taken.add(match.crate)
    for match in matches:  # then what is left over, on either side
        if match.backend not in found:
            found[match.backend] = match
        elif match.crate not in taken:
            also[match.backend].append(match.crate)
            taken.add(match.crate)
    rows = [
        _row(at, event, found.get(at), also.get(at, []), theirs, config, pinned=at in pinned)
        for at, event in enumerate(ours)
    ]
    rows += [
        Link(None, event.id, "rust-only", sign=event.stub)
        for at, event in enumerate(theirs)
        if at not in taken
    ]
    return tuple(rows)


def _orders(events: tuple[Event, ...]) -> dict[str, tuple[int, ...]]:
    orders: defaultdict[str, tuple[int, ...]] = defaultdict(tuple)
    for at, event in enumerate(events):
        orders[event.id] += (at,)
        orders[event.key] += (at,)
    return orders


def _match(at: int, event: Event, there: int, other: Event, files: Files) -> EventMatch | None:
    namespaces = {(event.namespace or "/"), (other.namespace or "/")}
    same = event.event == other.event and len(namespaces) == 1
    handler = likeness(
        event.handler,
        other.handler,
        subject(event.place.file, files.top),
        subject(other.place.file, files.top_crate),
    )
    file = files.belong(event.place.file, other.place.file)
    return EventMatch(at, there, _EVENT if same else _SPELLING, handler, file)


def _row(
    at: int,
    event: Event,
    match: EventMatch | None,
    also: list[int],
    theirs: tuple[Event, ...],
    config: LinkConfig,
    *,
    pinned: bool,
) -> Link:
    reason = ignored(config.ignore, event.key, event.id)
    if match is None:
        presence = "unported" if reason is None else "ignored"
        return Link(event.id, None, presence, reason=reason)
    other = theirs[match.crate]
    evidence = _evidence(match, event, other, pinned=pinned)
    presence = "stub" if other.stub and not event.stub else "ported"
    return Link(
        event.id,
        other.id,
        presence if reason is None else "ignored",
        also=tuple(theirs[one].id for one in also),
        confidence=round(min(1.0, sum(one.weight for one in evidence)), 3),
        evidence=evidence,
        sign=other.stub if presence == "stub" else None,
        reason=reason,
    )


def _evidence(
    match: EventMatch, event: Event, other: Event, *, pinned: bool
) -> tuple[Evidence, ...]:
    if pinned:
        return (Evidence("pin", "settled by a person", 1.0),)
    kind: EvidenceKind = "path" if match.event == _EVENT else "path-near"
    found: list[tuple[EvidenceKind, str, float]] = [
        (kind, event.event if kind == "path" else f"{event.event} ~ {other.event}", match.event),
        ("handler-name", f"{event.handler} ~ {other.handler}", _HANDLER * match.handler),
        ("file", f"{event.place.file} ~ {other.place.file}", _FILE * match.file),
    ]
    return tuple(
        Evidence(kind, detail, round(weight, 3)) for kind, detail, weight in found if weight > 0.004
    )
