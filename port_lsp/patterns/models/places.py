"""Where each model of the backend is in the crate, or will be; decided once for a revision, so that
every edit that writes or names a model says the same."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from functools import cached_property

from port_lsp.facts.items import Model
from port_lsp.facts.links import Link
from port_lsp.facts.source import Record
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.names import snake, type_name
from port_lsp.patterns.places import Siblings
from port_lsp.rust.declared import ImplItem
from port_lsp.types.schema import ROWS
from port_lsp.writing.ir.types import Symbol

_THERE = ("ported", "stub")
_READ_AND_WRITTEN = ("Serialize", "Deserialize")


def places_at(desk: Desk) -> ModelPlaces:
    """The places of a desk's revision."""
    return desk.shares(_aimed) if desk.into else desk.stands(ModelPlaces)


def _aimed(desk: Desk) -> ModelPlaces:
    return desk.stands(ModelPlaces).aimed(desk.into)


def traits_of(desk: Desk, model: Model) -> frozenset[str]:
    """The traits that a type of the crate derives, or that its file implements for it."""
    file, _, name = model.key.partition("::")
    implemented = (
        item.trait or ""
        for _, item in desk.workshop.declared(file)
        if isinstance(item, ImplItem) and item.name == name
    )
    return frozenset(one.rpartition("::")[2] for one in (*model.derives, *implemented))


def tells_more(desk: Desk, model: Model, other: Model) -> bool:
    """Whether the crate's struct of a table's rows would say more of a row than a model of the
    backend does, which is linked with it: what is secret of a user isn't in an answer."""
    if model.table is not None or model.kind in ROWS or "FromRow" not in traits_of(desk, other):
        return False
    said = _on_the_wire(model) | {field.name for field in model.fields}
    return any(
        not {field.name.removeprefix("r#"), field.alias} & said
        and not any("skip" in one.name for one in field.constraints)
        for field in other.fields
    )


def _on_the_wire(model: Model) -> frozenset[str]:
    return frozenset(field.alias or field.name for field in model.fields)


class _There(Record, frozen=True):
    """A type of the crate that new code can use; only code of its own file where not `public`."""

    file: str
    symbol: Symbol
    model: Model
    public: bool


