"""How an expression may be broken, by what it is: rustfmt's questions, without any layout."""

from __future__ import annotations

from port_lsp.writing.ir import body as ir
from port_lsp.writing.printer.layout import STEP

# What may begin on a call's line as its last argument and end below it; some only as the only one.
_OVERFLOWING = (ir.Closure, ir.Block)
_ALONE = (
    *(ir.Call, ir.Method, ir.Macro, ir.Json, ir.StructLiteral, ir.TupleOf, ir.ArrayOf),
    *(ir.If, ir.Match, ir.For, ir.While),
)
_FORMATS = ("format!(", "println!(", "panic!(", "todo!(", "unimplemented!(", "write!(", "bail!(")


def overflows(head: str, args: tuple[ir.Expr, ...]) -> bool:
    """Whether the last argument may end below the line on which it begins (rustfmt's
    `can_be_overflowed_expr`); behind a short name any single one may."""
    last = inside(args[-1])
    if isinstance(last, ir.Closure) and any(isinstance(arg, ir.Closure) for arg in args[:-1]):
        return False  # rustfmt's `args_have_many_closure`
    if isinstance(last, _OVERFLOWING):
        return True
    if len(args) > 1:
        return False
    return isinstance(last, _ALONE) or len(head) - 1 < STEP


def extends(expr: ir.Expr) -> bool:
    """Whether an expression may begin on the line of what it belongs to and end below it."""
    return isinstance(inside(expr), (*_OVERFLOWING, *_ALONE))


def flattens(expr: ir.Expr) -> bool:
    """Whether a block around an expression alone goes where it is an arm's body (rustfmt's
    `can_flatten_block_around_this`)."""
    return extends(expr) and not isinstance(inside(expr), (ir.If, ir.For, ir.While))


def ends_with_bracket(text: str) -> bool:
    """Whether a text of several lines ends with a line of closing brackets alone."""
    return "\n" in text and not text.rpartition("\n")[2].strip(" )]}?;>")


def is_format(head: str) -> bool:
    """Whether a call begins as `format!` and its like do."""
    return head.endswith(_FORMATS)


def is_simple(expr: ir.Expr) -> bool:
    """What rustfmt puts several of on a line (`is_simple_expr` in its `expr.rs`)."""
    while isinstance(expr, (ir.Unary, ir.Access, ir.Cast, ir.Try)):
        expr = expr.of
    return isinstance(expr, (ir.Name, ir.Lit)) or (
        isinstance(expr, ir.Path) and len(expr.symbol.path) == 1 and not expr.members
    )


def inside(expr: ir.Expr) -> ir.Expr:
    """What decides how an expression with operators around it may be broken."""
    while isinstance(expr, (ir.Unary, ir.Cast, ir.Try)):
        expr = expr.of
    return expr
