"""What holds after an `if` or a `match`: every branch's routes, each under its condition."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from port_lsp.facts.routing import Layer
from port_lsp.rust.values import (
    NOTHING,
    UNKNOWN,
    UNKNOWN_TEXT,
    Many,
    Nothing,
    Routes,
    Step,
    Text,
    Unknown,
    Value,
)

Branch = tuple[str | None, Value]
_replace = msgspec.structs.replace


def conditioned(step: Step, condition: str | None) -> Step:
    """A step that is only taken under a condition, which stands outside its own."""
    if condition is None or isinstance(step, Layer):
        return step
    inner = f" and {step.conditional}" if step.conditional else ""
    return _replace(step, conditional=condition + inner)


def joined(branches: Sequence[Branch]) -> Value:
    """The value of which each branch gives one; those that never get here are left out."""
    alive = [b for b in branches if not (isinstance(b[1], Unknown) and b[1].diverges)]
    if not alive:
        return branches[0][1] if branches else NOTHING
    first = alive[0][1]
    if len(alive) == 1 or all(value is first for _, value in alive):
        return first
    routes = [value for _, value in alive if isinstance(value, Routes)]
    if routes:
        return _joined_routes(alive, routes)
    if any(isinstance(value, Many) for _, value in alive):
        return _joined_many(alive)
    texts = [value for _, value in alive if isinstance(value, Text)]
    if texts:
        same = len(texts) == len(alive) and len({text.value for text in texts}) == 1
        return texts[0] if same else Text(UNKNOWN_TEXT)
    known = [value for _, value in alive if not isinstance(value, (Unknown, Nothing))]
    return known[0] if known else UNKNOWN


def _joined_routes(alive: Sequence[Branch], routes: Sequence[Routes]) -> Routes:
    """Steps that all branches begin with are taken anyway."""
    lists = [value.steps if isinstance(value, Routes) else () for _, value in alive]
    shared = _shared(lists)
    steps = [*lists[0][:shared]]
    for (condition, _), own in zip(alive, lists, strict=True):
        steps += (conditioned(step, condition) for step in own[shared:])
    return _replace(routes[0], steps=tuple(steps))


def _joined_many(alive: Sequence[Branch]) -> Value:
    """Lists that grew in a branch: what was added there is there under its condition."""
    lists = [value.items if isinstance(value, Many) else () for _, value in alive]
    shared = _shared(lists)
    items = [*lists[0][:shared]]
    for (condition, _), own in zip(alive, lists, strict=True):
        for item in own[shared:]:
            if isinstance(item, Routes) and condition is not None:
                item = _replace(item, steps=tuple(conditioned(s, condition) for s in item.steps))
            items.append(item)
    return Many(tuple(items))


def _shared(lists: Sequence[Sequence[object]]) -> int:
    """How many things, the same ones, all lists begin with."""
    count = 0
    for things in zip(*lists, strict=False):
        if any(thing is not things[0] for thing in things):
            break
        count += 1
    return count
