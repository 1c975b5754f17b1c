"""Where parentheses are needed (the Rust Reference, "Expression precedence")."""

from __future__ import annotations

from port_lsp.writing.ir import body as ir

_LEVELS = (
    ("*", "/", "%"),
    ("+", "-"),
    ("<<", ">>"),
    ("&",),
    ("^",),
    ("|",),
    ("==", "!=", "<", ">", "<=", ">="),
    ("&&",),
    ("||",),
    ("..", "..="),
)
_LEVEL = {operator: level for level, ones in enumerate(_LEVELS) for operator in ones}
_COMPARISONS = frozenset(_LEVELS[6])
_LOOSE = (ir.Binary, ir.Cast, ir.Closure, ir.Jump, ir.Unary)


def needs_parentheses(expr: ir.Expr, *, callee: bool = False) -> bool:
    """Whether an expression must be put in parentheses to have a dot, an index or `?` behind it,
    or a unary operator before it; `callee` where it is called: a field's value must be, too."""
    return isinstance(expr, _LOOSE) or (callee and isinstance(expr, ir.Access))


def in_parentheses(text: str | None, side: ir.Expr, whole: ir.Binary) -> str | None:
    """A side of a binary expression as it stands in it."""
    if text is None:
        return None
    if isinstance(side, (ir.Closure, ir.Jump)):
        return f"({text})"
    if isinstance(side, ir.Cast):
        # `a as usize < b` reads `<` as the begin of arguments.
        return f"({text})" if whole.operator in ("<", "<<") and side is whole.left else text
    if not isinstance(side, ir.Binary):
        return text
    inner, outer = _LEVEL[side.operator], _LEVEL[whole.operator]
    chained = side.operator in _COMPARISONS and whole.operator in _COMPARISONS
    if inner > outer or (inner == outer and side is whole.right) or chained:
        return f"({text})"
    return text
