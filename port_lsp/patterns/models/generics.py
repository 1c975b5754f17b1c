"""Type parameters of generic models as Rust has them.

Rust refuses a parameter that no field speaks of (E0392); Python doesn't mind. So a model keeps
those that are left in its fields' Rust types, and whoever names it gives arguments for these only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache

from msgspec.structs import replace

from port_lsp.facts.items import Model
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.names import distinct, type_name
from port_lsp.types.schema import ModelSchema
from port_lsp.types.wire import ANY, Wire
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import (
    AnyType,
    Reference,
    Slice,
    Symbol,
    Tuple,
    Type,
    named,
)

# What fields' types are called: a parameter of that name would stand before it.
_NAMES = frozenset(
    (
        *("Box", "HashMap", "HashSet", "Map", "Option", "Self", "String", "Value", "Vec"),
        *("Aware", "Clock", "Moment", "Naive", "Number", "Secret", "Span", "Url", "Uuid"),
        *("DateTime", "NaiveDate", "NaiveTime", "Utc"),
    )
)


class Generics:
    """Asks each question once per model. `schemas` are by item key, None for what is no model."""

    def __init__(self, schemas: Callable[[str], ModelSchema | None]) -> None:
        """See the class."""
        self._schemas = schemas
        self._kept: dict[str, frozenset[str]] = {}
        self._done: dict[str, ModelSchema | None] = {}

    def schema(self, key: str) -> ModelSchema | None:
        """A model's schema, with those parameters only that Rust has, too."""
        if key not in self._done:
            schema = self._schemas(key)
            if schema is not None and schema.parameters:
                used = self._used(schema)
                kept = tuple(one for one in schema.parameters if one in used)
                schema = replace(schema, parameters=kept)
            self._done[key] = schema
        return self._done[key]

    def arguments(self, wire: Wire, there: Model | None = None) -> tuple[Wire, ...]:
        """The arguments that a reference to a model gives it in Rust: any value, where Python gives
        none. `there` is the crate's type that stands for the model, which may have others."""
        found = self._arguments(wire)
        if there is None:
            return found
        texts = [one.value for one in there.attributes if one.name == "generics"]
        names = [name.strip() for text in texts for name in text.split(",")]
        count = sum(not name.startswith("'") for name in names)
        if len(found) == count:
            return found
        return (*wire.args, *(count * (ANY,)))[:count]

    def _arguments(self, wire: Wire) -> tuple[Wire, ...]:
        schema = self._schemas(wire.name)
        if schema is None or not schema.parameters:
            return ()
        used = self._used(schema)
        given = dict(zip(schema.parameters, wire.args, strict=False))
        return tuple(given.get(one, ANY) for one in schema.parameters if one in used)

    def _used(self, schema: ModelSchema) -> frozenset[str]:
        if schema.key not in self._kept:
            # Models may hold one another: what is used grows until it doesn't.
            every = {one.key: one for one in self._held(schema) if one.key not in self._kept}
            self._kept |= dict.fromkeys(every, frozenset())
            while any(self._grows(one) for one in every.values()):
                pass
        return self._kept[schema.key]

    def _held(self, schema: ModelSchema) -> Iterator[ModelSchema]:
        """A model and the generic ones that it speaks of, one by way of the other."""
        found: set[str] = set()
        waiting = [schema]
        while waiting:
            one = waiting.pop()
            if one.key not in found:
                found.add(one.key)
                yield one
                names = {name for wire in _wires(one) for name in refs(wire)}
                others = [self._schemas(name) for name in sorted(names)]
                waiting += [other for other in others if other is not None and other.parameters]

    def _grows(self, schema: ModelSchema) -> bool:
        if schema.kind == "enum" or schema.is_row:
            return False
        names = {name for wire in _wires(schema) for name in self._names(wire)}
        used = frozenset(names) & frozenset(schema.parameters)
        grows = used != self._kept[schema.key]
        self._kept[schema.key] = used
        return grows

    def _names(self, wire: Wire) -> Iterator[str]:
        """The parameters that are left in the Rust type of a wire type."""
        if wire.kind == "ref" and "::" in wire.name:
            args = self._arguments(wire)
        elif wire.kind == "ref":
            yield wire.name
            return
        elif wire.kind == "map":
            args = wire.args[1:] if wire.args[1].kind != "any" else ()
        else:
            args = wire.args
        for arg in args:
            yield from self._names(arg)


def _wires(schema: ModelSchema) -> Iterator[Wire]:
    yield from (field.wire for field in schema.fields)
    if schema.root is not None:
        yield schema.root


def refs(wire: Wire) -> Iterator[str]:
    """The models that a type names."""
    if wire.kind == "ref" and "::" in wire.name:
        yield wire.name
    for arg in wire.args:
        yield from refs(arg)


def generics_at(desk: Desk) -> Generics:
    """Those of the backend's models, of the desk's revision."""
    return desk.shares(_generics)


def _generics(desk: Desk) -> Generics:
    backend = desk.snapshot.backend
    models = {one.key: one for one in backend.models} if backend is not None else {}

    @cache
    def schema(key: str) -> ModelSchema | None:
        model = models.get(key)
        return desk.backend.schema(model) if model is not None else None

    return Generics(schema)


def rust_parameters(schema: ModelSchema) -> Mapping[str, str]:
    """What a model's parameters are called in Rust: never as a type that its fields name."""
    others = (name.rpartition("::")[2] for wire in _wires(schema) for name in refs(wire))
    taken = {*_NAMES, *map(type_name, others)}
    return {
        one: distinct(f"{name}T" if (name := type_name(one)) in taken else name, taken)
        for one in schema.parameters
    }


def mentioned(parameters: Sequence[str], kinds: Iterable[AnyType]) -> tuple[str, ...]:
    """Those of some parameters (Rust names) that types speak of, in their order."""
    found = {name for kind in kinds for name in _words(kind)}
    return tuple(one for one in parameters if one in found)


def _words(kind: AnyType) -> Iterator[str]:
    inside: tuple[AnyType, ...]
    if isinstance(kind, Type):
        if len(kind.head.path) == 1:
            yield kind.head.name
        inside = kind.args
    elif isinstance(kind, Reference):
        inside = (kind.inner,)
    elif isinstance(kind, Slice):
        inside = (kind.item,)
    elif isinstance(kind, Tuple):
        inside = kind.items
    else:
        inside = kind.bounds
    for one in inside:
        yield from _words(one)


def of_parameters(name: str, parameters: Iterable[str]) -> Type:
    """A type of the crate with its parameters: `Page<T>`."""
    return Type(Symbol((name,)), tuple(named(one) for one in parameters))


def declared(parameters: Iterable[str], *bounds: AnyType) -> tuple[i.Generic, ...]:
    """Parameters where they are declared, each with the same bounds."""
    return tuple(i.Generic(one, bounds) for one in parameters)
