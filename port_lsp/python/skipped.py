"""Registrations on a way that is never taken, for the account of them.

`if store is None: return` is decided where the only caller gives none: what stands behind it is
there in the text, and registers nothing. Nor does the body of a loop over nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from port_lsp.facts.source import Place
from port_lsp.python import syntax as ir

if TYPE_CHECKING:
    from port_lsp.python.interpret import Interpreter


def skip(run: Interpreter, nodes: tuple[ir.Stmt, ...], why: str) -> None:
    """Notes the registering calls in statements that don't run, and why they don't."""
    for node in nodes:
        if isinstance(node, ir.Do):
            _call(run, node.value, why, decorates=False)
        elif isinstance(node, (ir.FuncDef, ir.ClassDef)):
            for decorator in node.decorators:
                _call(run, decorator.expr, why, decorates=True)
            skip(run, node.body or (), why)
        elif isinstance(node, ir.If):
            skip(run, (*node.body, *node.orelse), why)
        elif isinstance(node, (ir.For, ir.While, ir.Block)):
            skip(run, node.body, why)
        elif isinstance(node, ir.Try):
            handlers = (one for handler in node.handlers for one in handler)
            skip(run, (*node.body, *handlers, *node.orelse, *node.final), why)


def _call(run: Interpreter, expr: ir.Expr, why: str, *, decorates: bool) -> None:
    if isinstance(expr, ir.Call) and isinstance(expr.func, ir.Attr):
        place = Place(run.at.file, run.at.chunk, expr.span)
        run.framework.unfollowed.skipped(run, expr.func.name, place, why, decorates=decorates)


def never(test: str) -> str:
    """Why what stands under a test is skipped."""
    return f"`{test}` is never so when it is called"


EMPTY = "nothing is seen to be in what its loop goes over"
