"""The pattern: models with all the models they need, in the files where they belong."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from port_lsp.facts.items import Model
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.models.closure import Closure, Linked, hashed_in
from port_lsp.patterns.models.context import Context, World
from port_lsp.patterns.models.conventions import conventions_of
from port_lsp.patterns.models.enums import enum_of
from port_lsp.patterns.models.generics import generics_at, refs
from port_lsp.patterns.models.places import places_at, traits_of
from port_lsp.patterns.models.storing import Stored, has_type, stored_at
from port_lsp.patterns.models.structs import struct_of
from port_lsp.patterns.models.supports import support_files, support_packages
from port_lsp.patterns.models.tables import table_of
from port_lsp.patterns.port import CannotPortError, Target
from port_lsp.patterns.taken import Taken
from port_lsp.types.schema import ModelSchema
from port_lsp.types.wire import Wire
from port_lsp.writing.draft import Dependency, Draft, Piece
from port_lsp.writing.ir.items import Item


class ModelPattern:
    """What the registry knows."""

    def draft(self, desk: Desk, targets: Sequence[Target]) -> Draft:
        """The draft of models and of the unported models that they need."""
        return draft_models(desk, [target.id for target in targets])

    def places(self, desk: Desk, target: Target) -> tuple[str, ...]:
        """The files that as many of its siblings are in."""
        found = places_at(desk).choice(target.id)
        return found if len(found) > 1 else ()


def draft_models(desk: Desk, keys: Sequence[str]) -> Draft:
    """The draft of models by their item keys. Raises CannotPortError for a key of no model."""
    return Drafting(desk).draft(keys)


class Drafting:
    """One draft: what each model is called and where it goes is decided once."""

    def __init__(self, desk: Desk) -> None:
        """`models` are the backend's by their item keys."""
        self.desk = desk
        backend = desk.snapshot.backend
        self.models: dict[str, Model] = {one.key: one for one in backend.models} if backend else {}
        self.conventions = conventions_of(desk)
        self.places = places_at(desk)
        self._taken: dict[str, Taken] = {}  # by file, with what this draft's models named
        self.generics = generics_at(desk)
        self._rows = False

    def draft(self, keys: Sequence[str]) -> Draft:
        """The draft; pieces in the order of files, models as the backend has them."""
        for key in keys:
            if key not in self.models:
                raise CannotPortError(f"{key} is no model of the backend")
        wanted = self._closure(keys)
        self._rows = any(self.schema(key).is_row for key in wanted)
        pieces: list[Piece] = []
        contexts: list[tuple[str, Context]] = []
        boxed = self._boxed(wanted)
        hashed = hashed_in({key: self.schema(key) for key in wanted})
        worlds: dict[str, World] = {}
        for key in (one for one in self.models if one in wanted):
            file, symbol = self.places.written(key)
            if file not in worlds:
                worlds[file] = self.world(file, hashed)
            context = self.context(key, file, symbol.name, worlds[file])
            context.boxed = boxed.get(key, frozenset())
            if items := _items(context):
                contexts.append((file, context))
                pieces.append(Piece(file, tuple(items), key))
        made = Draft(tuple(pieces), tables=tuple(self._tables(wanted)))
        return made.with_(self.needs(contexts))

    def context(self, key: str, file: str, name: str, world: World) -> Context:
        """What one model (item key) is written with, in a file and under a name of the crate."""
        schema = replace(self.schema(key), name=name)
        taken = self._taken.get(file)
        if taken is None:
            taken = self._taken[file] = Taken(self.desk.workshop.scopes, file)
        taken.update(self.places.taken(file))
        context = Context(schema, world, self.conventions, taken)
        context.common = self.places.common(key)
        return context

    def needs(self, contexts: Sequence[tuple[str, Context]]) -> Draft:
        """What was written with contexts, each for a file, needs besides its own items."""
        dependencies: dict[str, Dependency] = {}
        notes: list[str] = []
        support: dict[str, set[str]] = {}
        for file, context in contexts:
            support.setdefault(self._source_folder(file), set()).update(context.support)
            for one in context.dependencies.values():
                dependencies[one.name] = _joined(dependencies.get(one.name), one)
            notes += context.notes
        files: dict[str, str] = {}
        for folder, modules in support.items():
            there = self.desk.workshop.files
            made = support_files(folder, modules)
            files |= {path: text for path, text in made.items() if path not in there}
            for one in support_packages(modules):
                dependencies[one.name] = _joined(dependencies.get(one.name), one)
        first = contexts[0][0] if contexts else None
        return Draft(
            dependencies=self._lacking(first, dependencies),
            files=tuple(files.items()),
            notes=tuple(notes),
        )

    def _tables(self, wanted: set[str]) -> Iterator[ModelSchema]:
        """The tables that no migration makes yet."""
        schemas = (self.schema(key) for key in self.models if key in wanted)
        return (it for it in schemas if it.table and it.table not in self.desk.migrated_tables)

    def _source_folder(self, file: str) -> str:
        """The folder of the crate root that a file belongs to: `src`."""
        root = self.desk.workshop.scopes.root_of(file)
        return posixpath.dirname(root) if root else "src"

    def world(
        self, file: str, hashed: frozenset[str] = frozenset(), linked: Linked | None = None
    ) -> World:
        """What models of a file may ask of one another. `linked` are the traits of what stands for
        a model already; without it, of what can be both read and written."""

        def traits_there(key: str) -> frozenset[str] | None:
            counterpart = self.places.counterpart(key, file)
            return traits_of(self.desk, counterpart) if counterpart is not None else None

        closure = Closure(self._schema_or_none, linked or traits_there)
        return World(
            lambda key: self.places.place(key, file)[1],
            self._schema_or_none,
            closure.validates,
            closure.derives,
            closure.own,
            lambda key: key in hashed,
            lambda wire: self.generics.arguments(wire, self.places.counterpart(wire.name, file)),
            lambda key: self._stored(key, file),
        )

    def _stored(self, key: str, file: str) -> Stored | None:
        """What sqlx stores of an Enum, if code in a file has a type for it that can be stored."""
        counterpart = self.places.counterpart(key, file)
        if counterpart is None and not (self._rows or self.desk.database):
            return None  # of a crate without sqlx
        if counterpart is not None and not has_type(self.desk, counterpart):
            return None
        return stored_at(self.desk).get(key)

    def schema(self, key: str) -> ModelSchema:
        """A model's schema."""
        schema = self.generics.schema(key)
        assert schema is not None, key
        return schema

    def _schema_or_none(self, key: str) -> ModelSchema | None:
        return self.generics.schema(key)

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
            file, _ = self.places.written(key)
            waiting += [
                other for other in _refs_of(self.schema(key))
                if other in self.models and self.places.counterpart(other, file) is None
            ]  # fmt: skip
        return found

    def nested(self, wires: Iterable[Wire], file: str) -> list[str]:
        """The models that types name and that code in a file hasn't got yet."""
        names = dict.fromkeys(name for wire in wires for name in refs(wire))
        return [
            one
            for one in names
            if one in self.models and self.places.counterpart(one, file) is None
        ]

    def boxed_in(self, key: str, wires: Iterable[Wire]) -> frozenset[str]:
        """The models that a model must hold in a Box where it has fields of these types."""
        held = {name for wire in wires for name in _held(wire)}
        return frozenset(other for other in held if key in self._holding(other))

    def _holding(self, start: str) -> set[str]:
        """A model with all that it holds by value, one in the other."""
        found: set[str] = set()
        waiting = [start]
        while waiting:
            key = waiting.pop()
            if key not in found and key in self.models:
                found.add(key)
                waiting += _held_by(self.schema(key))
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

    def _lacking(self, file: str | None, wanted: dict[str, Dependency]) -> tuple[Dependency, ...]:
        """What the crate doesn't depend on yet, or maybe not with these features."""
        there = self._crates(file) if file is not None else frozenset[str]()
        return tuple(
            one
            for one in wanted.values()
            if one.features or one.name.replace("-", "_") not in there
        )


def _joined(known: Dependency | None, one: Dependency) -> Dependency:
    """A package with the features that both ask for."""
    features = tuple(dict.fromkeys((*(known.features if known else ()), *one.features)))
    return replace(one, features=features)


def _items(context: Context) -> list[Item]:
    """The items of a model, by its kind."""
    if context.schema.kind == "enum":
        return enum_of(context)
    return table_of(context) if context.schema.is_row else struct_of(context)


def _refs_of(schema: ModelSchema) -> Iterator[str]:
    """The models that a model names."""
    for wire in _wires(schema):
        yield from refs(wire)


def _wires(schema: ModelSchema) -> Iterator[Wire]:
    yield from (field.wire for field in schema.fields)
    yield from (one.returns for one in schema.methods if one.returns is not None)
    if schema.root is not None:
        yield schema.root


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


def validates(desk: Desk, key: str, file: str) -> bool:
    """Whether what code in a file reads as a model (item key) must be validated, by
    `Valid<Json<T>>`: whether its Rust type implements `Validate`."""
    drafting = Drafting(desk)
    return drafting.conventions.validator != (0, 0) and drafting.world(file).validates(key)
