"""`UPDATE`, `DELETE` and `INSERT` of rows that a query says: SQLAlchemy's `session.query(Model)….
update({…})`, `session.execute(update(Model)….values(…))`.

SQLAlchemy: its docs, "ORM-Enabled INSERT, UPDATE, and DELETE statements". A column of JSON holds
JSON's null for None (`JSON.none_as_null`); what a class sets by `onupdate` is set by each of them.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from port_lsp.patterns.translate.expressions.given import dumped
from port_lsp.patterns.translate.expressions.structs import holds_models
from port_lsp.patterns.translate.ownership import as_json, fitting
from port_lsp.patterns.translate.queries.chains import builder_of
from port_lsp.patterns.translate.queries.conditions import bare_text, borrowed
from port_lsp.patterns.translate.queries.inserts import called, inserted
from port_lsp.patterns.translate.queries.links import Link
from port_lsp.patterns.translate.queries.selects import Select
from port_lsp.patterns.translate.queries.tables import Table, has_listeners, stored_as, table_of
from port_lsp.patterns.translate.queries.updates import is_bound
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.values import (
    I64,
    NUMBERS,
    VALUE,
    UntranslatedError,
    Val,
    is_none,
    option_of,
    waits,
    without_reference,
)
from port_lsp.patterns.translate.widening import NARROW
from port_lsp.writing.ir.types import Reference


def executed(scene: Scene, call: ast.Call, env: Env) -> Val:
    """`session.execute(update(Model)….values(…))` and its like. Raises UntranslatedError."""
    found = builder_of(scene, call.args[0], env) if len(call.args) == 1 else None
    if found is None or call.keywords or len(found[1].args) != 1 or found[1].keywords:
        raise UntranslatedError("a statement of a query")
    word, first, links = found
    table = table_of(scene, first.args[0], env)
    if table is None:
        raise UntranslatedError("a query of what is no table")
    values = [one for one in links if one.name == "values"]
    rest = [one for one in links if one.name not in ("values", "execution_options")]
    if word == "delete" and not values:
        select = Select(scene, table, env)
        for one in rest:
            select.add(one)
        return select.delete()
    if word == "update" and len(values) == 1:
        return changed(scene, table, _given(values[0].call), rest, env)
    if word == "insert" and len(values) == 1 and not rest:
        given = assigned(scene, table, _given(values[0].call), env)
        vals = {name: val for name, val in given if isinstance(val, Val)}
        return inserted(scene, table, vals, env, asked=False)
    raise UntranslatedError("a statement of a query")


def _given(call: ast.Call) -> ast.expr:
    """What `values(…)` says, as a dict."""
    if len(call.args) == 1 and not call.keywords:
        return call.args[0]
    if call.args:
        raise UntranslatedError("values of a query")
    keys: list[ast.expr | None] = [
        ast.Constant(one.arg) if one.arg is not None else None for one in call.keywords
    ]
    return ast.Dict(keys, [one.value for one in call.keywords])


def changed(scene: Scene, table: Table, values: ast.expr, links: Sequence[Link], env: Env) -> Val:
    """How many rows are changed. Raises UntranslatedError."""
    select = Select(scene, table, env)
    parts: list[str] = []
    given = assigned(scene, table, values, env, select)
    if has_listeners(scene, table):
        raise UntranslatedError("update of a table that changes by itself")
    for name, val in given:
        column = table.column(name)
        parts.append(
            f"{column.sql} = {val if isinstance(val, str) else written(select, name, val)}"
        )
    for one in table.schema.fields:
        if one.on_update and all(one.name != name for name, _ in given):
            kind = stored_as(scene, table, one.name)
            number = select.binds.number(called(scene, one.on_update, one, kind))
            parts.append(f"{table.column(one.name).sql} = {number}")
    if not parts:
        raise UntranslatedError("update of nothing")
    for one in links:
        select.add(one)
    if select.limit or select.offset or select.orders or select.is_joined or select.distinct:
        raise UntranslatedError("update of a limited query")
    source = select.source().removeprefix(f"FROM {table.sql}")
    sql = f"UPDATE {table.sql} SET {', '.join(parts)}{source}"  # noqa: S608 - names quoted, values bound
    return select.executed(sql)


def assigned(
    scene: Scene, table: Table, node: ast.expr, env: Env, select: Select | None = None
) -> list[tuple[str, Val | str]]:
    """What columns (by Python's names) get, as values or as SQL. Raises UntranslatedError."""
    found: dict[str, Val | str] = {}
    if not isinstance(node, ast.Dict):
        return [(name, val) for name, val in dumped(scene, node, env, table.schema).items()]
    for key, value in zip(node.keys, node.values, strict=True):
        if key is None:
            found |= dumped(scene, value, env, table.schema)
        elif isinstance(key, ast.Constant) and isinstance(key.value, str):
            table.column(key.value)
            found[key.value] = _computed(select, value) or scene.value(value, env)
        elif isinstance(key, ast.Attribute) and table_of(scene, key.value, env) == table:
            table.column(key.attr)
            found[key.attr] = _computed(select, value) or scene.value(value, env)
        else:
            raise UntranslatedError("update of a query by what isn't known")
    return list(found.items())


def _computed(select: Select | None, node: ast.expr) -> str:
    """A column's value that the database computes: `Model.count + 1`; "" for anything else."""
    if select is None:
        return ""
    column = select.binds.operand(node)
    if column is not None:
        return column.sql
    signs: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*"}
    sign = signs.get(type(node.op)) if isinstance(node, ast.BinOp) else None
    left = select.binds.operand(node.left) if isinstance(node, ast.BinOp) else None
    if not isinstance(node, ast.BinOp) or sign is None or left is None:
        return ""
    if left.type not in NUMBERS:
        raise UntranslatedError("arithmetic in a query")
    right = select.binds.operand(node.right)
    if right is not None:
        return f"{left.sql} {sign} {right.sql}"
    val = select.scene.value(node.right, select.binds.env)
    return f"{left.sql} {sign} {select.binds.value(val, left.type)}"


def written(select: Select, name: str, val: Val) -> str:
    """A value as what a column (by Python's name) gets."""
    scene = select.scene
    kind = stored_as(scene, select.table, name)
    inner = option_of(kind) or kind
    inner = I64 if inner in NARROW else inner  # PostgreSQL makes it narrow, or refuses it
    if inner == VALUE:
        if holds_models(scene, val.type):
            raise UntranslatedError("a model as JSON, whose names may be others there")
        bare = without_reference(val.type) == VALUE and val.place
        return select.binds.number(borrowed(val) if bare else as_json(scene, val))
    if is_none(val):
        return "NULL"
    if waits(val.expr):
        return select.binds.number(fitting(scene, val, inner))
    held = option_of(without_reference(val.type))
    if held is None:
        return select.binds.value(val, inner)
    if bare_text(held) != inner or not is_bound(scene, inner):
        raise UntranslatedError("a value of another type in a query")
    copied = scene.shapes.has(val.type, "Copy") and not isinstance(val.type, Reference)
    return select.binds.number(val.expr if copied else borrowed(val))
