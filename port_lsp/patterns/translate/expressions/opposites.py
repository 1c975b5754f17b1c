"""The opposite of a truth, as one writes it: without a `!` where another operator says it, and
without what clippy would rather read otherwise."""

from __future__ import annotations

from port_lsp.patterns.translate.values import I64
from port_lsp.writing.ir import body as b

_OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_ASKED = {"<": "lt", ">": "gt", "<=": "le", ">=": "ge"}
_EITHER = {"is_some_and": "is_none_or", "is_none_or": "is_some_and"}


def negated(expr: b.Expr) -> b.Expr:
    """The opposite of a bool, as one writes it."""
    if isinstance(expr, b.Unary) and expr.operator == "!":
        return expr.of
    if isinstance(expr, b.Binary) and expr.operator in ("==", "!="):
        return b.Binary(expr.left, _OPPOSITE[expr.operator], expr.right)
    if isinstance(expr, b.Binary) and expr.operator in _OPPOSITE and _is_whole(expr):
        return b.Binary(expr.left, _OPPOSITE[expr.operator], expr.right)
    if isinstance(expr, b.Binary) and expr.operator in _ASKED and _is_float(expr.right):
        asked = b.Method(expr.left, _ASKED[expr.operator], (b.Unary("&", expr.right),))
        return b.Unary("!", asked)
    if isinstance(expr, b.Binary) and expr.operator in ("&&", "||"):
        operator = "||" if expr.operator == "&&" else "&&"
        return b.Binary(negated(expr.left), operator, negated(expr.right))
    if isinstance(expr, b.Method) and expr.name in ("is_some", "is_none"):
        return b.Method(expr.receiver, "is_none" if expr.name == "is_some" else "is_some")
    if isinstance(expr, b.Method) and expr.name in _EITHER and len(expr.args) == 1:
        asked = expr.args[0]
        if isinstance(asked, b.Closure):
            other = b.Closure(asked.params, negated(asked.body))
            return b.Method(expr.receiver, _EITHER[expr.name], (other,))
    if isinstance(expr, b.Lit) and expr.text in ("true", "false"):
        return b.Lit("false" if expr.text == "true" else "true")
    return b.Unary("!", expr)


def _is_float(expr: b.Expr) -> bool:
    return isinstance(expr, b.Lit) and "." in expr.text


def _is_whole(expr: b.Binary) -> bool:
    """Whether a comparison is surely one of integers: no float that is no number is neither less
    nor more than another."""
    return any(
        (isinstance(one, b.Lit) and one.text.lstrip("-").isdigit())
        or (isinstance(one, b.Cast) and one.type == I64)
        for one in (expr.left, expr.right)
    )
