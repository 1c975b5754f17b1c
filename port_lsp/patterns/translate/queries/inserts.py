"""A row that is made and written at once, where the backend's class or the database gives some of
its columns: `INSERT … RETURNING *` gives the whole row.

SQLAlchemy: its docs, "Column INSERT/UPDATE Defaults": a column's `default` is taken where it gets
no value, a callable is called for each row; what the database sets by itself is read back.
PostgreSQL's and SQLite's docs (from 3.35), "RETURNING".
"""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping

from port_lsp.patterns.models.defaults import default_value
from port_lsp.patterns.translate.ownclasses import acts_by_itself
from port_lsp.patterns.translate.ownership import fitting, written
from port_lsp.patterns.translate.queries.clock import in_column, present
from port_lsp.patterns.translate.queries.conditions import borrowed
from port_lsp.patterns.translate.queries.generated import is_generated
from port_lsp.patterns.translate.queries.selects import Select
from port_lsp.patterns.translate.queries.tables import Table, row_type, whole_row
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.values import (
    I64,
    STR,
    STRING,
    UntranslatedError,
    Val,
    is_none,
    option_of,
    without_reference,
)
from port_lsp.patterns.translate.widening import NARROW, widened
from port_lsp.types import meanings as m
from port_lsp.types.schema import BY_SERVER, MADE_ONCE, FieldSchema
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import AnyType


def inserted(
    scene: Scene, table: Table, given: Mapping[str, Val], env: Env, *, asked: bool = True
) -> Val:
    """The row that is written with these values by Python's names of its columns; `asked` says
    whether somebody wants it. Raises UntranslatedError."""
    if acts_by_itself(scene.desk, table.key):
        raise UntranslatedError("a row that changes what it is given")
    select = Select(scene, table, env)
    kind = row_type(scene, table)
    shape = scene.shapes.of(kind)
    unknown = set(given) - {one.name for one in table.schema.fields}
    if unknown or shape is None:
        raise UntranslatedError("a row with columns that aren't known")
    names: list[str] = []
    numbers: list[str] = []
    for one in table.schema.fields:
        field = shape.field(one.name)
        if field is None:
            raise UntranslatedError("a column that isn't known")
        value = given.get(one.name)
        if value is not None and is_none(value):
            if one.wire.kind == "any":
                raise UntranslatedError("JSON's null in a column")
            number = "NULL"
        elif value is not None:
            number = select.binds.number(_bound(scene, value, field[1]))
        elif _has_default(one) and not _is_the_databases(one):
            number = select.binds.number(_default(scene, one, field[1]))
        elif is_generated(one) or one.nullable:
            continue
        else:
            raise UntranslatedError("a row without one of its columns")
        names.append(table.column(one.name).sql)
        numbers.append(number)
    listed, values = ", ".join(names), ", ".join(numbers)
    what = f"({listed}) VALUES ({values})" if names else "DEFAULT VALUES"
    sql = f"INSERT INTO {table.sql} {what}"
    if not asked:
        return select.executed(sql)
    return select.returned(f"{sql} RETURNING {whole_row(scene, table)[0]}", kind)


def is_filled_in(table: Table, given: Mapping[str, Val]) -> bool:
    """Whether a column without a value gets one from the class or from the database."""
    return any(
        one.name not in given and (_has_default(one) or is_generated(one))
        for one in table.schema.fields
    )


def has_narrow(scene: Scene, table: Table) -> bool:
    """Whether a column holds narrower integers than Python has."""
    shape = scene.shapes.of(row_type(scene, table))
    kinds = [kind for _, _, kind in shape.fields] if shape is not None else []
    return any((option_of(kind) or kind) in NARROW for kind in kinds)


def _has_default(column: FieldSchema) -> bool:
    """Whether the class gives a column a value that isn't null."""
    return column.default.kind != "none" and column.default.text != "null"


def _is_the_databases(column: FieldSchema) -> bool:
    """Whether a default is the database's own: the class says no other."""
    keys = dict(column.keys)
    said = keys.get("server_default")
    if said is not None and BY_SERVER in keys:
        return True
    if said is None or column.default.kind != "value":
        return False
    value = json.loads(column.default.text)
    return said.strip("'") == (value if isinstance(value, str) else column.default.text)


def _bound(scene: Scene, val: Val, kind: AnyType) -> b.Expr:
    """A value as one of a column's field, borrowed where it stays."""
    if kind == STRING and val.type == STR:
        return val.expr
    if option_of(kind) == STRING and option_of(val.type) == STR and val.place:
        return val.expr
    if (option_of(kind) or kind) in NARROW and (option_of(val.type) or val.type) == I64:
        return written(val)  # PostgreSQL makes it narrow, or refuses it as it refuses Python's
    time = in_column(scene, val, kind)
    if time is not None:
        return time
    wide = widened(val.expr, val.type)
    if wide is not None and (option_of(kind) or kind) in (*NARROW, I64):
        return wide
    stays = val.place and not scene.shapes.has(kind, "Copy")
    if stays and without_reference(val.type) == kind:
        return borrowed(val)
    return fitting(scene, val, kind)


def _default(scene: Scene, column: FieldSchema, kind: AnyType) -> b.Expr:
    """A column's default as the class gives it."""
    inner = option_of(kind) or kind
    if column.default.kind == "expression" and MADE_ONCE in dict(column.keys):
        raise UntranslatedError("a default that is made once, with its class")
    if column.default.kind == "expression":
        now = present(scene, column.default.text, kind)
        if now is not None:
            return now
    if column.default.kind != "expression" or column.default.made:
        context = scene.needs.context("", (column,))
        found = default_value(context, column, inner)
        if found is not None:
            return found
        raise UntranslatedError("a default that only Python knows")
    return called(scene, column.default.text, column, kind)


def called(scene: Scene, text: str, column: FieldSchema, kind: AnyType) -> b.Expr:
    """What a column's `default` or `onupdate` gives, which is a function, or an expression of the
    class's module. Raises UntranslatedError."""
    file = column.owner.partition("::")[0]
    now = present(scene, text, kind)
    if now is not None:
        return now
    if text.startswith("lambda"):
        text = text.removesuffix("()")  # a factory, as its call
    node = ast.parse(text, mode="eval").body
    if isinstance(node, ast.Lambda) and not node.args.args:
        node = node.body
    elif not isinstance(node, ast.Call):
        node = ast.Call(node, [], [])
    elsewhere = scene.elsewhere(file)
    if isinstance(node, ast.Call) and isinstance(elsewhere.meaning(node.func, Env({}, ())), m.Kind):
        raise UntranslatedError("a default that only Python knows")
    val = elsewhere.value(node, Env({}, ()))
    return written(val) if val.type == kind else _bound(scene, val, kind)
