"""A column of a date and time as a field of a model: chrono's as the crate's `wire::times::Moment`,
which keeps whether there is an offset, as Pydantic does of the datetime that SQLAlchemy gives it;
one with a zone is told in UTC, where PostgreSQL gives it to Python in the session's own zone.
"""

from __future__ import annotations

from port_lsp.patterns.translate.values import AWARE, NAIVE, SOME, option_of
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import AnyType, Type


def as_moment(of: b.Expr, kind: AnyType, wanted: AnyType) -> b.Expr | None:
    """The value of a type as a Moment, or as one that may be missing; None for what is neither."""
    held, inner = option_of(kind), option_of(wanted)
    moment = inner or wanted
    if not isinstance(moment, Type) or moment.head.path[-3:] != ("wire", "times", "Moment"):
        return None
    made = b.Path(moment.head, ("from",))
    if kind in (NAIVE, AWARE):
        found = b.Call(made, (of,))
        return found if inner is None else b.Call(b.Path(SOME), (found,))
    if held in (NAIVE, AWARE) and inner is not None:
        return b.Method(of, "map", (made,))
    return None
