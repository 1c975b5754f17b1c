"""What a statement reads behind locks of the state: copied out in front of it."""

from __future__ import annotations

from collections.abc import Sequence

from port_lsp.facts.source import Record
from port_lsp.writing.ir import body as b

HELD = "held"
"""What a lock gives, in the values that are read of it."""


class HeldRead(Record, frozen=True):
    """A variable, the lock that is taken for it, and its value of what the lock gives (`HELD`)."""

    rust: str
    guard: b.Expr
    value: b.Expr


def copies(reads: Sequence[HeldRead]) -> tuple[b.Statement, ...]:
    """Lets that copy what is read, each lock taken once and let go."""
    by_guard: list[tuple[b.Expr, list[HeldRead]]] = []
    for one in reads:
        known = next((each for guard, each in by_guard if guard == one.guard), None)
        if known is None:
            by_guard.append((one.guard, [one]))
        else:
            known.append(one)
    return tuple(_copy(guard, every) for guard, every in by_guard)


def _copy(guard: b.Expr, reads: list[HeldRead]) -> b.Statement:
    held = b.Let(b.Bind(HELD), guard)
    if len(reads) == 1:
        (one,) = reads
        return b.Let(b.Bind(one.rust), _of(guard, one.value))
    pattern = b.TuplePattern(None, tuple(b.Bind(one.rust) for one in reads))
    return b.Let(pattern, b.Block((held,), b.TupleOf(tuple(one.value for one in reads))))


def _of(guard: b.Expr, value: b.Expr) -> b.Expr:
    """A value of the lock itself: it is let go at the end of the statement."""
    if isinstance(value, b.Access):
        return b.Access(_of(guard, value.of), value.field)
    if isinstance(value, b.Unary):
        return b.Unary(value.operator, _of(guard, value.of))
    if isinstance(value, b.Method):
        return b.Method(_of(guard, value.receiver), value.name, value.args)
    return guard


def as_one(made: Sequence[b.Statement], own: Sequence[b.Statement]) -> tuple[b.Statement, ...]:
    """The copies and the statement; one that only binds what was copied is the copy itself."""
    if len(made) == 1 and len(own) == 1:
        (copy,), (let,) = made, own
        if isinstance(copy, b.Let) and isinstance(let, b.Let) and isinstance(copy.pattern, b.Bind):
            name = b.Name(copy.pattern.name)
            if let.type is None and let.value in (name, b.Method(name, "clone")):
                return (b.Let(let.pattern, copy.value),)
    return (*made, *own)
