"""The items of both sides and the links between them, by id and by file: all that no edit of a
body changes, so that it is kept from one snapshot to the next.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Literal

from port_lsp.facts.items import Endpoint, Event, Function, Model, Side
from port_lsp.facts.links import Link, SideName
from port_lsp.facts.source import Place, Record
from port_lsp.index.snapshot import Snapshot
from port_lsp.server.memory import ident

ItemKind = Literal["endpoint", "model", "event", "function"]
Fact = Endpoint | Model | Event | Function

KINDS: tuple[ItemKind, ...] = ("endpoint", "model", "event", "function")
OTHER: dict[SideName, SideName] = {"backend": "crate", "crate": "backend"}


class Item(Record, frozen=True):
    """Something that has, or should have, a counterpart."""

    side: SideName
    kind: ItemKind
    fact: Fact

    @property
    def id(self) -> str:
        """The id by which links name it."""
        return ident(self.fact)

    @property
    def place(self) -> Place:
        """Where its name is."""
        return self.fact.place

    @property
    def title(self) -> str:
        """What people call it."""
        fact = self.fact
        if isinstance(fact, Endpoint):
            return f"{fact.method} {fact.path}"
        if isinstance(fact, Function):
            return fact.key.partition("::")[2] or fact.name
        return fact.event if isinstance(fact, Event) else fact.name


Key = tuple[SideName, ItemKind, str]


class Catalog:
    """Items and rows of one snapshot. Everything is computed when first asked for."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    def fits(self, snapshot: Snapshot) -> bool:
        """Whether another snapshot has the same items and links."""
        return self._basis == _basis(snapshot)

    @cached_property
    def _basis(self) -> object:
        return _basis(self._snapshot)

    @cached_property
    def items(self) -> Mapping[Key, Item]:
        """All items by side, kind and id."""
        found: dict[Key, Item] = {}
        for side in OTHER:
            facts = facts_of(self._snapshot, side)
            for item in _items(side, facts):
                found[side, item.kind, item.id] = item
        return found

    @cached_property
    def rows(self) -> Mapping[Key, tuple[Link, ...]]:
        """The rows that an item is in."""
        rows: defaultdict[Key, list[Link]] = defaultdict(list)
        for kind in KINDS:
            for link in rows_of(self._snapshot, kind):
                if link.backend is not None:
                    rows["backend", kind, link.backend].append(link)
                for crate in dict.fromkeys((link.crate, *link.also)):
                    if crate is not None:
                        rows["crate", kind, crate].append(link)
        return {key: tuple(links) for key, links in rows.items()}

    @cached_property
    def by_file(self) -> Mapping[tuple[SideName, str], list[Item]]:
        """The items by side and by the file that their name is in."""
        groups: defaultdict[tuple[SideName, str], list[Item]] = defaultdict(list)
        for item in self.items.values():
            groups[item.side, item.place.file].append(item)
        return groups

    @cached_property
    def registered(self) -> Mapping[tuple[SideName, str], list[Item]]:
        """The endpoints by side and by the file that registers them."""
        groups: defaultdict[tuple[SideName, str], list[Item]] = defaultdict(list)
        for item in self.items.values():
            if isinstance(item.fact, Endpoint):
                groups[item.side, item.fact.registered.file].append(item)
        return groups


def facts_of(snapshot: Snapshot, side: SideName) -> Side:
    """The facts of one side; empty ones where there is none."""
    return (snapshot.backend if side == "backend" else snapshot.crate) or Side()


def _basis(snapshot: Snapshot) -> object:
    """What a catalog is made of; equal parts are the same objects mostly, and cheap to compare."""
    sides = (facts_of(snapshot, side) for side in OTHER)
    facts = [(s.endpoints, s.unmounted, s.models, s.events, s.functions) for s in sides]
    return facts, snapshot.links


def rows_of(snapshot: Snapshot, kind: ItemKind) -> tuple[Link, ...]:
    """The rows of one kind."""
    links = snapshot.links
    return {
        "endpoint": links.endpoints,
        "model": links.models,
        "event": links.events,
        "function": links.functions,
    }[kind]


def _items(side: SideName, facts: Side) -> Iterable[Item]:
    for endpoint in facts.endpoints:
        yield Item(side, "endpoint", endpoint)
    for one in facts.unmounted:
        yield Item(side, "endpoint", one.endpoint)
    for model in facts.models:
        yield Item(side, "model", model)
    for event in facts.events:
        yield Item(side, "event", event)
    for function in facts.functions:
        yield Item(side, "function", function)
