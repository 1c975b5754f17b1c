"""Ports items: each pattern's draft, put together, composed and checked by reading it again.

What can't be written is left with its reason; it never takes others down with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, Protocol

from port_lsp.facts.links import Link
from port_lsp.facts.source import Record
from port_lsp.index.snapshot import Snapshot
from port_lsp.patterns.desk import Desk
from port_lsp.writing.compose import compose
from port_lsp.writing.draft import Draft
from port_lsp.writing.ir import items as ir
from port_lsp.writing.verify import Planned, problems
from port_lsp.writing.workshop import FileChange

Kind = Literal["endpoint", "model", "event"]


class Target(Record, frozen=True):
    """An item of the backend to port: an endpoint's or event's id, a model's key."""

    kind: Kind
    id: str


class Left(Record, frozen=True):
    """An item that wasn't ported, and why."""

    id: str
    reason: str


class Ported(Record, frozen=True):
    """What porting came to: the crate's files before and after, the items that are in there, those
    that aren't, and a line for each thing that was degraded."""

    changes: tuple[FileChange, ...] = ()
    done: tuple[str, ...] = ()
    left: tuple[Left, ...] = ()
    notes: tuple[str, ...] = ()


class CannotPortError(ValueError):
    """A pattern can't write an item; the message says why."""


class Pattern(Protocol):
    """What a kind of item is written by."""

    def draft(self, desk: Desk, targets: Sequence[Target]) -> Draft:
        """The draft of items that belong together, with all that they need and the crate lacks.

        Raises CannotPortError.
        """
        ...


_Row = tuple[Kind, Link]


def _all_rows(snapshot: Snapshot) -> Iterator[_Row]:
    """Every row of a kind that is written, models first."""
    for link in snapshot.links.models:
        yield "model", link
    for link in snapshot.links.endpoints:
        yield "endpoint", link
    for link in snapshot.links.events:
        yield "event", link


def unfinished(snapshot: Snapshot, file: str | None = None) -> list[Target]:
    """What there is to port of a file (relative path), or of the whole backend; in the order of
    the facts, models first."""
    return [
        Target(kind, link.backend)
        for kind, link in _all_rows(snapshot)
        if link.backend is not None
        and link.presence == "unported"
        and (file is None or link.backend.partition("::")[0] == file)
    ]


def targets_of(snapshot: Snapshot, ids: Iterable[str]) -> tuple[list[Target], list[Left]]:
    """The targets that ids or keys of the backend mean; what is ported already is left."""
    found: list[Target] = []
    left: list[Left] = []
    for name in ids:
        rows: list[_Row] = [
            (kind, link)
            for kind, link in _all_rows(snapshot)
            if link.backend is not None and name in (link.backend, link.backend.partition("#")[0])
        ]
        if not rows:
            left.append(Left(name, "it is no endpoint, model or event of the backend"))
        for kind, link in rows:
            ident = link.backend or name
            if link.presence == "ported" and link.crate is not None:
                left.append(Left(ident, f"it is ported already: {link.crate}"))
            elif link.presence == "stub":
                left.append(Left(ident, f"its handler is there, as a stub: {link.crate}"))
            elif link.presence == "ignored":
                left.append(Left(ident, f"it is ignored: {link.reason or 'by the configuration'}"))
            else:
                found.append(Target(kind, ident))
    return list(dict.fromkeys(found)), left


class Porter:
    """Ports with one pattern per kind of item."""

    def __init__(self, desk: Desk, patterns: dict[Kind, Pattern]) -> None:
        """`patterns` by the kind of item that they write."""
        self._desk, self._patterns = desk, patterns

    def port(self, targets: Sequence[Target]) -> Ported:
        """Ports items: all in one change if that can be, else those that can."""
        drafts: list[tuple[tuple[Target, ...], Draft]] = []
        left: list[Left] = []
        for group in self._groups(targets):
            drafts += self._drafts(group, left)
        whole = self._checked(drafts)
        if isinstance(whole, Ported):
            return _with_left(whole, left)
        return _with_left(self._those_that_can(drafts, left), left)

    def _groups(self, targets: Sequence[Target]) -> list[tuple[Target, ...]]:
        """Targets of one kind are drafted together."""
        kinds = dict.fromkeys(target.kind for target in targets)
        return [tuple(t for t in targets if t.kind == kind) for kind in kinds]

    def _drafts(
        self, group: tuple[Target, ...], left: list[Left]
    ) -> list[tuple[tuple[Target, ...], Draft]]:
        """The draft of a group; of each target alone where one of them can't be drafted."""
        pattern = self._patterns.get(group[0].kind)
        if pattern is None:
            left += [Left(one.id, f"no pattern writes a {one.kind}") for one in group]
            return []
        try:
            return [(group, pattern.draft(self._desk, group))]
        except CannotPortError as error:
            if len(group) == 1:
                left.append(Left(group[0].id, str(error)))
                return []
        return [one for target in group for one in self._drafts((target,), left)]

    def _checked(self, drafts: Sequence[tuple[tuple[Target, ...], Draft]]) -> Ported | list[str]:
        """The drafts as one change; why it mustn't be made, else."""
        whole = Draft()
        for _, draft in drafts:
            whole = whole.with_(draft)
        try:
            changes = compose(self._desk.workshop, whole, self._desk.framework)
        except ValueError as error:
            return [str(error)]
        if not changes:
            return Ported(notes=whole.notes)
        found = problems(self._desk.workshop, changes, planned(whole))
        done = tuple(target.id for group, _ in drafts for target in group)
        return found or Ported(changes, done, notes=whole.notes)

    def _those_that_can(
        self, drafts: Sequence[tuple[tuple[Target, ...], Draft]], left: list[Left]
    ) -> Ported:
        """Target by target, each on top of those that went well."""
        kept: list[tuple[tuple[Target, ...], Draft]] = []
        best = Ported()
        singles = [
            one for group, _ in drafts for target in group for one in self._drafts((target,), left)
        ]
        for single in singles:
            tried = self._checked([*kept, single])
            if isinstance(tried, Ported):
                kept.append(single)
                best = tried
            else:
                left.append(Left(single[0][0].id, tried[0]))
        return best


def planned(draft: Draft) -> Planned:
    """What reading a draft's result must find."""
    models: list[str] = []
    functions: list[str] = []
    for piece in draft.pieces:
        for item in piece.items:
            if isinstance(item, (ir.Struct, ir.Enum)):
                models.append(f"{piece.file}::{item.name}")
            elif isinstance(item, ir.Function):
                functions.append(f"{piece.file}::{item.name}")
    routes = tuple(route for one in draft.registrations for route in one.routes)
    return Planned(routes, tuple(models), tuple(functions))


def _with_left(ported: Ported, left: Sequence[Left]) -> Ported:
    return Ported(ported.changes, ported.done, (*ported.left, *left), ported.notes)
