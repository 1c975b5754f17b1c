"""What an endpoint needs beside its handler: models, as the crate has them or as they will be, and
dependencies; with a note for each thing that became less than it was in Python."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from msgspec.structs import replace

from port_lsp.facts.items import Model, Parameter
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.endpoints.extractors import own_extractors
from port_lsp.patterns.endpoints.rusttypes import RustTypes
from port_lsp.patterns.models import draft_models, places_at, traits_of
from port_lsp.patterns.models.context import Context
from port_lsp.patterns.models.generics import generics_at
from port_lsp.patterns.models.pattern import Drafting
from port_lsp.patterns.models.places import tells_more
from port_lsp.patterns.names import snake
from port_lsp.patterns.taken import Taken
from port_lsp.patterns.translate.replies.kinds import response_class
from port_lsp.rust.scopes import Scopes
from port_lsp.types.schema import FieldSchema, ModelSchema
from port_lsp.types.wire import Wire
from port_lsp.writing.draft import Dependency, Draft
from port_lsp.writing.ir.types import AnyType, Symbol

Way = Literal["Deserialize", "Serialize", "held"]
"""What a value of a type is for: read, written, or only held by a body, which asks no trait."""
Marked = tuple[dict[str, None], dict[Dependency, None], dict[str, None], int]
UPLOADS = "upload::"
"""Before the name of a type of files that are sent: the key of what is no model of the backend."""


class Names:
    """Names that the items of one draft have, by file: no two have the same."""

    def __init__(self, scopes: Scopes) -> None:
        """`scopes` say what is there already."""
        self._scopes = scopes
        self._taken: dict[str, Taken] = {}

    def taken(self, file: str, more: Iterable[str] = ()) -> set[str]:
        """The names that a file has or will have, which new ones are added to; `more` are some
        that others have promised it."""
        known = self._taken.get(file)
        if known is None:
            known = self._taken[file] = Taken(self._scopes, file, more)
        known.update(more)
        return known

    def claim(self, file: str, name: str, suffix: str = "") -> str:
        """A name for a new item of a file: this one, else with the suffix or a number behind it."""
        taken = self.taken(file)
        free, number = name, 2
        while free in taken:
            free = f"{name}{suffix}" if suffix and number == 2 else f"{name}{number}"
            suffix, number = "", number + (not suffix)
        taken.add(free)
        return free


def names_of(desk: Desk) -> Names:
    """Those of a draft at a desk."""
    return Names(desk.workshop.scopes)


class OwnTypes:
    """The types that stand for classes of the backend that are no models, by their item keys:
    whoever writes such a class says so here."""

    def __init__(self, _: Desk) -> None:
        """None yet, for one revision."""
        self.by_key: dict[str, Symbol] = {}


class Needs:
    """Collects, for code that is written into one file."""

    def __init__(self, desk: Desk, file: str, backend: str, names: Names) -> None:
        """`backend` is the item key of the handler that is ported; notes begin with its name."""
        self._names = names
        self._desk, self.file = desk, file
        self._backend_file, _, self._source = backend.partition("::")
        self._models: dict[str, None] = {}
        self._dependencies: dict[Dependency, None] = {}
        self._notes: dict[str, None] = {}
        self._contexts: list[Context] = []
        self._linked = {
            row.backend: row.crate
            for row in desk.snapshot.links.models
            if row.backend is not None and row.crate is not None and row.presence != "ignored"
        }

    def mark(self) -> Marked:
        """What is needed so far, for `back`."""
        return (
            dict(self._models), dict(self._dependencies), dict(self._notes), len(self._contexts)
        )  # fmt: skip

    def back(self, marked: Marked) -> None:
        """Needs only what was needed then: what came since is written after all in no way."""
        models, dependencies, notes, contexts = marked
        self._models, self._dependencies = dict(models), dict(dependencies)
        self._notes = dict(notes)
        del self._contexts[contexts:]

    def note(self, text: str) -> None:
        """Says of what became less, or of what is left to do."""
        self._notes[f"{self._source}: {text}"] = None

    def claim(self, name: str, suffix: str = "") -> str:
        """A free name for a new item of the file."""
        return self._names.claim(self.file, name, suffix)

    def claim_in(self, file: str, name: str) -> str:
        """A free name for a new item of another file, which models may go into."""
        self._names.taken(file, places_at(self._desk).taken(file))
        return self._names.claim(file, name)

    def depend(
        self, name: str, version: str, *features: str, default_features: bool = True
    ) -> None:
        """A package that the code must be able to name, with these features."""
        self._dependencies[Dependency(name, version, features, default_features)] = None

    def has(self, crate: str) -> bool:
        """Whether the code may name a crate already, by its name in code: `axum_extra`."""
        return self._desk.workshop.scopes.has_dependency(self.file, crate)

    def wire(self, annotation: str | None) -> Wire:
        """What a JSON client sees of an annotation of the handler's."""
        return self._desk.backend.wire(self._backend_file, annotation)

    def is_answer(self, annotation: str | None) -> bool:
        """Whether an annotation of the handler's names one of Starlette's responses."""
        meaning = self._desk.backend.meaning(self._backend_file, annotation) if annotation else None
        return bool(response_class(meaning))

    def field(self, parameter: Parameter) -> FieldSchema:
        """A parameter of the handler as a field that is read by its name on the wire."""
        return self._desk.backend.parameter(self._backend_file, parameter)

    def context(self, name: str, fields: Sequence[FieldSchema], unchecked: str = "") -> Context:
        """What a struct of such fields is written with, as the models' pattern writes one;
        `unchecked` says why limits aren't checked, where they aren't."""
        drafting = self._drafting()
        taken = self._names.taken(self.file, places_at(self._desk).taken(self.file))
        conventions = drafting.conventions
        if unchecked:
            conventions = replace(conventions, validator=(0, 0))
        schema = ModelSchema(self._source, "pydantic", name, tuple(fields))
        world = replace(drafting.world(self.file, linked=self._traits_read), symbol_of=self._symbol)
        context = Context(schema, world, conventions, taken)
        context.common = frozenset(snake(field.name) for field in fields)
        context.unchecked = unchecked or context.unchecked
        self._contexts.append(context)
        return context

    def _symbol(self, key: str) -> Symbol:
        if key.startswith(UPLOADS):
            found = own_extractors(self._desk).named(key.removeprefix(UPLOADS))
            return found or Symbol(("String",))
        return self.model(key, "Deserialize") or places_at(self._desk).place(key, self.file)[1]

    def _traits_read(self, key: str) -> frozenset[str] | None:
        """The traits of the crate's type that a model is read as; None where one is written."""
        counterpart = self._counterpart(key, "Deserialize")
        there = places_at(self._desk).counterpart(key, self.file)
        found = counterpart[1] if counterpart is not None else there
        return traits_of(self._desk, found) if found is not None else None

    def _drafting(self) -> Drafting:
        return self._desk.shares(Drafting)

    def type(self, wire: Wire, way: Way) -> AnyType:
        """The Rust type of a wire type that is read or written."""

        def arguments(of: Wire) -> tuple[Wire, ...]:
            found = self._counterpart(of.name, way)
            there = places_at(self._desk).counterpart(of.name, self.file)
            return generics.arguments(of, found[1] if found is not None else there)

        generics = generics_at(self._desk)
        types = RustTypes(lambda key: self.model(key, way), self.has, arguments)
        found = types.of(wire)
        for text in types.notes:
            self.note(text)
        return found

    def model(self, key: str, way: Way) -> Symbol | None:
        """The symbol of a model of the backend (item key): of its counterpart, or of what it will
        be ported to; None where neither can be used here."""
        counterpart = self._counterpart(key, way)
        if counterpart is not None:
            return counterpart[0]
        if generics_at(self._desk).schema(key) is None:
            own = self._desk.shares(OwnTypes).by_key.get(key)
            return own if way == "held" else None
        places = places_at(self._desk)
        if places.counterpart(key, self.file) is None:
            self._models[key] = None
        return places.place(key, self.file)[1]

    def is_second(self, key: str, way: Way) -> bool:
        """Whether the crate has a type for a model of the backend which can't be used so, that
        another one would be written beside it."""
        return key in self._linked and self._counterpart(key, way) is None

    def _counterpart(self, key: str, way: Way) -> tuple[Symbol, Model] | None:
        """The crate's type that is linked with a model of the backend, if it is visible from the
        file and can be read or written."""
        linked = self._linked.get(key)
        if linked is None:
            return None
        crate, scopes = self._desk.snapshot.crate, self._desk.workshop.scopes
        file, _, name = linked.partition("::")
        path = scopes.found_path(file, name)
        found = next((one for one in crate.models if one.key == linked), None) if crate else None
        if path is None or found is None or self._tells_more(key, found):
            return None
        declared = scopes.type_item(path)
        if declared is not None and not declared[1].public and file != self.file:
            self.note(f"{name} of {file} is private there; another one is written")
            return None
        if way != "held" and way not in traits_of(self._desk, found):
            self.note(f"{name} of {file} doesn't derive {way}; another one is written")
            return None
        return Symbol(path), found

    def _tells_more(self, key: str, found: Model) -> bool:
        backend = self._desk.snapshot.backend
        models = backend.models if backend is not None else ()
        model = next((one for one in models if one.key == key), None)
        return model is not None and tells_more(self._desk, model, found)

    @property
    def models(self) -> tuple[str, ...]:
        """The models (item keys) that the crate lacks."""
        return tuple(self._models)

    def draft(self) -> Draft:
        """The models, dependencies and notes as a draft."""
        made = draft_models(self._desk, self.models) if self._models else Draft()
        return made.with_(self.own())

    def own(self) -> Draft:
        """As `draft`, without the models."""
        contexts = [(self.file, context) for context in self._contexts]
        made = self._drafting().needs(contexts) if contexts else Draft()
        return made.with_(Draft(dependencies=tuple(self._dependencies), notes=tuple(self._notes)))
