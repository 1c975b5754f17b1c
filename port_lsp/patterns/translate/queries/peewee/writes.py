"""What Peewee writes: `Model.create`, `insert`, `update` and `delete` with their `execute`, a row's
`save` and `delete_instance`. Each is committed by itself (its docs, "Querying").
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from port_lsp.patterns.translate.queries.inserts import inserted
from port_lsp.patterns.translate.queries.links import Link, chain_of
from port_lsp.patterns.translate.queries.peewee.models import (
    asked_of,
    is_own,
    is_watched,
    row_of,
)
from port_lsp.patterns.translate.queries.peewee.selects import PeeweeSelect
from port_lsp.patterns.translate.queries.relations import takes_along
from port_lsp.patterns.translate.queries.tables import Column, Table
from port_lsp.patterns.translate.queries.updates import bound_field
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.values import (
    F64,
    I64,
    UntranslatedError,
    Val,
    is_none,
    option_of,
)

_WRITES = frozenset(("create", "insert", "update", "delete", "delete_by_id"))
_ROWS = frozenset(("save", "delete_instance"))
_SIGNS: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*"}


def model_written(scene: Scene, node: ast.expr, env: Env, *, asked: bool = True) -> Val | None:
    """The value of what writes, None for anything else; `asked` says whether somebody wants it.
    Raises UntranslatedError."""
    root, links = chain_of(node)
    if len(links) == 1 and links[0].name in _ROWS and isinstance(root, ast.Name):
        val = env.names.get(root.id)
        table = row_of(scene, val)
        if val is None or table is None or is_own(scene, table, links[0].name):
            return None
        return _row_written(scene, table, val, links[0], env)
    found = asked_of(scene, node, env)
    if found is None or found[1][0].name not in _WRITES:
        return None
    table, links = found
    first, rest = links[0], links[1:]
    if is_watched(scene, table):
        raise UntranslatedError("a write that something else sees")
    if first.name == "create" and not rest:
        given = _given(scene, table, first.call, env)
        return inserted(scene, table, given, env, asked=asked)
    if first.name == "delete_by_id" and not rest and len(first.call.args) == 1:
        select = PeeweeSelect(scene, table, env)
        select.conditions.append(select.binds.equal(_key(table)[1], first.call.args[0]))
        return select.delete()
    if not rest or rest[-1].name != "execute" or rest[-1].call.args:
        raise UntranslatedError(f"{first.name} of a model that isn't run")
    return _executed(scene, table, first, rest[:-1], env, asked=asked)


def _executed(
    scene: Scene, table: Table, first: Link, built: Sequence[Link], env: Env, *, asked: bool
) -> Val:
    if first.name == "insert" and not built and not asked:
        return inserted(scene, table, _given(scene, table, first.call, env), env, asked=False)
    select = PeeweeSelect(scene, table, env)
    if first.name == "delete" and not first.call.args:
        _where(select, built)
        return select.delete()
    if first.name != "update":
        raise UntranslatedError(f"{first.name} of a model")
    changed = [
        f"{column.sql} = {_assigned(select, column, value)}"
        for column, value in _columns(scene, table, first.call, env)
    ]
    if not changed:
        raise UntranslatedError("update of a model by nothing")
    _where(select, built)
    source = select.source().removeprefix(f"FROM {table.sql}")
    return select.executed(f"UPDATE {table.sql} SET {', '.join(changed)}{source}")  # noqa: S608 - names quoted, values bound


def _where(select: PeeweeSelect, links: Sequence[Link]) -> None:
    for one in links:
        if one.name != "where":
            raise UntranslatedError(f"{one.name} of what writes")
        select.add(one)


def _assigned(select: PeeweeSelect, column: Column, node: ast.expr) -> str:
    """What a column is set to: a value, or what is calculated of columns."""
    if isinstance(node, ast.BinOp) and type(node.op) in _SIGNS:
        left = select.binds.column(node.left)
        if left is not None and left.type == column.type and column.type in (I64, F64):
            right = select.binds.value(select.scene.value(node.right, select.binds.env), left.type)
            return f"{left.sql} {_SIGNS[type(node.op)]} {right}"
    other = select.binds.column(node)
    if other is not None:
        return other.sql
    val = select.scene.value(node, select.binds.env)
    if is_none(val):
        return "NULL"
    inner = option_of(val.type)
    if inner is not None:
        raise UntranslatedError("a value that may be None")
    return select.binds.value(val, column.type)


def _columns(scene: Scene, table: Table, call: ast.Call, env: Env) -> list[tuple[Column, ast.expr]]:
    """The columns that are given with their values: by keywords, or one dictionary."""
    select = PeeweeSelect(scene, table, env)
    found: list[tuple[Column, ast.expr]] = []
    for one in call.args:
        if not isinstance(one, ast.Dict):
            raise UntranslatedError("an update of a model")
        for key, value in zip(one.keys, one.values, strict=True):
            column = select.binds.column(key) if key is not None else None
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                column = table.column(key.value)
            if column is None:
                raise UntranslatedError("an update of a model")
            found.append((column, value))
    for word in call.keywords:
        if word.arg is None:
            raise UntranslatedError("`**` in a call")
        found.append((table.column(word.arg), word.value))
    return found


def _given(scene: Scene, table: Table, call: ast.Call, env: Env) -> dict[str, Val]:
    """The values of a new row by Python's names of its columns."""
    if any("constraints" in dict(one.keys) for one in table.schema.fields):
        raise UntranslatedError("a row of which the database says something")
    by_sql = {column.sql: name for name, column in table.columns}
    return {
        by_sql[column.sql]: scene.value(value, env)
        for column, value in _columns(scene, table, call, env)
    }


def _row_written(scene: Scene, table: Table, val: Val, link: Link, env: Env) -> Val:
    """`row.save()`, which writes all columns, or `row.delete_instance()`."""
    if link.call.args or link.call.keywords or is_watched(scene, table):
        raise UntranslatedError(f"{link.name} of a row")
    select = PeeweeSelect(scene, table, env)
    name, key = _key(table)
    if link.name == "delete_instance":
        if takes_along(scene.desk, table.key):
            raise UntranslatedError("a row that takes others along")
        select.conditions.append(f"{key.sql} = {bound_field(scene, select, val, name)}")
        return select.delete()
    changed = [
        f"{column.sql} = {bound_field(scene, select, val, each)}"
        for each, column in table.columns
        if not column.is_key
    ]
    if not changed:
        raise UntranslatedError("save of a row with nothing in it")
    where = f"WHERE {key.sql} = {bound_field(scene, select, val, name)}"
    return select.executed(f"UPDATE {table.sql} SET {', '.join(changed)} {where}")  # noqa: S608 - names quoted, values bound


def _key(table: Table) -> tuple[str, Column]:
    keys = [(name, column) for name, column in table.columns if column.is_key]
    if len(keys) != 1:
        raise UntranslatedError("a row without a key, or with several")
    return keys[0]
