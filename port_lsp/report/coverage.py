"""How far the port is: counts per file and in all, and each item with its counterpart."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

import msgspec

from port_lsp.facts.items import Endpoint, Event, Function, Model, Side
from port_lsp.facts.links import Link, Links, SideName
from port_lsp.index.snapshot import Snapshot
from port_lsp.report.records import Row

Word = Literal["ported", "drifted", "stub", "unported", "ignored", "rust-only"]
Kind = Literal["endpoints", "models", "events", "functions"]
WORDS: tuple[Word, ...] = ("unported", "stub", "drifted", "ported", "ignored", "rust-only")
KINDS: tuple[Kind, ...] = ("endpoints", "models", "events", "functions")


class Counts(Row, frozen=True):
    """How many items of one kind are how far."""

    ported: int = 0
    drifted: int = 0
    stub: int = 0
    unported: int = 0
    ignored: int = 0

    @property
    def total(self) -> int:
        """All of them, those that won't be ported too."""
        return self.ported + self.drifted + self.stub + self.unported + self.ignored

    @property
    def there(self) -> int:
        """Those that the crate has, drifted ones too."""
        return self.ported + self.drifted

    @property
    def left(self) -> int:
        """Those that still have to be written."""
        return self.stub + self.unported

    @property
    def share(self) -> float | None:
        """The part of what shall be ported that the crate has, 0 to 1; None without any."""
        asked = self.total - self.ignored
        return self.there / asked if asked else None

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(*(getattr(self, f) + getattr(other, f) for f in self.__struct_fields__))


class Spot(Row, frozen=True):
    """An item of one side as people name it, and where it is."""

    title: str
    name: str
    file: str
    line: int


class Item(Row, frozen=True):
    """One row of the links. `note` says why a stub is one, or why an item is ignored."""

    kind: Kind
    word: Word
    backend: Spot | None
    crate: Spot | None
    drift: tuple[str, ...]
    confidence: float
    note: str | None


class FileCoverage(Row, frozen=True):
    """What one file of the backend has, and how far each kind is."""

    file: str
    endpoints: Counts = Counts()
    models: Counts = Counts()
    events: Counts = Counts()
    functions: Counts = Counts()

    def counts(self, kind: Kind) -> Counts:
        """The counts of one kind."""
        return getattr(self, kind)

    @property
    def left(self) -> int:
        """How much of the file is to be written, functions apart: many vanish in a port."""
        return self.endpoints.left + self.models.left + self.events.left


class Coverage(Row, frozen=True):
    """How far the port is. `total` is of all files together."""

    total: FileCoverage
    files: tuple[FileCoverage, ...]
    items: tuple[Item, ...]

    def of(self, kind: Kind, word: Word) -> list[Item]:
        """The items of one kind that are so far."""
        return [item for item in self.items if item.kind == kind and item.word == word]


def coverage(snapshot: Snapshot) -> Coverage:
    """The coverage of a snapshot; files and items in order of their places."""
    ours = _spots(snapshot, "backend", snapshot.backend)
    theirs = _spots(snapshot, "crate", snapshot.crate)
    items = [
        _item(kind, link, ours[kind], theirs[kind])
        for kind in KINDS
        for link in _links(snapshot.links, kind)
    ]
    items.sort(key=_order)
    return Coverage(_counted("", items), tuple(_by_file(items)), tuple(items))


class CoverageJson(Row, frozen=True):
    """What `report --format json` prints."""

    version: Literal[1]
    backend: str
    crate: str | None
    coverage: Coverage


def coverage_json(snapshot: Snapshot) -> bytes:
    """The coverage as UTF-8 JSON."""
    found = CoverageJson(
        1, snapshot.root("backend") or "", snapshot.root("crate"), coverage(snapshot)
    )
    return msgspec.json.format(msgspec.json.encode(found), indent=1) + b"\n"


def _links(links: Links, kind: Kind) -> tuple[Link, ...]:
    return getattr(links, kind)


def _order(item: Item) -> tuple[bool, str, int, str]:
    spot = item.backend or item.crate
    if spot is None:
        return (item.backend is None, "", 0, "")
    return (item.backend is None, spot.file, spot.line, spot.title)


def _item(kind: Kind, link: Link, ours: Mapping[str, Spot], theirs: Mapping[str, Spot]) -> Item:
    word: Word = link.word  # pyright: ignore[reportAssignmentType] (the words are contract.md's)
    return Item(
        kind=kind,
        word=word,
        backend=ours.get(link.backend) if link.backend else None,
        crate=theirs.get(link.crate) if link.crate else None,
        drift=link.drift,
        confidence=link.confidence,
        note=link.sign or link.reason,
    )


def _by_file(items: list[Item]) -> Iterator[FileCoverage]:
    files: dict[str, list[Item]] = {}
    for item in items:
        if item.backend:
            files.setdefault(item.backend.file, []).append(item)
    for file in sorted(files):
        yield _counted(file, files[file])


def _counted(file: str, items: Iterable[Item]) -> FileCoverage:
    numbers: dict[Kind, dict[str, int]] = {kind: {} for kind in KINDS}
    for item in items:
        if item.backend:
            numbers[item.kind][item.word] = numbers[item.kind].get(item.word, 0) + 1
    return FileCoverage(file, **{kind: Counts(**numbers[kind]) for kind in KINDS})


def _spots(
    snapshot: Snapshot, side: SideName, facts: Side | None
) -> Mapping[Kind, Mapping[str, Spot]]:
    """The items of one side by their ids."""
    if facts is None:
        return {kind: {} for kind in KINDS}
    endpoints = [*facts.endpoints, *(one.endpoint for one in facts.unmounted)]

    def spot(one: Endpoint | Model | Event | Function, title: str, name: str) -> Spot:
        return Spot(title, name, one.place.file, snapshot.line(side, one.place))

    return {
        "endpoints": {e.id: spot(e, f"{e.method} {e.path}", e.handler) for e in endpoints},
        "models": {m.key: spot(m, m.name, m.kind) for m in facts.models},
        "events": {e.id: spot(e, e.event, e.handler) for e in facts.events},
        "functions": {f.key: spot(f, _qualified(f), f.name) for f in facts.functions},
    }


def _qualified(function: Function) -> str:
    return function.key.partition("::")[2] or function.name
