"""The events that the crate handles already: beside which one a further one stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from port_lsp.facts.items import Event
from port_lsp.facts.source import Place, Record, item_key
from port_lsp.patterns.desk import Desk
from port_lsp.rust.declared import FnItem
from port_lsp.rust.events import PlacedSocket
from port_lsp.rust.socketcalls import SocketArm, socket_arm, socket_call


class Sibling(Record, frozen=True):
    """A handled event. `place` is its name as it is written, `item` the function that handles it
    (None for a closure), `arm` the form of its arm where the crate tells events apart itself."""

    event: Event
    place: Place
    item: FnItem | None = None
    arm: SocketArm | None = None

    @property
    def shape(self) -> tuple[str, ...]:
        """What arms that are written alike have in common."""
        if self.arm is None or self.item is None:
            return ()
        kinds = tuple(kind for _, kind in self.item.params)
        return (self.arm.before, self.arm.behind, self.item.returns or "", *kinds)


class Siblings:
    """The crate's events, read once for a draft."""

    def __init__(self, desk: Desk) -> None:
        """Of the desk's revision."""
        self._desk = desk
        crate = desk.snapshot.crate
        self._events = [one for one in crate.events if one.direction == "handled"] if crate else []
        self.all = list(self._read()) if self._events else []

    def best(self, backend_file: str, namespace: str | None) -> Sibling | None:
        """The one that a further event of a backend file and a namespace stands behind: the last
        one of those that are handled as most are, among its file's if there are any."""
        linked = {
            row.crate
            for row in self._desk.snapshot.links.events
            if row.backend is not None and row.backend.partition("::")[0] == backend_file
        }
        here = [one for one in self.all if one.event.namespace == namespace]
        near = [one for one in here if one.event.id in linked]
        return _usual(near) or _usual(here)

    def _read(self) -> Iterator[Sibling]:
        items: dict[str, FnItem] = {}
        for file in dict.fromkeys(one.key.partition("::")[0] for one in self._events):
            for _, item in self._desk.workshop.declared(file):
                if isinstance(item, FnItem):
                    items.setdefault(item_key(file, item.qualified), item)
        for placed in self._desk.workshop.sockets():
            event = self._event(placed)
            if event is None:
                continue
            found = self._sibling(placed, event, items.get(event.key))
            if found is not None:
                yield found

    def _event(self, placed: PlacedSocket) -> Event | None:
        """The event that is handled at a place."""
        fact = placed.fact
        if fact.how not in ("match", "on"):
            return None
        around = item_key(placed.file, fact.function)
        target = (fact.target or "").rpartition("::")[2]
        same = [one for one in self._events if one.event == fact.name]
        named = [one for one in same if target and one.handler == target]
        return next(iter(named or [one for one in same if one.key == around]), None)

    def _sibling(self, placed: PlacedSocket, event: Event, item: FnItem | None) -> Sibling | None:
        file = self._desk.workshop.files[placed.file]
        place = Place(placed.file, placed.chunk, placed.fact.span)
        offset = file.span(place).start
        if placed.fact.how == "on":
            called = placed.fact.target is not None
            whole = socket_call(file.text.data, offset)
            return Sibling(event, place, item if called else None) if whole is not None else None
        arm = socket_arm(file.text.data, offset)
        return Sibling(event, place, item, arm) if arm is not None and item is not None else None


def _usual(siblings: Sequence[Sibling]) -> Sibling | None:
    """The last one of the most frequent form."""
    if not siblings:
        return None
    shapes = Counter((one.place.file, one.place.chunk, one.shape) for one in siblings)
    most = shapes.most_common(1)[0][0]
    alike = [one for one in siblings if (one.place.file, one.place.chunk, one.shape) == most]
    return alike[-1]
