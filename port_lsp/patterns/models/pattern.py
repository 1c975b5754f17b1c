"""The pattern: models with all the models they need, in the files where they belong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from port_lsp.facts.items import Model
from port_lsp.facts.links import Link
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.models.context import Context
from port_lsp.patterns.models.enums import enum_of
from port_lsp.patterns.models.migrations import migration, migration_name
from port_lsp.patterns.models.structs import struct_of
from port_lsp.patterns.models.tables import table_of
from port_lsp.patterns.names import type_name
from port_lsp.patterns.places import file_of_model
from port_lsp.patterns.port import CannotPortError, Target
from port_lsp.types.schema import ModelSchema
from port_lsp.types.wire import Wire
from port_lsp.writing.draft import Dependency, Draft, Piece
from port_lsp.writing.ir.items import Item
from port_lsp.writing.ir.types import Symbol

_THERE = ("ported", "stub")


class ModelPattern:
    """What the registry knows."""

    def draft(self, desk: Desk, targets: Sequence[Target]) -> Draft:
        """The draft of models and of the unported models that they need."""
        return draft_models(desk, [target.id for target in targets])


def draft_models(desk: Desk, keys: Sequence[str]) -> Draft:
    """The draft of models by their item keys. Raises CannotPortError for a key of no model."""
    return _Drafting(desk).draft(keys)


def place_of(desk: Desk, key: str) -> tuple[str, Symbol]:
    """The file of a model in the crate and its symbol there: where it is, or where it will be."""
    return _Drafting(desk).place(key)


class _Drafting:
    """One draft: what each model is called and where it goes is decided once."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        snapshot = desk.snapshot
        backend = snapshot.backend
        self.models: dict[str, Model] = {one.key: one for one in backend.models} if backend else {}
        self.links: dict[str, Link] = {
            link.backend: link for link in snapshot.links.models if link.backend is not None
        }
        self.schemas: dict[str, ModelSchema] = {}
        self.places: dict[str, tuple[str, Symbol]] = {}
        self.taken: dict[str, set[str]] = {}

    def draft(self, keys: Sequence[str]) -> Draft:
        """The draft; pieces in the order of files, models as the backend has them."""
        for key in keys:
            if key not in self.models:
                raise CannotPortError(f"{key} is no model of the backend")
        wanted = self._closure(keys)
        for key in wanted:
            self.place(key)
        pieces: list[Piece] = []
        dependencies: dict[str, Dependency] = {}
        notes: list[str] = []
        boxed = self._boxed(wanted)
        for key in (one for one in self.models if one in wanted):
            file, symbol = self.places[key]
            context = Context(
                self._named(self.schema(key), symbol.name),
                lambda other: self.place(other)[1],
                self._schema_or_none,
                self._crates(file),
                self._taken(file),
            )
            context.boxed = boxed.get(key, frozenset())
            items = _items(context)
            if items:
                pieces.append(Piece(file, tuple(items), key))
            dependencies |= context.dependencies
            notes += context.notes
        return Draft(
            tuple(pieces),
            dependencies=self._lacking(pieces, dependencies),
            files=tuple(self._migration(wanted)),
            notes=tuple(notes),
        )

    def _migration(self, wanted: set[str]) -> Iterator[tuple[str, str]]:
        """The file that makes the tables that no migration makes yet."""
        desk = self.desk
        schemas = [self.schema(key) for key in self.models if key in wanted]
        tables = [one for one in schemas if one.table and one.table not in desk.migrated_tables]
        if tables and (database := desk.database) is not None:
            names = [one.table or "" for one in tables]
            name = migration_name(desk.migrations, names)
            yield f"migrations/{name}", migration(tables, database)

    def schema(self, key: str) -> ModelSchema:
        """A model's schema."""
        if key not in self.schemas:
            self.schemas[key] = self.desk.backend.schema(self.models[key])
        return self.schemas[key]

    def _schema_or_none(self, key: str) -> ModelSchema | None:
        return self.schema(key) if key in self.models else None

    def _named(self, schema: ModelSchema, name: str) -> ModelSchema:
        """The schema under the name that the model has in the crate."""
        return replace(schema, name=name)

    # Places

    def place(self, key: str) -> tuple[str, Symbol]:
        """A model's file and symbol."""
        if key not in self.places:
            self.places[key] = self._there(key) or self._new(key)
        return self.places[key]

    def _there(self, key: str) -> tuple[str, Symbol] | None:
        """The place of a model that the crate has."""
        link = self.links.get(key)
        if link is None or link.presence not in _THERE or link.crate is None:
            return None
        file, _, name = link.crate.partition("::")
        path = self.desk.workshop.scopes.found_path(file, name)
        return (file, Symbol(path)) if path is not None else None

    def _new(self, key: str) -> tuple[str, Symbol]:
        snapshot = self.desk.snapshot
        backend_file = key.partition("::")[0]
        file = file_of_model(backend_file, self.links.values(), snapshot.crate_files)
        name = self._distinct(file, type_name(self.models[key].name))
        module = self.desk.workshop.scopes.planned_path(file)
        return file, Symbol((*module, name))

    def _distinct(self, file: str, name: str) -> str:
        """A type's name that its file doesn't have yet."""
        taken = self._taken(file)
        scopes = self.desk.workshop.scopes
        found, number = name, 2
        while found in taken or not scopes.is_free(file, found):
            found, number = f"{name}{number}", number + 1
        taken.add(found)
        return found

    def _taken(self, file: str) -> set[str]:
        """The names that a file has, with those that it is going to have."""
        if file not in self.taken:
            crate = self.desk.snapshot.crate
            known = {
                one.key.partition("::")[2] for one in (*crate.models, *crate.functions)
                if one.key.startswith(f"{file}::")
            } if crate else set[str]()  # fmt: skip
            self.taken[file] = known
        return self.taken[file]

    # Needs

    def _closure(self, keys: Iterable[str]) -> set[str]:
        """The models with all the unported ones that they name."""
        found: set[str] = set()
        waiting = list(keys)
        while waiting:
            key = waiting.pop()
            if key in found:
                continue
            found.add(key)
            waiting += [
                other for other in _refs_of(self.schema(key))
                if other in self.models and self._there(other) is None
            ]  # fmt: skip
        return found

    def _boxed(self, wanted: set[str]) -> dict[str, frozenset[str]]:
        """By model, the models that it must hold in a Box: those that hold it by value."""
        holds = {key: set(_held_by(self.schema(key))) & wanted for key in wanted}
        return {
            key: frozenset(other for other in holds[key] if key in _reachable(holds, other))
            for key in wanted
        }

    def _crates(self, file: str) -> frozenset[str]:
        package = self.desk.workshop.scopes.package_of(file)
        return frozenset(name for name, _ in package.dependencies) if package else frozenset()

    def _lacking(
        self, pieces: Sequence[Piece], wanted: dict[str, Dependency]
    ) -> tuple[Dependency, ...]:
        """What the crate doesn't depend on yet."""
        there = self._crates(pieces[0].file) if pieces else frozenset[str]()
        return tuple(one for one in wanted.values() if one.name.replace("-", "_") not in there)


