"""The present time as a column's default, as sqlx stores it and SQLAlchemy would.

SQLAlchemy's docs, "SQLite", `DATETIME`: a text up to microseconds, without an offset; more digits
than six it can't read again.
"""

from __future__ import annotations

import ast
import re

from port_lsp.patterns.translate.queries.database import database_of
from port_lsp.patterns.translate.scene import Scene
from port_lsp.patterns.translate.values import (
    AWARE,
    NAIVE,
    SOME,
    UntranslatedError,
    Val,
    option_of,
    without_reference,
)
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import AnyType, Reference, symbol

_ARGUMENT = r"(?:tz\s*=\s*)?(?:\w+\.)*(?:timezone\.utc|UTC)"
_AWARE = re.compile(rf"(?:\w+\.)*now\(\s*{_ARGUMENT}\s*\)")
_IN_UTC = re.compile(r"(?:\w+\.)*utcnow(?:\(\))?")
_LOCAL = re.compile(r"(?:\w+\.)*datetime\.(?:now|today)(?:\(\))?")


def present(scene: Scene, text: str, kind: AnyType) -> b.Expr | None:
    """What a default (as written) gives for a column's field; None for another one, or where the
    database would make something else of it."""
    inner, written = option_of(kind) or kind, _call(text)
    is_aware = _AWARE.fullmatch(written) is not None
    if inner not in (NAIVE, AWARE) or (
        is_aware and inner == NAIVE and database_of(scene).database != "sqlite"
    ):
        return None
    if is_aware or _IN_UTC.fullmatch(written):
        now = _rounded("Utc")
        made = now if inner == AWARE else b.Method(now, "naive_utc")
    elif _LOCAL.fullmatch(written) and inner == NAIVE:
        made = b.Method(_rounded("Local"), "naive_local")
    else:
        return None
    scene.needs.depend("chrono", "0.4")
    return b.Call(b.Path(SOME), (made,)) if inner != kind else made


def in_column(scene: Scene, val: Val, kind: AnyType) -> b.Expr | None:
    """A time as the field of a column (its type) has it, as SQLAlchemy writes it: SQLite's columns
    have no zone, so that it is left out; None for other values. Raises UntranslatedError where the
    database would make something else of it."""
    given, inner = without_reference(val.type), option_of(kind) or kind
    if given not in (AWARE, NAIVE) or inner not in (AWARE, NAIVE) or val.wrapped:
        return None
    made = b.Unary("*", val.expr) if isinstance(val.type, Reference) else val.expr
    if given != inner:
        if given == NAIVE or database_of(scene).database != "sqlite":
            raise UntranslatedError("a time with a zone for a column without one, or without")
        made = b.Method(made, "naive_utc")
    return b.Call(b.Path(SOME), (made,)) if inner != kind else made


def _rounded(zone: str) -> b.Expr:
    """The present time to the microsecond, as Python has it."""
    now = b.Call(b.Path(symbol(f"chrono::{zone}"), ("now",)))
    return b.Method(now, "trunc_subsecs", (b.Lit("6"),), trait=symbol("chrono::SubsecRound"))


def _call(text: str) -> str:
    """A default, or what it calls: a factory is written as its call."""
    node: ast.expr = ast.parse(text, mode="eval").body
    if isinstance(node, ast.Lambda):
        node = node.body
    while isinstance(node, ast.Call) and isinstance(node.func, ast.Call) and not node.args:
        node = node.func
    return ast.unparse(node)
