"""Items that are to be written: structs, enums, functions, impls, with their attributes."""

from __future__ import annotations

from typing import Literal, TypeAlias

from port_lsp.facts.source import Record
from port_lsp.writing.ir.body import Block, Expr, Pattern
from port_lsp.writing.ir.types import AnyType, Symbol

Visibility = Literal["", "pub", "pub(crate)"]


class Meta(Record, frozen=True):
    """A word inside an attribute: `default`, `rename = "x"`, `range(min = 1)`.

    `value` is a Rust literal or expression as written, `args` what stands in parentheses.
    """

    name: str
    value: str | None = None
    args: tuple[Meta, ...] | None = None


class Attribute(Record, frozen=True):
    """`#[serde(default)]`: its path as written (attributes are found without `use`), its words."""

    path: str
    args: tuple[Meta, ...] | None = None
    value: str | None = None


class Generic(Record, frozen=True):
    """A type parameter with its bounds."""

    name: str
    bounds: tuple[AnyType, ...] = ()


class Field(Record, frozen=True):
    """A field of a struct or variant. `docs` are lines without `///`, `comments` without `//`."""

    name: str
    type: AnyType
    attributes: tuple[Attribute, ...] = ()
    visibility: Visibility = "pub"
    docs: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()


class Struct(Record, frozen=True):
    """A struct with named fields; with `positional` types instead, a tuple struct, a unit struct
    where these are none.

    `derives` are symbols, for most must be brought into scope.
    """

    name: str
    fields: tuple[Field, ...] = ()
    positional: tuple[Positional, ...] | None = None
    generics: tuple[Generic, ...] = ()
    derives: tuple[Symbol, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    visibility: Visibility = "pub"
    docs: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()


class Positional(Record, frozen=True):
    """A field without a name."""

    type: AnyType
    visibility: Visibility = ""
    attributes: tuple[Attribute, ...] = ()


class Variant(Record, frozen=True):
    """A variant of an enum: bare, with types, with named fields, or with a discriminant."""

    name: str
    types: tuple[AnyType, ...] = ()
    fields: tuple[Field, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    docs: tuple[str, ...] = ()
    discriminant: str = ""


class Enum(Record, frozen=True):
    """An enum."""

    name: str
    variants: tuple[Variant, ...]
    generics: tuple[Generic, ...] = ()
    derives: tuple[Symbol, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    visibility: Visibility = "pub"
    docs: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()


class Param(Record, frozen=True):
    """A parameter of a function: `pattern` as it is bound, `self` without a type."""

    pattern: Pattern
    type: AnyType | None = None


class Function(Record, frozen=True):
    """A function or method. Without a body it is a trait's."""

    name: str
    params: tuple[Param, ...] = ()
    returns: AnyType | None = None
    body: Block | None = None
    is_async: bool = False
    generics: tuple[Generic, ...] = ()
    where: tuple[tuple[AnyType, tuple[AnyType, ...]], ...] = ()
    attributes: tuple[Attribute, ...] = ()
    visibility: Visibility = ""
    docs: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()


class Alias(Record, frozen=True):
    """`type Name<T> = …;`, also in an impl."""

    name: str
    type: AnyType
    generics: tuple[Generic, ...] = ()
    visibility: Visibility = ""
    docs: tuple[str, ...] = ()


class Const(Record, frozen=True):
    """`const NAME: T = …;` or a static."""

    name: str
    type: AnyType
    value: Expr
    word: Literal["const", "static"] = "const"
    visibility: Visibility = ""
    docs: tuple[str, ...] = ()


class Impl(Record, frozen=True):
    """`impl Trait for Type { … }`."""

    type: AnyType
    items: tuple[Function | Alias | Const, ...]
    trait: AnyType | None = None
    generics: tuple[Generic, ...] = ()
    where: tuple[tuple[AnyType, tuple[AnyType, ...]], ...] = ()
    attributes: tuple[Attribute, ...] = ()


class Module(Record, frozen=True):
    """`mod name { … }` with its items; `uses` are written as they are."""

    name: str
    items: tuple[Item, ...]
    visibility: Visibility = ""
    attributes: tuple[Attribute, ...] = ()
    docs: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()


Item: TypeAlias = "Struct | Enum | Function | Impl | Alias | Const | Module"
