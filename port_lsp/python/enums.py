"""What an Enum's members are (Python's docs, `enum`)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from port_lsp.python import syntax as ir
from port_lsp.python.classes import mro
from port_lsp.python.evaluate import evaluate, force
from port_lsp.python.models import attributes
from port_lsp.python.pydantic import enum_members
from port_lsp.python.values import Class, External, Function, LambdaValue, Value
from port_lsp.types.schema import MemberSchema, Mixin

if TYPE_CHECKING:
    from port_lsp.python.interpret import Interpreter

_TEXTS = frozenset(("enum.StrEnum", "builtins.str"))
_NUMBERS = frozenset(("enum.IntEnum", "enum.IntFlag", "builtins.int"))
_SHOWN = frozenset(("enum.StrEnum", "enum.IntEnum"))


def mixin_of(run: Interpreter, cls: Class) -> Mixin:
    """What an Enum's members are besides."""
    outside = {one.name for one in mro(run, cls) if isinstance(one, External)}
    if outside & _TEXTS:
        return "str"
    return "int" if outside & _NUMBERS else ""


def is_shown(run: Interpreter, cls: Class) -> bool:
    """Whether `str` and f-strings write a member's value: those of `class X(str, Enum)` do so in
    some versions of Python alone, unless the class says it itself."""
    lineage = mro(run, cls)
    for one in lineage:
        if isinstance(one, External) and one.name in _SHOWN:
            return True
        names = run.members(one).names if isinstance(one, Class) else {}
        if "__format__" in names:
            return False
        own = names.get("__str__")
        if isinstance(own, Function):
            return _gives_value(own)
    return False


def _gives_value(function: Function) -> bool:
    """Whether a `__str__` gives the member's value."""
    body = function.definition.body or ()
    last = body[-1] if len(body) == 1 else None
    if not isinstance(last, ir.Return):
        return False
    expr = last.value
    if isinstance(expr, ir.Call) and ir.dotted(expr.func) == "str" and len(expr.args) == 1:
        expr = expr.args[0].value
    if isinstance(expr, ir.Call) and isinstance(expr.func, ir.Attr):
        of = expr.func.value
        is_super = isinstance(of, ir.Call) and ir.dotted(of.func) == "super" and not of.args
        return is_super and expr.func.name == "__str__" and not expr.args
    return ir.dotted(expr) == "self.value"


def members_of(run: Interpreter, cls: Class) -> Iterator[MemberSchema]:
    """An Enum's members; `auto()` counts, or is the name in lower case (`enum.StrEnum`)."""
    outside = {one.name for one in mro(run, cls) if isinstance(one, External)}
    is_text = bool(outside & {"enum.StrEnum", "builtins.str"})
    declared = attributes(run, cls)
    for number, field in enumerate(enum_members(run, cls), 1):
        one = declared.get(field.name)
        value: Value = None
        if one is not None and one.statement.value is not None:
            expr = one.statement.value.expr
            if isinstance(expr, ir.Call) and ir.dotted(expr.func).endswith("auto"):
                value = field.name.lower() if is_text else number
            else:
                value = force(run, evaluate(run, expr, one.cls.scope))
        if isinstance(value, (Function, LambdaValue)):
            continue  # a method, which no Enum has as a member
        known = isinstance(value, (str, int, float))
        yield MemberSchema(field.name, json.dumps(value, ensure_ascii=False) if known else None)
