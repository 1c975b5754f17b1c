"""Types that are to be written, and the symbols that they and expressions refer to.

A thing that must be found by name is a `Symbol` in full; how it is written where it is used (by its
last name under a `use`, or qualified) is decided once per file, in `imports.py`.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from port_lsp.facts.source import Record


class Symbol(Record, frozen=True):
    """Something that code refers to, by its full path: `axum::extract::Path`.

    One segment is what is always there: the prelude, a primitive, a generic parameter, a macro of
    std's.
    """

    path: tuple[str, ...]

    @property
    def name(self) -> str:
        """Its last name."""
        return self.path[-1]


def symbol(written: str) -> Symbol:
    """The symbol of a path as one writes it: `symbol("axum::Json")`."""
    return Symbol(tuple(written.split("::")))


class Type(Record, frozen=True):
    """A type with its arguments: `Option<String>`.

    `bindings` are associated types (`Stream<Item = u8>`), `lifetimes` stand before the arguments.
    """

    head: Symbol
    args: tuple[AnyType, ...] = ()
    bindings: tuple[tuple[str, AnyType], ...] = ()
    lifetimes: tuple[str, ...] = ()


class Reference(Record, frozen=True):
    """`&T`, `&'static T`, `&mut T`."""

    inner: AnyType
    mutable: bool = False
    lifetime: str = ""


class Tuple(Record, frozen=True):
    """`(A, B)`; `()` without items."""

    items: tuple[AnyType, ...] = ()


class Slice(Record, frozen=True):
    """`[T]`, or `[T; length]`."""

    item: AnyType
    length: str = ""


class Bounds(Record, frozen=True):
    """`impl A + B`, `dyn A + B`."""

    word: Literal["impl", "dyn"]
    bounds: tuple[AnyType, ...]


AnyType: TypeAlias = "Type | Reference | Tuple | Slice | Bounds"

UNIT = Tuple()


def named(written: str, *args: AnyType) -> Type:
    """A type by its path: `named("Option", named("String"))`."""
    return Type(symbol(written), args)
