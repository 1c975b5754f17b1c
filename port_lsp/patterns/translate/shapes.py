"""What the types of the crate are made of: the fields of its structs and what they derive, of those
that are there and of those that the same edit writes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import cached_property

from port_lsp.facts.items import Model
from port_lsp.facts.source import Record
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.endpoints.written import type_of
from port_lsp.patterns.models import draft_models, places_at, traits_of
from port_lsp.patterns.models.enums import members_of
from port_lsp.patterns.models.generics import generics_at
from port_lsp.patterns.port import CannotPortError
from port_lsp.patterns.translate.cratetypes import type_at
from port_lsp.patterns.translate.values import (
    AWARE,
    BOOL,
    F64,
    I64,
    NAIVE,
    OBJECT,
    STRING,
    TIMES,
    UUID,
    VALUE,
)
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import UNIT, AnyType, Reference, Symbol, Tuple, Type, named

_PLAIN: tuple[AnyType, ...] = (STRING, I64, F64, BOOL, VALUE, OBJECT, UNIT, UUID)
_COPIED: tuple[AnyType, ...] = (I64, F64, BOOL, UNIT, UUID)
_OTHERWISE: tuple[AnyType, ...] = (
    *TIMES, named("chrono::NaiveTime"), named("uuid::fmt::Simple"), named("Vec", named("u8")),
    named("rust_decimal::Decimal"),
)  # fmt: skip
_HOLDERS = ("Option", "Vec", "HashMap", "Map", "HashSet")


class Shape(Record, frozen=True):
    """A struct: its fields by the names that Python has for them, each with its name and its type
    in Rust; the traits that it has. `key` is the backend's model that it is written for, or linked
    with. An enum has `variants`: each value as JSON and the name in Rust. Of one that is there,
    `file` says where, `private` which fields only its own module may name."""

    symbol: Symbol
    fields: tuple[tuple[str, str, AnyType], ...]
    traits: frozenset[str]
    is_enum: bool = False
    key: str = ""
    variants: tuple[tuple[str, str], ...] = ()
    file: str = ""
    private: frozenset[str] = frozenset()

    def field(self, name: str) -> tuple[str, AnyType] | None:
        """A field by Python's name for it."""
        return next(((own, kind) for each, own, kind in self.fields if each == name), None)


