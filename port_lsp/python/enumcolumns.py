"""What is stored of an Enum's members in a column that is one.

SQLAlchemy's docs, `sqlalchemy.types.Enum`: the members' names, unless `values_callable` gives other
texts; members that are another's alias aren't stored (`omit_aliases`); the type of PostgreSQL is
called as the class in lower case, unless `name` or `native_enum=False` say otherwise.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from port_lsp.facts.source import Record
from port_lsp.python import syntax as ir
from port_lsp.python.enums import members_of
from port_lsp.python.evaluate import force
from port_lsp.python.values import Class, Function, LambdaValue, Made, Value
from port_lsp.types.schema import Storing

if TYPE_CHECKING:
    from port_lsp.python.interpret import Interpreter


class EnumColumn(Record, frozen=True):
    """An Enum's column: the words of its type, whether they are the members' names or values; ""
    where that can't be told."""

    words: tuple[str, ...]
    stored: Storing


def enum_column(run: Interpreter, cls: Class, made: Made | None) -> EnumColumn:
    """The column of a class; `made` is the `Enum(…)`, None where the annotation alone says it."""
    words: list[str] = []
    stored: Storing = "names"
    if made is not None:
        given = made.args.keywords
        if made.args.unread:
            stored = ""
        elif (function := force(run, given.get("values_callable"))) is not None:
            stored = _given(function)
        if force(run, given.get("native_enum")) is not False:
            named = force(run, given.get("name"))
            words.append(f"type:{named or cls.definition.name.lower()}")
        if force(run, given.get("create_constraint")) is True:
            words.append("check:")
    else:
        words.append(f"type:{cls.definition.name.lower()}")
    texts = _texts(run, cls, stored)
    if texts is None:
        return EnumColumn(tuple(words), "")
    return EnumColumn((*words, *texts), stored)


def _texts(run: Interpreter, cls: Class, stored: Storing) -> list[str] | None:
    """What is stored of each member that is no alias; None where that isn't known."""
    seen: set[str] = set()
    found: list[str] = []
    for member in members_of(run, cls):
        if member.value is not None and member.value in seen:
            continue
        seen.add(member.value or "")
        text = json.loads(member.value) if member.value is not None else None
        if stored == "names":
            text = member.name
        if not isinstance(text, str) or not stored:
            return None
        found.append(text)
    return found


def _given(function: Value) -> Storing:
    """What a function that is given a class makes of its members: `[one.value for one in cls]`."""
    if isinstance(function, LambdaValue):
        params, expr = function.definition.params, function.definition.body
    elif isinstance(function, Function):
        params, body = function.definition.params, function.definition.body or ()
        last = body[-1] if body else None
        is_docs = all(
            isinstance(one, ir.Do) and isinstance(one.value, ir.Const) for one in body[:-1]
        )
        if not isinstance(last, ir.Return) or last.yields or not is_docs:
            return ""
        expr = last.value
    else:
        return ""
    if isinstance(expr, ir.Call) and ir.dotted(expr.func) == "list" and len(expr.args) == 1:
        expr = expr.args[0].value
    if not isinstance(expr, ir.Comp) or expr.key is not None or len(expr.clauses) != 1:
        return ""
    clause = expr.clauses[0]
    if len(params) != 1 or clause.tests or not isinstance(clause.target, ir.Name):
        return ""
    if not _is_every(clause.iterable, params[0].name):
        return ""
    element = expr.element
    if isinstance(element, ir.Call) and ir.dotted(element.func) == "str" and len(element.args) == 1:
        element = element.args[0].value
    if ir.dotted(element) == f"{clause.target.id}.value":
        return "values"
    return "names" if ir.dotted(element) == f"{clause.target.id}.name" else ""


def _is_every(expr: ir.Expr, name: str) -> bool:
    """Whether it is each member of the class of this name."""
    if isinstance(expr, ir.Call) and ir.dotted(expr.func) == f"{name}.__members__.values":
        return not expr.args
    if isinstance(expr, ir.Call) and ir.dotted(expr.func) in ("list", "tuple", "iter"):
        return len(expr.args) == 1 and _is_every(expr.args[0].value, name)
    return isinstance(expr, ir.Name) and expr.id == name
