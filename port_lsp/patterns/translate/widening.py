"""PostgreSQL's narrow integers, as Python's wide ones: SQLAlchemy's `Integer` is `i32` in a row,
and Pydantic's `int` is `i64` in a model."""

from __future__ import annotations

from port_lsp.patterns.translate.values import I64, SOME, option_of
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import AnyType, named

NARROW: tuple[AnyType, ...] = (named("i32"), named("i16"))
"""They are bound as `i64`, as all of Python's integers are."""

_FROM = b.Path(I64.head, ("from",))


def widened(of: b.Expr, kind: AnyType) -> b.Expr | None:
    """A narrow integer, which may be null, as a wide one; None for another type."""
    if kind in NARROW:
        return b.Call(_FROM, (of,))
    return b.Method(of, "map", (_FROM,)) if option_of(kind) in NARROW else None


def as_held(of: b.Expr) -> b.Expr:
    """An integer where any will do, as where it is written: a row's as that has it."""
    held = of.args[0] if isinstance(of, b.Call) and of.function == _FROM else of
    return held if isinstance(held, b.Access) else of


def as_wide(of: b.Expr, kind: AnyType, wanted: AnyType) -> b.Expr | None:
    """A narrow integer as a field of a model, which may be missing there where it may be here; None
    for what is another type or may be null alone."""
    if wanted == I64 and kind in NARROW:
        return widened(of, kind)
    if option_of(wanted) != I64:
        return None
    made = widened(of, kind)
    return b.Call(b.Path(SOME), (made,)) if made is not None and kind in NARROW else made