def _items(context: Context) -> list[Item]:
    """The items of a model, by its kind."""
    if context.schema.kind == "enum":
        return enum_of(context)
    return table_of(context) if context.schema.table is not None else struct_of(context)


def _refs_of(schema: ModelSchema) -> Iterator[str]:
    """The models that a model names."""
    for wire in _wires(schema):
        yield from _refs(wire)


def _wires(schema: ModelSchema) -> Iterator[Wire]:
    yield from (field.wire for field in schema.fields)
    yield from (one.returns for one in schema.methods if one.returns is not None)
    if schema.root is not None:
        yield schema.root


def _refs(wire: Wire) -> Iterator[str]:
    if wire.kind == "ref" and "::" in wire.name:
        yield wire.name
    for arg in wire.args:
        yield from _refs(arg)


def _held_by(schema: ModelSchema) -> Iterator[str]:
    """The models that a model holds by value, not behind a list or a map."""
    for wire in _wires(schema):
        yield from _held(wire)


def _held(wire: Wire) -> Iterator[str]:
    if wire.kind == "ref" and "::" in wire.name:
        yield wire.name
    if wire.kind in ("optional", "tuple", "union", "ref"):
        for arg in wire.args:
            yield from _held(arg)


def _reachable(holds: dict[str, set[str]], start: str) -> set[str]:
    found: set[str] = set()
    waiting = [start]
    while waiting:
        key = waiting.pop()
        if key not in found:
            found.add(key)
            waiting += holds.get(key, ())
    return found


def validates(desk: Desk, key: str) -> bool:
    """Whether a model has limits that must be checked after it was read."""
    return False
