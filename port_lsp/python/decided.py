"""What a test is where a function's own names decide it.

A setting with a literal default decides nothing: it is there to be set. So only names that the
function binds itself count, its parameters above all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from port_lsp.python import syntax as ir
from port_lsp.python.attributes import attribute
from port_lsp.python.classes import mro
from port_lsp.python.evaluate import evaluate
from port_lsp.python.values import (
    Class,
    External,
    Function,
    Instance,
    Made,
    ModuleRef,
    Native,
    Scope,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from port_lsp.python.interpret import Interpreter

_PLAIN = (Function, Class, Instance, External, Made, ModuleRef, str, int, list, tuple, dict)
_OF_TEXT = ("endswith", "startswith")
_NOT_NONE = (str, int, float, list, tuple, dict, Function, Class, Native)


def decided(run: Interpreter, expr: ir.Expr, scope: Scope) -> bool | None:
    """Whether a test inside a function holds; None where that isn't known."""
    if isinstance(expr, ir.Call) and isinstance(expr.func, ir.Name):
        return _asked_of(run, expr, expr.func.id, scope)
    if isinstance(expr, ir.Negated):
        inner = decided(run, expr.value, scope)
        return None if inner is None else not inner
    if scope.parent is None:
        return None
    if isinstance(expr, ir.Binary) and expr.op in ("and", "or"):
        return _joined(run, expr, scope)
    if isinstance(expr, ir.Compare):
        return _compared(run, expr, scope)
    if isinstance(expr, ir.Call):
        # `path.endswith("/")` and its like on a path that is known here.
        func = expr.func
        if not isinstance(func, ir.Attr) or func.name not in _OF_TEXT:
            return None
        value = evaluate(run, expr, scope)
        return value if isinstance(value, bool) else None
    value = _own(run, expr, scope)
    return bool(value) if value is None or isinstance(value, (bool, str)) else None


def _asked_of(run: Interpreter, expr: ir.Call, name: str, scope: Scope) -> bool | None:
    """`hasattr(module, "router")`, `isinstance(value, APIRouter)`, where they are about what a
    module of the backend binds: no setting decides that."""
    if name not in ("hasattr", "isinstance") or len(expr.args) != 2:
        return None
    first = evaluate(run, expr.args[0].value, scope)
    second = evaluate(run, expr.args[1].value, scope)
    if name == "hasattr":
        if not isinstance(first, ModuleRef) or not isinstance(second, str):
            return None
        return not isinstance(attribute(run, first, second), Unknown)
    if isinstance(second, Class):
        own: Class | None = getattr(first, "cls", None)
        inside = own is not None and any(item is second for item in mro(run, own))
        return inside if isinstance(first, (*_PLAIN, Native)) else None
    short = second.name.rpartition(".")[2] if isinstance(second, External) else ""
    if short not in ("APIRouter", "FastAPI"):
        return None
    if isinstance(first, Native):
        application: bool | None = getattr(first, "application", None)
        return application is (short == "FastAPI")
    return False if isinstance(first, _PLAIN) else None


def _joined(run: Interpreter, expr: ir.Binary, scope: Scope) -> bool | None:
    """`and` and `or`: one side alone may decide."""
    sides = decided(run, expr.left, scope), decided(run, expr.right, scope)
    settles = expr.op == "or"
    if settles in sides:
        return settles
    return None if None in sides else not settles


def _compared(run: Interpreter, expr: ir.Compare, scope: Scope) -> bool | None:
    """`path == "/"`, `len(path) > 1`, `prefix is None`: one operator, a literal on its right."""
    if len(expr.operators) != 1 or not isinstance(expr.rights[0], ir.Const):
        return None
    operator, right = expr.operators[0], expr.rights[0].value
    left = _measured(run, expr.left, scope)
    if isinstance(left, Unknown):
        return None
    if operator in ("is", "is not"):
        if right is not None or not (left is None or isinstance(left, _NOT_NONE)):
            return None
        return (left is None) == (operator == "is")
    if operator in ("==", "!="):
        if not (isinstance(left, (str, int)) and isinstance(right, (str, int))):
            return None
        return (left == right) == (operator == "==")
    if isinstance(left, int) and isinstance(right, int) and operator in _ORDER:
        low, high = (left, right) if operator[0] == "<" else (right, left)
        return low < high or (low == high and operator.endswith("="))
    return None


_ORDER = ("<", "<=", ">", ">=")


def _measured(run: Interpreter, expr: ir.Expr, scope: Scope) -> Value:
    """A name of the function's own, or the `len()` of one that is a text."""
    if isinstance(expr, ir.Call) and isinstance(expr.func, ir.Name) and expr.func.id == "len":
        value = _own(run, expr.args[0].value, scope) if len(expr.args) == 1 else Unknown("len")
        return len(value) if isinstance(value, str) else Unknown("a length that isn't known")
    return _own(run, expr, scope)


def _own(run: Interpreter, expr: ir.Expr, scope: Scope) -> Value:
    """What a name is that a function binds itself."""
    at = scope
    while isinstance(expr, ir.Name) and at.parent is not None:
        if expr.id in at.names:
            return evaluate(run, expr, scope)
        at = at.parent
    return Unknown("no name of the function's own")
