"""Where each model of the backend is in the crate, or will be; decided once for a revision, so that
every edit that writes or names a model says the same."""

from __future__ import annotations

from port_lsp.facts.items import Model
from port_lsp.facts.links import Link
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.names import type_name
from port_lsp.patterns.places import Siblings
from port_lsp.writing.ir.types import Symbol

_SHARED = "models' places"
_THERE = ("ported", "stub")


def places_at(desk: Desk) -> ModelPlaces:
    """The places of a desk's revision."""
    found = desk.shared.get(_SHARED)
    if not isinstance(found, ModelPlaces):
        found = desk.shared[_SHARED] = ModelPlaces(desk)
    return found


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
        self._siblings = Siblings(self._links.values(), snapshot.crate_files)
        self._taken: dict[str, set[str]] = {}
        crate = snapshot.crate
        for one in (*crate.models, *crate.functions) if crate is not None else ():
            file, _, name = one.key.partition("::")
            self._names_of(file).add(name)
        self._places: dict[str, tuple[str, Symbol]] = {}
        for model in backend.models if backend is not None else ():
            self._places[model.key] = self._there(model.key) or self._new(model)

    def place(self, key: str) -> tuple[str, Symbol]:
        """A model's file and symbol. Raises KeyError for what is no model of the backend."""
        return self._places[key]

    def is_there(self, key: str) -> bool:
        """Whether the crate has the model."""
        return self._there(key) is not None

    def counterpart(self, key: str) -> str | None:
        """The item key of the crate's type for a model; None where it has none."""
        link = self._links.get(key)
        return link.crate if link is not None and link.presence in _THERE else None

    def taken(self, file: str) -> frozenset[str]:
        """The names that a file has, with those of the models that will be there."""
        return frozenset(self._names_of(file))

    def _there(self, key: str) -> tuple[str, Symbol] | None:
        link = self._links.get(key)
        if link is None or link.presence not in _THERE or link.crate is None:
            return None
        file, _, name = link.crate.partition("::")
        path = self._desk.workshop.scopes.found_path(file, name)
        return (file, Symbol(path)) if path is not None else None

    def _new(self, model: Model) -> tuple[str, Symbol]:
        file = self._siblings.file_of(model.key.partition("::")[0])
        name = self._distinct(file, type_name(model.name))
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