class Shapes:
    """Answers for one revision."""

    def __init__(self, desk: Desk) -> None:
        """Of the desk's crate and backend."""
        self._desk = desk
        self._known: dict[Symbol, Shape | None] = {}

    def of(self, kind: AnyType) -> Shape | None:
        """The shape of a struct or an enum, also of one behind a reference."""
        while isinstance(kind, Reference):
            kind = kind.inner
        if not isinstance(kind, Type) or kind.args or len(kind.head.path) < 2:
            return None
        if kind.head not in self._known:
            self._known[kind.head] = self._there(kind.head) or self._new(kind.head)
        return self._known[kind.head]

    def add(self, items: Iterable[i.Item]) -> None:
        """Structs that are written beside a handler."""
        for one in items:
            if isinstance(one, i.Struct):
                self._known[Symbol((one.name,))] = _of_struct(one, Symbol((one.name,)), "")

    def know(self, symbol: Symbol, struct: i.Struct) -> None:
        """A struct of a class that is no model, where the crate hasn't got it."""
        if type_at(self._desk, symbol) is None:
            self._known[symbol] = _of_struct(struct, symbol, "")

    def has(self, kind: AnyType, trait: str) -> bool:
        """Whether a type has a trait that may be derived: Clone, Copy, Serialize."""
        if isinstance(kind, Reference):
            return trait != "Serialize" or self.has(kind.inner, trait)
        if kind in TIMES:  # chrono writes them otherwise than Pydantic
            return trait not in ("Serialize", "Deserialize")
        if kind in _PLAIN:
            return trait != "Copy" or kind in _COPIED
        if isinstance(kind, Tuple):
            return all(self.has(one, trait) for one in kind.items)
        if isinstance(kind, Type) and kind.args:
            if kind.head.name not in _HOLDERS or (trait == "Copy" and kind.head.name != "Option"):
                return False
            return all(self.has(one, trait) for one in kind.args)
        shape = self.of(kind)
        return shape is not None and trait in shape.traits

    def is_true(self, kind: AnyType) -> bool:
        """Whether every value of a type is an object that counts as true."""
        if kind in (AWARE, NAIVE, UUID):
            return True
        shape = self.of(kind)
        return shape is not None and all(json.loads(value) for value, _ in shape.variants)

    def is_written(self, kind: AnyType) -> bool:
        """Whether serde writes values of a type, and as FastAPI would: a row's times and UUIDs it
        writes as the database has them."""
        while isinstance(kind, Reference):
            kind = kind.inner
        if kind == Type(Symbol(("str",))):
            return True
        return self.has(kind, "Serialize") and not self._is_otherwise(kind)

    def _is_otherwise(self, kind: AnyType) -> bool:
        """Whether a row is in a value that is written otherwise than FastAPI writes Python's, also
        by another name."""
        if isinstance(kind, Type) and kind.args:
            return any(map(self._is_otherwise, kind.args))
        shape = self.of(kind)
        if shape is None or "FromRow" not in shape.traits:
            return False
        held = [of.args[0] if isinstance(of, Type) and of.args else of for _, _, of in shape.fields]
        named_so = all(python == own.removeprefix("r#") for python, own, _ in shape.fields)
        return not named_so or any(one in _OTHERWISE for one in held)

    def _there(self, symbol: Symbol) -> Shape | None:
        model = type_at(self._desk, symbol)
        if model is None or model.kind == "alias":
            return None
        scopes, file = self._desk.workshop.scopes, model.place.file
        fields = [
            (one.name.removeprefix("r#"), type_of(scopes, file, one.annotation or ""))
            for one in model.fields
        ]
        is_enum = model.kind == "enum"
        return Shape(
            symbol,
            tuple((name, name, kind) for name, kind in fields if kind is not None),
            traits_of(self._desk, model),
            is_enum,
            self._linked.get(model.key, ""),
            tuple((json.dumps(one.alias or one.name), one.name) for one in model.fields)
            if is_enum
            else (),
            file,
            frozenset() if is_enum else self._private(file, model, [name for name, _ in fields]),
        )

    def _private(self, file: str, model: Model, names: Iterable[str]) -> frozenset[str]:
        source = self._desk.snapshot.crate_files.get(file)
        chunk = source.by_id.get(model.place.chunk) if source is not None else None
        text = source.chunk_bytes(chunk).decode("utf-8", "replace") if source and chunk else ""
        said = set(re.findall(r"\bpub(?:\([^)]*\))?\s+(?:r#)?(\w+)\s*:", text))
        return frozenset(names) - said

    def may_name(self, shape: Shape, field: str, file: str) -> bool:
        """Whether code in a file may name a field: that is public, or private to a module that the
        file is in (the Rust Reference, "Visibility and Privacy")."""
        scopes = self._desk.workshop.scopes
        if field not in shape.private or shape.file == file:
            return True
        own, here = scopes.module_path(shape.file), scopes.module_path(file)
        same = scopes.root_of(shape.file) == scopes.root_of(file)
        return same and own is not None and here is not None and here[: len(own)] == own

    @cached_property
    def _linked(self) -> dict[str, str]:
        """The backend's models by the crate's that are linked with them."""
        links = self._desk.snapshot.links.models
        return {
            one.crate: one.backend
            for one in links
            if one.crate is not None and one.backend is not None and one.presence != "ignored"
        }

    @cached_property
    def _keys(self) -> dict[Symbol, str]:
        """The backend's models that are written, by what they are called then."""
        backend = self._desk.snapshot.backend
        places = places_at(self._desk)
        found: dict[Symbol, str] = {}
        for one in backend.models if backend is not None else ():
            found.setdefault(places.written(one.key)[1], one.key)
        return found

    def _new(self, symbol: Symbol) -> Shape | None:
        key = self._keys.get(symbol)
        if key is None:
            return None
        try:
            made = draft_models(self._desk, [key])
        except CannotPortError:
            return None
        for piece in made.pieces:
            for item in piece.items if piece.source == key else ():
                if isinstance(item, i.Struct) and item.name == symbol.name:
                    return _of_struct(item, symbol, key, _names(piece.items))
                if isinstance(item, i.Enum) and item.name == symbol.name:
                    schema = generics_at(self._desk).schema(key)
                    values = dict(members_of(schema)) if schema is not None else {}
                    known = tuple(
                        (values[one.name], one.name) for one in item.variants if one.name in values
                    )
                    traits = _traits(item.derives)
                    return Shape(symbol, (), traits, is_enum=True, key=key, variants=known)
        return None


def _of_struct(
    struct: i.Struct, symbol: Symbol, key: str, beside: frozenset[str] = frozenset()
) -> Shape:
    """`beside` are the types that are written in the same module."""
    fields = tuple((one.name, one.name, _full(one.type, symbol, beside)) for one in struct.fields)
    return Shape(symbol, fields, _traits(struct.derives), key=key)


def _names(items: Iterable[i.Item]) -> frozenset[str]:
    return frozenset(one.name for one in items if isinstance(one, (i.Struct, i.Enum)))


def _full(kind: AnyType, owner: Symbol, beside: frozenset[str]) -> AnyType:
    """A type with the full path of what stands beside the struct that has the field."""
    if isinstance(kind, Type):
        args = tuple(_full(one, owner, beside) for one in kind.args)
        is_near = len(kind.head.path) == 1 and kind.head.name in beside
        head = Symbol((*owner.path[:-1], kind.head.name)) if is_near else kind.head
        return Type(head, args, kind.bindings, kind.lifetimes)
    return kind


def _traits(derives: Iterable[Symbol]) -> frozenset[str]:
    return frozenset(one.name for one in derives)


def shapes_of(desk: Desk) -> Shapes:
    """Those of a desk's revision."""
    return desk.shares(Shapes)