class ModelPlaces:
    """Answers for all models of the backend, by their item keys."""

    def __init__(self, desk: Desk) -> None:
        """New ones are given their names in the order of the backend's models."""
        self._desk = desk
        snapshot = desk.snapshot
        backend = snapshot.backend
        self._links: dict[str, Link] = {
            link.backend: link for link in snapshot.links.models if link.backend is not None
        }
        self._siblings = Siblings(self._links.values(), snapshot.crate_files, desk.source)
        self._taken: dict[str, set[str]] = {}
        crate = snapshot.crate
        for one in (*crate.models, *crate.functions) if crate is not None else ():
            file, _, name = one.key.partition("::")
            self._names_of(file).add(name)
        self._there: dict[str, _There] = {}
        self._second: dict[str, _There] = {}  # written since the first can't be used everywhere
        self._new: dict[str, tuple[str, Symbol]] = {}
        crate_models = {one.key: one for one in crate.models} if crate is not None else {}
        for model in backend.models if backend is not None else ():
            there = self._usable(self._counterpart(model.key), crate_models)
            if there is not None and tells_more(desk, model, there.model):
                there = None
            if there is not None:
                self._there[model.key] = there
            if there is not None and there.public:
                continue
            linked = self._counterpart(model.key) is not None
            again = self._again(model, crate_models) if linked else None
            if again is not None:
                self._second[model.key] = again
            else:
                file = self._siblings.file_of(model.key.partition("::")[0])
                self._new[model.key] = self._named(file, type_name(model.name))

    def aimed(self, into: Mapping[str, str]) -> ModelPlaces:
        """The same places, but for new models (their keys) that go into a certain file."""
        other = copy(self)
        other._new = dict(self._new)
        other._taken = {file: set(names) for file, names in self._taken.items()}
        for key in self._new.keys() & into.keys():
            name = key.rpartition("::")[2]
            other._new[key] = other._named(into[key], type_name(name))
        other.__dict__.pop("_fields_by_file", None)
        return other

    def choice(self, key: str) -> tuple[str, ...]:
        """The files that fit a new model (its key) equally well, the usual one first; nothing where
        it isn't new."""
        if key not in self._new:
            return ()
        return self._siblings.files_of(key.partition("::")[0])

    def place(self, key: str, seen_from: str) -> tuple[str, Symbol]:
        """A model's file and symbol for code in a file. Raises KeyError for what is no model of the
        backend."""
        there = self._seen(key, seen_from)
        return (there.file, there.symbol) if there is not None else self._new[key]

    def common(self, key: str) -> frozenset[str]:
        """A model's fields, as Rust names them, that another model of its new file has, too."""
        names, own = self._fields_by_file.get(self.written(key)[0], {}), self._fields.get(key, ())
        return frozenset(name for name in own if names.get(name, set()) - {key})

    @cached_property
    def _fields(self) -> dict[str, tuple[str, ...]]:
        """By model, its fields as Rust names them."""
        backend = self._desk.snapshot.backend
        models = backend.models if backend is not None else ()
        return {one.key: tuple(snake(field.name) for field in one.fields) for one in models}

    @cached_property
    def _fields_by_file(self) -> dict[str, dict[str, set[str]]]:
        """By file of the crate and name in Rust, the models that have such a field."""
        found: dict[str, dict[str, set[str]]] = {}
        for key, fields in self._fields.items():
            names = found.setdefault(self.written(key)[0], {})
            for name in fields:
                names.setdefault(name, set()).add(key)
        return found

    def written(self, key: str) -> tuple[str, Symbol]:
        """The file and symbol of a model that is written now."""
        return self._new.get(key) or self.place(key, "")

    def counterpart(self, key: str, seen_from: str) -> Model | None:
        """The crate's type for a model, if code in a file can use it: it is visible from there, and
        can be read and written."""
        there = self._seen(key, seen_from)
        return there.model if there is not None else None

    def _seen(self, key: str, file: str) -> _There | None:
        there = self._there.get(key)
        if there is None or not (there.public or there.file == file):
            return self._second.get(key)
        return there

    def taken(self, file: str) -> frozenset[str]:
        """The names that a file has, with those of the models that will be there."""
        return frozenset(self._names_of(file))

    def _counterpart(self, key: str) -> str | None:
        link = self._links.get(key)
        return link.crate if link is not None and link.presence in _THERE else None

    def _usable(self, key: str | None, models: Mapping[str, Model]) -> _There | None:
        """The place of a type of the crate, where new code can name, read and write it."""
        model = models.get(key or "")
        if model is None:
            return None
        file, _, name = model.key.partition("::")
        scopes = self._desk.workshop.scopes
        path = scopes.found_path(file, name)
        if path is None or not set(_READ_AND_WRITTEN) <= traits_of(self._desk, model):
            return None
        declared = scopes.type_item(path)
        public = declared is None or declared[1].public
        return _There(file, Symbol(path), model, public)

    def _again(self, model: Model, models: Mapping[str, Model]) -> _There | None:
        """The type that was written for a model whose counterpart can't be used everywhere: in its
        file, under its name and a number, with its fields."""
        file = self._siblings.file_of(model.key.partition("::")[0])
        name, number = type_name(model.name), 2
        while (other := models.get(f"{file}::{name}{number}")) is not None:
            there = self._usable(other.key, models)
            if there is not None and there.public and _on_the_wire(other) == _on_the_wire(model):
                return there
            number += 1
        return None

    def _named(self, file: str, name: str) -> tuple[str, Symbol]:
        name = self._distinct(file, name)
        return file, Symbol((*self._desk.workshop.scopes.planned_path(file), name))

    def _distinct(self, file: str, name: str) -> str:
        """A type's name that its file doesn't have yet."""
        taken, scopes = self._names_of(file), self._desk.workshop.scopes
        found, number = name, 2
        while found in taken or not scopes.is_free(file, found):
            found, number = f"{name}{number}", number + 1
        taken.add(found)
        return found

    def _names_of(self, file: str) -> set[str]:
        return self._taken.setdefault(file, set())
