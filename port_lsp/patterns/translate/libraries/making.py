"""Rust that a row of the table says, as records of the IR.

`rust/expressiontext.py` has read it, so every kind that there is is known here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias, cast

from port_lsp.config.library import PRIMITIVES
from port_lsp.rust.expressiontext import Written, expression
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import AnyType, Reference, Slice, Symbol, Tuple, Type, symbol

Put: TypeAlias = Callable[[bool], b.Expr]
"""An argument where it is put; it is told whether something of it is asked there: `x.abs()`."""


def type_made(written: Written) -> AnyType:
    """A type that a row says."""
    parts = tuple(map(type_made, written.parts))
    if written.kind == "reference":
        return Reference(parts[0])
    if written.kind == "slice":
        return Slice(parts[0], written.text)
    if written.kind == "tuple":
        return Tuple(parts)
    return Type(symbol(written.text), parts)


def expression_made(
    written: Written,
    given: Mapping[str, Put],
    names: Mapping[str, str],
    traits: Mapping[str, str],
) -> b.Expr:
    """An expression that a row says: `given` are the arguments by their parameters, `names` what
    its own variables are called here, `traits` what methods are of."""
    return _Making(given, names, traits).of(written)


def rust(text: str, given: Mapping[str, b.Expr] | None = None) -> b.Expr:
    """Rust that stands in our own code, with expressions in the place of some names."""
    puts: dict[str, Put] = {name: _put(one) for name, one in (given or {}).items()}
    return expression_made(expression(text), puts, {}, {})


def _put(one: b.Expr) -> Put:
    return lambda _: one


def own_names(written: Written) -> set[str]:
    """The variables that an expression binds itself."""
    found = set(written.text.split()) if written.kind in ("closure", "let") else set[str]()
    for part in written.parts:
        found |= own_names(part)
    return found - {"_"}


class _Making:
    def __init__(
        self, given: Mapping[str, Put], names: Mapping[str, str], traits: Mapping[str, str]
    ) -> None:
        self._given, self._names, self._traits = given, names, traits

    def of(self, written: Written, *, asked: bool = False) -> b.Expr:
        """`asked` says that something of it is asked: it stands before a point or a bracket."""
        if written.kind == "path":
            return self._path(written, asked)
        if written.kind == "literal":
            return b.Lit(written.text)
        return _MADE[written.kind](self, written)

    def _path(self, written: Written, asked: bool) -> b.Expr:
        name = written.text
        if "::" not in name and name in self._given:
            return self._given[name](asked)
        if "::" not in name and not name[:1].isupper():
            return b.Name(self._names.get(name, name))
        segments = name.split("::")
        # what follows a type is of the type: `Uuid::new_v4`
        at = next((at for at, one in enumerate(segments) if _is_type(one)), None)
        if at is None:  # functions and constants are written behind their module: `process::id`
            at = len(segments) - (1 if len(segments) == 2 and segments[0] not in PRIMITIVES else 2)
            at = max(at, 0)
        args = tuple(map(type_made, written.parts))
        return b.Path(Symbol(tuple(segments[: at + 1])), tuple(segments[at + 1 :]), args)

    def call(self, written: Written) -> b.Expr:
        function, *args = written.parts
        return b.Call(self.of(function), tuple(map(self.of, args)))

    def method(self, written: Written) -> b.Expr:
        of, turbofish, *args = written.parts
        types = tuple(map(type_made, turbofish.parts))
        trait = symbol(self._traits[written.text]) if written.text in self._traits else None
        given = tuple(map(self.of, args))
        return b.Method(self.of(of, asked=True), written.text, given, types, trait)

    def access(self, written: Written) -> b.Expr:
        return b.Access(self.of(written.parts[0], asked=True), written.text)

    def index(self, written: Written) -> b.Expr:
        of, at = written.parts
        return b.Index(self.of(of, asked=True), self.of(at))

    def several(self, written: Written) -> b.Expr:
        items = tuple(map(self.of, written.parts))
        return b.TupleOf(items) if written.kind == "tuple" else b.ArrayOf(items)

    def unary(self, written: Written) -> b.Expr:
        return b.Unary(cast("Any", written.text), self.of(written.parts[0]))

    def binary(self, written: Written) -> b.Expr:
        left, right = map(self.of, written.parts)
        return b.Binary(left, written.text, right)

    def cast(self, written: Written) -> b.Expr:
        return b.Cast(self.of(written.parts[0]), type_made(written.parts[1]))

    def awaited(self, written: Written) -> b.Expr:
        return b.Await(self.of(written.parts[0]))

    def tried(self, written: Written) -> b.Expr:
        return b.Try(self.of(written.parts[0]))

    def closure(self, written: Written) -> b.Expr:
        params = [self._names.get(one, one) for one in written.text.split()]
        patterns = tuple(b.Wild() if one == "_" else b.Bind(one) for one in params)
        return b.Closure(patterns, self.of(written.parts[0]))

    def chosen(self, written: Written) -> b.If:
        test, then, otherwise = written.parts
        last = self.chosen(otherwise) if otherwise.kind == "if" else self.block(otherwise)
        return b.If(self.of(test), self.block(then), last)

    def block(self, written: Written) -> b.Block:
        *lets, last = written.parts
        made = tuple(
            b.Let(b.Bind(self._names.get(one.text, one.text)), self.of(one.parts[0]))
            for one in lets
        )
        return b.Block(made, self.of(last))

    def filled(self, written: Written) -> b.Expr:
        return b.Macro(symbol("format"), tuple(map(self.of, written.parts)))


_MADE: dict[str, Callable[[_Making, Written], b.Expr]] = {
    "call": _Making.call, "method": _Making.method, "access": _Making.access,
    "index": _Making.index, "tuple": _Making.several, "array": _Making.several,
    "unary": _Making.unary, "binary": _Making.binary, "range": _Making.binary,
    "cast": _Making.cast, "await": _Making.awaited, "try": _Making.tried,
    "closure": _Making.closure, "if": _Making.chosen, "block": _Making.block,
    "format": _Making.filled,
}  # fmt: skip


def _is_type(name: str) -> bool:
    return name[:1].isupper() and name != name.upper()
