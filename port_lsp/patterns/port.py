"""Ports items: each pattern's draft, put together, composed and checked by reading it again.

What can't be written is left with its reason; it never takes others down with it.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Literal, Protocol

from port_lsp.facts.links import Link
from port_lsp.facts.source import Record, item_key
from port_lsp.index.snapshot import Snapshot
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.gaps import Gap, Gaps
from port_lsp.patterns.migrations import migration_file
from port_lsp.writing.compose import compose
from port_lsp.writing.draft import Draft, joined
from port_lsp.writing.ir import items as ir
from port_lsp.writing.verify import ChangedModel, Planned, problems
from port_lsp.writing.workshop import FileChange

Kind = Literal["endpoint", "model", "event", "fields", "function", "stub", "test"]


class Target(Record, frozen=True):
    """An item of the backend to port: an endpoint's or event's id, a model's or function's key; of
    a model that is ported, a field that its struct lacks or names otherwise: `KEY#field`; of a
    handler that is there as a stub, its endpoint's id. Or a test of an endpoint (its id) that is
    ported, which `testing/` writes, and no pattern.

    `into` says where it goes: a file of the crate, which may be new, or, for an endpoint, the item
    key of the function whose router takes it (`src/main.rs::app`). "" leaves that to the pattern.
    Of one that is to `spare`, it is only noted that it can't be written.
    """

    kind: Kind
    id: str
    into: str = ""
    spare: bool = False


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
    """A pattern can't write an item; the message says why.

    `ids` are those of the targets that it is about; without any it may be about each of them.
    """

    def __init__(
        self, reason: str, ids: Iterable[str] = (), reasons: Mapping[str, str] | None = None
    ) -> None:
        """`ids` as they are in Target; `reasons` by such ids, where each has its own."""
        super().__init__(reason)
        self._reasons = dict(reasons or {})
        self.ids = frozenset((*ids, *self._reasons))

    def reason(self, ident: str) -> str:
        """Why the target of an id can't be written."""
        return self._reasons.get(ident, str(self))


@contextmanager
def about(ids: Iterable[str]) -> Generator[None, None, None]:
    """Gives the errors of a block the ids of the targets that they are about, where they name
    none."""
    try:
        yield
    except CannotPortError as error:
        error.ids = error.ids or frozenset(ids)
        raise


class Pattern(Protocol):
    """What a kind of item is written by."""

    def draft(self, desk: Desk, targets: Sequence[Target]) -> Draft:
        """The draft of items that belong together, with all that they need and the crate lacks.

        Raises CannotPortError.
        """
        ...

    def places(self, desk: Desk, target: Target) -> tuple[str, ...]:
        """The places that fit an item equally well, as `Target.into` says them, the one first that
        is taken where nothing is said; nothing where there is no choice."""
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


def _rows_of(snapshot: Snapshot, name: str) -> list[_Row]:
    """The rows that an id or a key means; those of functions where it is no other item."""
    functions: Iterator[_Row] = (("function", link) for link in snapshot.links.functions)
    for every in (_all_rows(snapshot), functions):
        found: list[_Row] = [
            (kind, link)
            for kind, link in every
            if link.backend is not None and name in (link.backend, link.backend.partition("#")[0])
        ]
        if found:
            return found
    return []


def unfinished(snapshot: Snapshot, file: str | None = None) -> list[Target]:
    """What there is to port of a file (relative path), or of the whole backend; in the order of
    the facts, models first. An event that is emitted is a line of some body, and no item."""
    events = snapshot.backend.events if snapshot.backend is not None else ()
    emitted = {one.id for one in events if one.direction == "emitted"}
    found = (
        Target(kind, link.backend)
        for kind, link in _all_rows(snapshot)
        if link.backend is not None
        and link.presence == "unported"
        and link.backend not in emitted
        and (file is None or link.backend.partition("::")[0] == file)
    )
    return list(dict.fromkeys(found))


