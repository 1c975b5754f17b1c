"""Calls of macros: the frameworks', std's, and those of the project, which aren't expanded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from port_lsp.rust import expressions as ir
from port_lsp.rust.calls import opaque
from port_lsp.rust.declared import MacroItem
from port_lsp.rust.frames import Frame
from port_lsp.rust.routes_macro import routes_macro
from port_lsp.rust.texts import concatenated, formatted
from port_lsp.rust.values import DIVERGED, UNKNOWN, Function, Many, Routes, Text, Value

if TYPE_CHECKING:
    from port_lsp.rust.interpret import Interpreter

_DIVERGING = frozenset({"panic", "unreachable", "todo", "unimplemented", "bail"})


def called_macro(run: Interpreter, expr: ir.Macro, frame: Frame) -> Value:
    """`name!(…)`."""
    name = expr.name[-1] if expr.name else ""
    if name in _DIVERGING:
        return DIVERGED
    own = run.modules.macro(name)
    local = frame.declared(name)
    if isinstance(local, MacroItem):
        own = local.registers
    if own is not None:
        return _own_macro(run, expr, name, own, frame)
    value = routes_macro(run, expr, frame) if name == "routes" else None
    if value is not None:
        return value
    args = [run.evaluate(arg, frame) for arg in expr.args]
    if name == "format":
        return formatted(args, lambda named: run.evaluate(ir.Path(0, 0, (named,)), frame))
    if name == "concat":
        return concatenated(args)
    if name in ("vec", "services", "array", "smallvec"):
        return Many(tuple(args))
    return opaque(run, args)


def _own_macro(run: Interpreter, expr: ir.Macro, name: str, registers: bool, frame: Frame) -> Value:
    args = [run.evaluate(arg, frame) for arg in expr.args]
    named = [run.evaluate(ir.Path(expr.start, expr.end, path), frame) for path in expr.names]
    for given in named:
        if isinstance(given, Function):
            run.record.named.add(given.found.identity)
    if registers:
        known = " ".join(arg.value for arg in args if isinstance(arg, Text))
        reason = "a macro of the project makes these routes"
        run.unreadable(frame, expr.start, f"{name}!", reason, known)
    # What such a macro gives is taken to be the one router that it was given, with more routes.
    carried = {id(one): one for one in (*args, *named) if isinstance(one, Routes)}
    return next(iter(carried.values())) if len(carried) == 1 else UNKNOWN
