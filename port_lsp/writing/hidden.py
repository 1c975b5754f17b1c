"""Functions that a variable of the same name hides where they are called: a `use` is no help there.

The Rust Reference, "Scopes", "Shadowing": a `let` hides an item of an outer scope from there on.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from port_lsp.facts.source import Record
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import Symbol


def hidden_in(items: Iterable[object]) -> frozenset[Symbol]:
    """The symbols of some items that are called like a variable where they stand. Types and macros
    have names of their own."""
    found: set[Symbol] = set()
    for one in items:
        _look(one, set(), found)
    return frozenset(found)


def _look(part: object, bound: set[str], found: set[Symbol]) -> None:
    if isinstance(part, Symbol):
        if part.name in bound and len(part.path) > 1:
            found.add(part)
    elif isinstance(part, b.Bind):
        bound.add(part.name)
    elif isinstance(part, b.Macro):
        _look(part.args, bound, found)
    elif isinstance(part, tuple):
        for one in cast("tuple[object, ...]", part):
            _look(one, bound, found)
    elif isinstance(part, Record):
        outside, inside = _parts(part)
        _look(outside, bound, found)
        _look(inside, bound if isinstance(part, b.Let) else set(bound), found)


def _parts(part: Record) -> tuple[tuple[object, ...], tuple[object, ...]]:
    """What stands in a record where its variables aren't bound yet, and what stands where they
    are, behind them: but for a `let`'s, they are forgotten at its end."""
    if isinstance(part, b.Let):
        return (part.value, part.otherwise), (part.pattern,)
    if isinstance(part, b.If):
        return (part.condition, part.otherwise), (part.binding, part.then)
    if isinstance(part, b.While):
        return (part.condition,), (part.binding, part.body)
    if isinstance(part, b.For):
        return (part.of,), (part.pattern, part.body)
    fields = tuple(getattr(part, name) for name in part.__struct_fields__)
    if isinstance(part, (b.Block, b.Closure, b.Arm, i.Function)):
        return (), fields
    return fields, ()