def targets_of(snapshot: Snapshot, ids: Iterable[str]) -> tuple[list[Target], list[Left]]:
    """The targets that ids or keys of the backend mean: of a model that is ported, the fields that
    its struct lacks or names otherwise; what else is ported already is left."""
    gaps = Gaps(snapshot)
    found: list[Target] = []
    left: list[Left] = []
    for name in ids:
        rows = _rows_of(snapshot, name)
        if not rows:
            left.append(Left(name, "it is no item of the backend"))
        for kind, link in rows:
            ident = link.backend or name
            gap = gaps.of_model(ident) if kind == "model" else None
            if gap is not None:
                found += fields_of(gap)
            elif link.presence == "ported" and link.crate is not None:
                left.append(Left(ident, f"it is ported already: {link.crate}"))
            elif link.presence == "stub" and kind == "endpoint":
                found.append(Target("stub", ident))
            elif link.presence == "stub":
                left.append(Left(ident, f"its handler is there, as a stub: {link.crate}"))
            elif link.presence == "ignored":
                left.append(Left(ident, f"it is ignored: {link.reason or 'by the configuration'}"))
            else:
                found.append(Target(kind, ident))
    return list(dict.fromkeys(found)), left


def fields_of(gap: Gap) -> list[Target]:
    """What there is to do about a linked struct, field by field."""
    return [Target("fields", f"{gap.model.key}#{name}") for name in gap.names]


