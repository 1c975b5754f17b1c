"""Variables that are lent to be changed: what binds them says `mut`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar, cast

import msgspec
from msgspec.structs import replace

from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.names import bound

_NONE: frozenset[str] = frozenset()
_PLAIN = frozenset((str, int, bool, float, type(None)))  # what holds nothing
_Part = TypeVar("_Part")


def changeable(block: b.Block) -> tuple[b.Block, frozenset[str]]:
    """A block whose bindings say `mut` where the variable is lent by `&mut`, and the names of those
    that are bound outside of it."""
    return _of(block)


def lent_in(part: object) -> frozenset[str]:
    """The variables bound outside of a part that it changes."""
    return _of(part)[1]


def mutable(pattern: b.Pattern, names: Iterable[str]) -> b.Pattern:
    """A pattern in which these names may be changed."""
    if isinstance(pattern, b.Bind) and pattern.name in names and not pattern.word:
        return b.Bind(pattern.name, "mut ")
    if isinstance(pattern, b.TuplePattern):
        return replace(pattern, items=tuple(mutable(one, names) for one in pattern.items))
    return pattern


def _of(part: _Part) -> tuple[_Part, frozenset[str]]:
    """A part with what is lent in it of what is bound outside."""
    if isinstance(part, b.Unary) and part.operator == "&mut " and isinstance(part.of, b.Name):
        return cast(_Part, part), frozenset((part.of.name,))
    if isinstance(part, b.Block):
        block, lent = _block(part)
        return cast(_Part, block), lent
    if isinstance(part, tuple):
        items = cast("tuple[object, ...]", part)
        pairs = [_of(one) for one in items]
        lent = _NONE.union(*(names for _, names in pairs))
        made_of = cast(_Part, tuple(one for one, _ in pairs)) if lent else cast(_Part, part)
        return made_of, lent
    if not isinstance(part, msgspec.Struct):
        return part, _NONE
    changed: dict[str, object] = {}
    lent = _changed(part)
    for name in part.__struct_fields__:
        value = getattr(part, name)
        if value.__class__ in _PLAIN:
            continue
        made, inside = _of(value)
        if made is not value:
            changed[name] = made
        lent |= inside
    found = replace(part, **changed) if changed else part
    return _bound(found, lent) if lent else (found, lent)


def _changed(part: msgspec.Struct) -> frozenset[str]:
    """The variable that a call or an assignment changes a part of, or all of."""
    if not isinstance(part, (b.Method, b.Assign)) or not part.changes:
        return _NONE
    of = part.receiver if isinstance(part, b.Method) else part.target
    while isinstance(of, b.Access):
        of = of.of
    return frozenset((of.name,)) if isinstance(of, b.Name) else _NONE


def _bound(part: _Part, lent: frozenset[str]) -> tuple[_Part, frozenset[str]]:
    """What binds names for its own parts alone."""
    if isinstance(part, (b.If, b.While)) and part.binding is not None:
        pattern = part.binding
        made = replace(part, binding=mutable(pattern, lent))
        return made, lent - set(bound(pattern))
    if isinstance(part, (b.Arm, b.For)):
        made = replace(part, pattern=mutable(part.pattern, lent))
        return made, lent - set(bound(part.pattern))
    if isinstance(part, b.Closure):
        made = replace(part, params=tuple(mutable(one, lent) for one in part.params))
        return made, lent - {name for one in part.params for name in bound(one)}
    return part, lent


def _block(block: b.Block) -> tuple[b.Block, frozenset[str]]:
    tail, lent = _of(block.tail)
    made: list[b.Statement] = []
    for one in reversed(block.statements):
        found, inside = _of(one)
        if isinstance(found, (b.Let, b.Gap)):
            pattern = found.pattern
            if lent.intersection(bound(pattern)):
                found = replace(found, pattern=mutable(pattern, lent))
            lent -= set(bound(pattern))
        lent |= inside
        made.insert(0, found)
    return replace(block, statements=tuple(made), tail=tail), lent
