"""What dependencies are called, and which security schemes of FastAPI's they are."""

from __future__ import annotations

from port_lsp.python import syntax as ir
from port_lsp.python.values import Bound, Class, External, Function, Late, Partial, Value


def dependency_name(given: Value, target: Value) -> str:
    """A function's or class's own name; of an object the name it is known by, of a made one the
    name of what made it."""
    expr = given.expr if isinstance(given, Late) else None
    if isinstance(target, Bound):
        return target.function.definition.name
    if isinstance(target, Class):
        return target.definition.name
    if isinstance(target, Partial):
        return dependency_name(
            target.func, target.func.value if isinstance(target.func, Late) else target.func
        )
    if isinstance(target, Function):
        if isinstance(expr, (ir.Name, ir.Attr)) and _is_closure(target):
            return ir.dotted(expr).rpartition(".")[2]
        if isinstance(expr, ir.Call):
            return ir.dotted(expr.func).rpartition(".")[2]
        return target.definition.name
    if isinstance(expr, ir.Call):
        return ir.dotted(expr.func).rpartition(".")[2]
    if isinstance(expr, (ir.Name, ir.Attr)):
        return ir.dotted(expr).rpartition(".")[2]
    if isinstance(target, External):
        return target.name.rpartition(".")[2]
    return "<lambda>"


def _is_closure(function: Function) -> bool:
    scope = function.scope
    return scope.parent is not None and "__class__" not in scope.names and function.owner is None


def schemes(names: set[str]) -> tuple[str, ...]:
    """The security schemes among classes from outside (`fastapi.security`)."""
    return tuple(
        sorted(name.rpartition(".")[2] for name in names if name.startswith("fastapi.security"))
    )
