"""The statements that write what was changed of a row, or take the row away."""

from __future__ import annotations

from collections.abc import Sequence

from port_lsp.patterns.translate.enums import is_stored
from port_lsp.patterns.translate.queries.selects import Select
from port_lsp.patterns.translate.queries.tables import BOUND, Table
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.values import (
    AWARE,
    NAIVE,
    UntranslatedError,
    Val,
    option_of,
)
from port_lsp.patterns.translate.widening import widened
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import AnyType


def is_bound(scene: Scene, kind: AnyType) -> bool:
    """Whether sqlx binds a field of a type as it is."""
    return kind in BOUND or (option_of(kind) or kind) in (AWARE, NAIVE) or is_stored(scene, kind)


def updated(scene: Scene, table: Table, row: Val, columns: Sequence[str], env: Env) -> b.Expr:
    """The call that writes these columns (Python's names) of a row. Raises UntranslatedError."""
    select = Select(scene, table, env)
    changed = [
        f"{table.column(one).sql} = {bound_field(scene, select, row, one)}" for one in columns
    ]
    where = _itself(scene, select, row)
    sql = f"UPDATE {table.sql} SET {', '.join(changed)} WHERE {where}"  # noqa: S608 - names quoted, values bound
    return _done(select, sql)


def deleted(scene: Scene, table: Table, row: Val, env: Env) -> Val:
    """What deletes a row. Raises UntranslatedError."""
    select = Select(scene, table, env)
    select.conditions.append(_itself(scene, select, row))
    return select.delete()


def _itself(scene: Scene, select: Select, row: Val) -> str:
    """The condition that is true of a row alone."""
    keys = [name for name, column in select.table.columns if column.is_key]
    if len(keys) != 1:
        raise UntranslatedError("a row without a key, or with several")
    return f"{select.table.column(keys[0]).sql} = {bound_field(scene, select, row, keys[0])}"


def bound_field(scene: Scene, select: Select, row: Val, name: str) -> str:
    """A field of a row, as a value of the statement. Raises UntranslatedError."""
    shape = scene.shapes.of(row.type)
    found = shape.field(name) if shape is not None else None
    if found is None:
        raise UntranslatedError("a column that isn't known")
    of = b.Access(row.expr, found[0])
    wide = widened(of, found[1])
    if wide is not None:
        return select.binds.number(wide)
    if not is_bound(scene, found[1]):
        raise UntranslatedError("a column that isn't known")
    copied = scene.shapes.has(found[1], "Copy")
    return select.binds.number(of if copied else b.Unary("&", of))


def _done(select: Select, sql: str) -> b.Expr:
    """The call that runs a statement; nobody asks how many rows it wrote."""
    count = select.executed(sql).expr
    assert isinstance(count, b.Cast)
    assert isinstance(count.of, b.Method)
    return count.of.receiver
