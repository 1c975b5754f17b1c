"""What clippy complains of though the backend means it: allowed at the function, with the reason.

The measures are clippy's own (its docs, "Lint configuration": `too-many-arguments-threshold`,
`type-complexity-threshold`; its source, `types/type_complexity.rs`). A reason is a comment, as
`reason = "…"` is of Rust 1.81.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import cast

import msgspec
from msgspec.structs import replace

from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import Bounds, Reference, Slice, Tuple, Type

_MOST_PARAMS = 7
_MOST_COMPLEX = 250
_REASONS = {
    "too_many_arguments": "As many parameters as Python's function has.",
    "type_complexity": "What Python's annotations say.",
    "ifs_same_cond": "Python asks the same twice, too.",
    "if_same_then_else": "Python does the same either way, too.",
}


def allowed(item: i.Item) -> i.Item:
    """An item whose functions allow what clippy would complain of."""
    if isinstance(item, i.Impl):
        own = (_allowing(one) if isinstance(one, i.Function) else one for one in item.items)
        return replace(item, items=tuple(own))
    return _allowing(item) if isinstance(item, i.Function) else item


def _allowing(function: i.Function) -> i.Function:
    found = set(_inside(function))
    if len(function.params) > _MOST_PARAMS:
        found.add("too_many_arguments")
    names = [one for one in _REASONS if one in found]
    if not names:
        return function
    reasons = tuple(_REASONS[one] for one in names)
    metas = tuple(i.Meta(f"clippy::{one}") for one in names)
    attributes = (*function.attributes, i.Attribute("allow", metas))
    return replace(function, comments=(*function.comments, *reasons), attributes=attributes)


def _inside(part: object) -> Iterator[str]:
    """The lints that the types and branches in something come to."""
    if isinstance(part, tuple):
        for one in cast("tuple[object, ...]", part):
            yield from _inside(one)
        return
    if not isinstance(part, msgspec.Struct):
        return
    if isinstance(part, (Type, Reference, Tuple, Slice, Bounds)):
        if _measure(part, 1) > _MOST_COMPLEX:
            yield "type_complexity"
        return
    if isinstance(part, b.If):
        yield from _repeated(part)
    for name in part.__struct_fields__:
        yield from _inside(getattr(part, name))


def _measure(kind: object, nest: int) -> int:
    """How complex clippy takes a type for."""
    if isinstance(kind, Reference):
        return nest + _measure(kind.inner, nest)
    if isinstance(kind, Bounds):
        return 20 * nest + sum(_measure(one, nest) for one in kind.bounds)
    inner: tuple[object, ...] = ()
    if isinstance(kind, Type):
        inner = (*kind.args, *(one for _, one in kind.bindings))
    elif isinstance(kind, Tuple):
        inner = kind.items
    elif isinstance(kind, Slice):
        inner = (kind.item,)
    return 10 * nest + sum(_measure(one, nest + 1) for one in inner)


def _repeated(made: b.If) -> Iterator[str]:
    """Whether branches of a chain ask for the same, or two in a row do it."""
    asked: list[b.Expr] = []
    done: list[b.Block] = []
    last: b.If | b.Block | None = made
    while isinstance(last, b.If):
        if last.binding is None:
            asked.append(last.condition)
        done.append(last.then)
        last = last.otherwise
    if last is not None:
        done.append(last)
    if any(one in asked[:at] for at, one in enumerate(asked)):
        yield "ifs_same_cond"
    if any(one == other for one, other in pairwise(done)):
        yield "if_same_then_else"