class Porter:
    """Ports items with one pattern per kind of item."""

    def __init__(self, desk: Desk, patterns: dict[Kind, Pattern]) -> None:
        """`patterns` by the kind of item that they write."""
        self._desk, self._patterns = desk, patterns

    def places(self, target: Target) -> tuple[str, ...]:
        """See `Pattern.places`."""
        pattern = self._patterns.get(target.kind)
        return pattern.places(self._desk, target) if pattern is not None else ()

    def prepare(self) -> Iterator[None]:
        """Does ahead, step by step, what the first port of a crate takes longest for: what patterns
        survey, and the first reading of a trial. Then one is ported for nothing: an endpoint that
        asks for much, so that most conventions are looked up."""
        waiting = unfinished(self._desk.snapshot)
        if not waiting:
            return
        backend = self._desk.snapshot.backend
        asked = {
            one.id: len({each.location for each in one.signature.parameters})
            for one in (backend.endpoints if backend is not None else ())
        }
        first = max(waiting, key=lambda one: asked.get(one.id, -1))
        self.places(first)
        yield
        self._desk.workshop.trial(())
        yield
        self.port([first])
        yield

    def port(self, targets: Sequence[Target]) -> Ported:
        """Ports items: all in one change if that can be, else those that can."""
        into = {one.id: one.into for one in targets if one.into}
        desk = self._desk.aimed(into) if into else self._desk
        return Porter(desk, self._patterns)._port(targets)

    def _port(self, targets: Sequence[Target]) -> Ported:
        known = tuple(one for one in targets if one.kind in self._patterns)
        left = [
            Left(one.id, f"no pattern writes a {one.kind}")
            for one in targets
            if one.kind not in self._patterns
        ]
        kept, best = self._grown((), known, Ported(), left)
        spare = {one.id for one in targets if one.spare}
        noted = [f"{one.id} isn't written: {one.reason}" for one in left if one.id in spare]
        left = [one for one in left if one.id not in spare]
        notes = (*best.notes, *self._choices(kept), *noted)
        return Ported(best.changes, best.done, (*best.left, *left), notes)

    def _choices(self, targets: Iterable[Target]) -> Iterable[str]:
        """A line for each file of the backend whose items could go elsewhere as well, where the
        user has said nothing."""
        found: dict[str, None] = {}
        for target in targets:
            places = () if target.into else self.places(target)
            if places:
                file, others = target.id.partition("::")[0], ", ".join(places[1:])
                found[f"{file}: goes into {places[0]}; {others} would do as well, by `--into`"] = (
                    None
                )
        return found

    def _grown(
        self, kept: tuple[Target, ...], batch: tuple[Target, ...], best: Ported, left: list[Left]
    ) -> tuple[tuple[Target, ...], Ported]:
        """What went well so far and a batch on top of it: as a whole if that can be, else by
        halves. What can't be written is added to `left`."""
        batch, tried = self._tried(kept, batch, left)
        if isinstance(tried, Ported):
            return (*kept, *batch), tried
        if len(batch) == 1:
            left.append(Left(batch[0].id, tried))
            return kept, best
        middle = len(batch) // 2
        for half in (batch[:middle], batch[middle:]):
            kept, best = self._grown(kept, half, best, left)
        return kept, best

    def _tried(
        self, kept: tuple[Target, ...], batch: tuple[Target, ...], left: list[Left]
    ) -> tuple[tuple[Target, ...], Ported | str]:
        """A batch on top of what went well, without those of it that can't be drafted; or why not
        all of it."""
        while batch:
            tried = self._drafted((*kept, *batch))
            if not isinstance(tried, CannotPortError):
                return batch, tried
            bad = [one for one in batch if one.id in tried.ids]
            if not bad:
                return batch, str(tried)
            left += [Left(one.id, tried.reason(one.id)) for one in bad]
            batch = tuple(one for one in batch if one not in bad)
        return batch, self._checked(kept)

    def _drafted(self, targets: tuple[Target, ...]) -> Ported | str | CannotPortError:
        """As `_checked`; the error where a pattern can't draft one of them."""
        try:
            return self._checked(targets)
        except CannotPortError as error:
            return error
        except RecursionError:  # of one of them: the others are found by halves
            return "it is nested too deeply"

    def _checked(self, targets: tuple[Target, ...]) -> Ported | str:
        """The targets as one change; why it mustn't be made, else. Raises CannotPortError."""
        made: list[Draft] = []
        kinds: dict[Kind, None] = dict.fromkeys(one.kind for one in targets)
        with self._desk.together():
            for kind in kinds:
                group = [one for one in targets if one.kind == kind]
                made.append(self._patterns[kind].draft(self._desk, group))
        whole = self._migrated(joined(made))
        try:
            changes = compose(self._desk.workshop, whole, self._desk.framework)
        except ValueError as error:
            return str(error)
        done = tuple(one.id for one in targets)
        found = problems(self._desk.workshop, changes, planned(whole)) if changes else []
        return found[0] if found else Ported(changes, done, notes=whole.notes)

    def _migrated(self, draft: Draft) -> Draft:
        """A draft with the migration that makes its tables."""
        database = self._desk.database
        if not draft.tables or database is None:
            return draft
        made = migration_file(draft.tables, self._desk.migrations, database)
        return draft.with_(Draft(files=(made,)))


def planned(draft: Draft) -> Planned:
    """What reading a draft's result must find."""
    models: list[str] = []
    functions: list[str] = []
    for piece in draft.pieces:
        for item in piece.items:
            if isinstance(item, (ir.Struct, ir.Enum)):
                if getattr(item, "positional", None) != ():  # no model: nothing is in it
                    models.append(f"{piece.file}::{item.name}")
            elif isinstance(item, ir.Function):
                name = f"{piece.owner}::{item.name}" if piece.owner else item.name
                functions.append(item_key(piece.file, name))
    routes = tuple(route for one in draft.registrations for route in one.routes)
    layers = tuple(one.maker.name for one in draft.layers)
    changed = _changed(draft)
    return Planned(routes, tuple(models), tuple(functions), draft.events, layers, changed)


def _changed(draft: Draft) -> tuple[ChangedModel, ...]:
    """The models that are there and become others."""
    added = {one.key: one.names for one in draft.fields}
    renamed: dict[str, list[tuple[str, str]]] = {}
    for one in draft.namings:
        renamed.setdefault(one.key, []).append((one.name, one.wire))
    return tuple(
        ChangedModel(key, added.get(key, ()), tuple(renamed.get(key, ())))
        for key in dict.fromkeys((*added, *renamed))
    )
