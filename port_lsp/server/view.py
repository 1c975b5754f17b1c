"""A snapshot as features ask for it: items by id, by file and by position, with their links.

Made anew for each snapshot; everything in it is computed when first asked for.
"""

import os
from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property

from port_lsp.facts.links import Finding, Link, SideName
from port_lsp.facts.source import Place, SourceFile
from port_lsp.index.snapshot import Snapshot
from port_lsp.linking.files import shared_folders
from port_lsp.server.catalog import OTHER, Catalog, Item, Key
from port_lsp.server.memory import Shown, Spans
from port_lsp.text import Span


class View:
    """One snapshot, with what the session remembers."""

    def __init__(
        self, snapshot: Snapshot, spans: Spans | None = None, before: "View | None" = None
    ) -> None:
        """`before` is the view of the snapshot before."""
        self.snapshot = snapshot
        self._before = before.__dict__.get("catalog", before._before) if before else None
        self._spans = spans or {}
        self._by_file: dict[tuple[SideName, str], tuple[Item, ...]] = {}
        if before is not None and before.snapshot.findings is snapshot.findings:
            self.findings = before.findings

    @classmethod
    def of(cls, shown: Shown, before: "View | None" = None) -> "View":
        """The view of what the session shows."""
        return cls(shown.snapshot, shown.spans, before)

    def file(self, side: SideName, path: str) -> SourceFile | None:
        """A file by its path below its root."""
        return self.snapshot.files(side).get(path)

    def locate(self, path: str) -> tuple[SideName, str] | None:
        """The side and the relative path of a file that the snapshot has (absolute path)."""
        return located(self.snapshot, path)

    def absolute(self, side: SideName, path: str) -> str | None:
        """The absolute path of a file of one side."""
        root = self.snapshot.root(side)
        return None if root is None else absolute(root, path)

    def span(self, side: SideName, place: Place) -> Span | None:
        """The range of its file that a place names; None where it isn't there right now."""
        file = self.file(side, place.file)
        if file is None:
            return None
        if self._spans and (found := self._spans.get((side, place))) is not None:
            return found
        return file.span(place) if place.chunk in file.by_id or not place.chunk else None

    def line(self, side: SideName, place: Place) -> int:
        """The 1-based line of a place; 1 where it isn't there right now."""
        span, file = self.span(side, place), self.file(side, place.file)
        return file.text.line_of(span.start) if span is not None and file is not None else 1

    @cached_property
    def catalog(self) -> Catalog:
        """The items and their rows; those of the snapshot before where they are the same."""
        before, self._before = self._before, None
        is_same = before is not None and before.fits(self.snapshot)
        return before if before is not None and is_same else Catalog(self.snapshot)

    @property
    def items(self) -> Mapping[Key, Item]:
        """All items by side, kind and id."""
        return self.catalog.items

    def links(self, item: Item) -> tuple[Link, ...]:
        """The rows that an item is in: one for the backend's, one or more for the crate's."""
        return self.catalog.rows.get((item.side, item.kind, item.id), ())

    def ends(self, item: Item, link: Link) -> list[Item]:
        """The items at the other end of a row, the best first."""
        names = (link.crate, *link.also) if item.side == "backend" else (link.backend,)
        other = OTHER[item.side]
        found = (self.items.get((other, item.kind, n)) for n in dict.fromkeys(names) if n)
        return [end for end in found if end is not None]

    def inline(self, item: Item, link: Link) -> Item | None:
        """The crate's function in which a model is written inline."""
        for evidence in link.evidence:
            if evidence.kind == "inline-json" and item.side == "backend":
                return self.items.get(("crate", "function", evidence.detail.partition(" ")[0]))
        return None

    def in_file(self, side: SideName, path: str) -> tuple[Item, ...]:
        """The items of a file that are there right now, in order of their places."""
        key = (side, path)
        if key not in self._by_file:
            found = [
                (span.start, item)
                for item in self.catalog.by_file.get(key, ())
                if (span := self.span(side, item.place)) is not None
            ]
            self._by_file[key] = tuple(item for _, item in sorted(found, key=lambda one: one[0]))
        return self._by_file[key]

    def named(self, name: str) -> list[Item]:
        """The items with an id or key, endpoints first: a handler's key means its endpoints."""
        found = [item for item in self.items.values() if item.id == name]
        if not found or found[0].kind == "function":
            routes = [i for i in self.items.values() if i.kind == "endpoint" and i.fact.key == name]
            found = routes or found
        return found

    def short(self, side: SideName, path: str) -> str:
        """A path without what says nothing: `src`, or the folders that all files are in."""
        if side == "crate":
            return path.removeprefix("src/")
        return "/".join(path.split("/")[self._shared :])

    @cached_property
    def _shared(self) -> int:
        return shared_folders(self.snapshot.backend_files)

    def where(self, item: Item) -> str:
        """`routes/users.rs:64`."""
        return f"{self.short(item.side, item.place.file)}:{self.line(item.side, item.place)}"

    @cached_property
    def findings(self) -> Mapping[tuple[SideName, str], tuple[Finding, ...]]:
        """The findings by side and file."""
        groups: defaultdict[tuple[SideName, str], list[Finding]] = defaultdict(list)
        for finding in self.snapshot.findings:
            groups[finding.side, finding.place.file].append(finding)
        return {key: tuple(found) for key, found in groups.items()}


def absolute(root: str, path: str) -> str:
    """The absolute path of a file below a root."""
    return os.path.join(root, *path.split("/"))


def below(path: str, root: str) -> str | None:
    """The path below a root, as the system writes it; None for a path elsewhere."""
    prefix = root.rstrip(os.sep) + os.sep
    return path[len(prefix) :] if path.startswith(prefix) else None


def located(snapshot: Snapshot, path: str) -> tuple[SideName, str] | None:
    """The side and the relative path of a file that a snapshot has (absolute path)."""
    for side in OTHER:
        root = snapshot.root(side)
        rest = below(path, root) if root is not None else None
        if rest is not None and (relative := rest.replace(os.sep, "/")) in snapshot.files(side):
            return side, relative
    return None
