"""`for name, value in form.model_dump().items(): setattr(row, name, value)`: each field of a model
to the attribute of its name.

Pydantic's docs, "Serialization", `exclude_unset`: only what was given is dumped. What isn't a
column is an attribute that nobody stores.
"""

from __future__ import annotations

import ast

from port_lsp.facts.source import Record
from port_lsp.patterns.translate.expressions.attributes import field
from port_lsp.patterns.translate.expressions.structs import schema_of
from port_lsp.patterns.translate.queries.tables import table_of_row
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.values import (
    UntranslatedError,
    Val,
    option_of,
)
from port_lsp.writing.ir.types import AnyType

_DUMPS = ("model_dump", "dict")


class CopiedField(Record, frozen=True):
    """A field that is copied to a column: its value; `given` is its type where it is only copied
    if it was given, and the value is an Option of that."""

    column: str
    value: Val
    given: AnyType | None = None


class Copied(Record, frozen=True):
    """What is copied to a row (its name in Python)."""

    row: str
    fields: tuple[CopiedField, ...]


def copied_to(scene: Scene, node: ast.For, env: Env) -> Copied | None:
    """What a loop copies; None for another loop. Raises UntranslatedError."""
    row, dump = _row(node), _dump(node)
    if row is None or dump is None or row not in env.names:
        return None
    table = table_of_row(scene, env.names[row].type)
    form = scene.value(dump.func.value, env) if isinstance(dump.func, ast.Attribute) else None
    if form is None:
        return None
    shape = scene.shapes.of(form.type)
    if table is None or shape is None or not shape.key or not form.place:
        raise UntranslatedError("a model that is copied to what isn't known")
    unset = [one.arg for one in dump.keywords] == ["exclude_unset"]
    if dump.args or (dump.keywords and not (unset and _is_true(dump.keywords[0].value))):
        raise UntranslatedError("a model that is dumped in part")
    model = schema_of(scene, shape.key)
    names = scene.defaults(shape.key)
    columns = {name for name, _ in table.columns}
    found: list[CopiedField] = []
    for one in model.fields:
        if one.name not in columns:
            continue
        value = field(scene, form, names[one.name][0])
        apart = bool(model.unset) and not one.required
        if apart and not unset:
            raise UntranslatedError("a model that says what wasn't given")
        if unset and not one.required and not apart:
            raise UntranslatedError("a model that doesn't say what wasn't given")
        given = option_of(value.type) if apart else None
        found.append(CopiedField(one.name, value, given))
    return Copied(row, tuple(found)) if found else None


def _is_true(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is True


def _row(node: ast.For) -> str | None:
    """The row that a loop's only statement sets attributes of, by the loop's own names."""
    only = node.body[0] if len(node.body) == 1 and not node.orelse else None
    call = only.value if isinstance(only, ast.Expr) else None
    target = node.target
    if not isinstance(call, ast.Call) or not isinstance(target, ast.Tuple):
        return None
    names = [one.id for one in target.elts if isinstance(one, ast.Name)]
    given = [one.id for one in call.args if isinstance(one, ast.Name)]
    named = isinstance(call.func, ast.Name) and call.func.id == "setattr" and not call.keywords
    return given[0] if named and len(call.args) == 3 and given[1:] == names else None


def _dump(node: ast.For) -> ast.Call | None:
    """The call that dumps a model, whose items a loop goes through."""
    items = node.iter
    if not isinstance(items, ast.Call) or not isinstance(items.func, ast.Attribute):
        return None
    dump = items.func.value
    plain = items.func.attr == "items" and not items.args and not items.keywords
    is_dump = isinstance(dump, ast.Call) and isinstance(dump.func, ast.Attribute)
    if not plain or not isinstance(dump, ast.Call) or not is_dump:
        return None
    return dump if isinstance(dump.func, ast.Attribute) and dump.func.attr in _DUMPS else None
