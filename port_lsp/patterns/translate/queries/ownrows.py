"""Whether a struct of rows that the crate has itself is read whole by `SELECT *`.

A crate may read its rows by other lists of columns (`type AS channel_type`), and have its struct
say so: `SELECT *` would fail there when it runs, or leave out what the row has. sqlx's docs of
`FromRow`: a field without a column of its name is an error, and so is a column that is null with
`#[sqlx(json)]`, but not with `json(nullable)`; `skip` and `default` give what isn't the row's.
"""

from __future__ import annotations

from collections.abc import Mapping

from port_lsp.facts.items import Field, Model
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.translate.cratetypes import type_at
from port_lsp.writing.ir.types import Symbol

_OTHERWISE = frozenset(("sqlx.skip", "sqlx.flatten", "sqlx.try_from"))


def is_read_whole(desk: Desk, symbol: Symbol, columns: Mapping[str, bool]) -> bool:
    """Whether `SELECT *` reads each field of a struct (its symbol) from its column. `columns` are
    the table's by their names in the database, and whether each may be null. Also of a struct that
    isn't the crate's yet."""
    if desk.workshop.scopes.type_item(symbol.path) is None:
        return True
    model = type_at(desk, symbol)
    return model is not None and _is_derived(model) and all(
        _is_read(one, columns) for one in model.fields
    )  # fmt: skip


def _is_derived(model: Model) -> bool:
    """Whether `FromRow` isn't written by hand, when only its body says what it reads."""
    return any(one.rpartition("::")[2] == "FromRow" for one in model.derives)


def _is_read(field: Field, columns: Mapping[str, bool]) -> bool:
    said = {one.name: one.value for one in field.constraints}
    column = field.column if field.column is not None else field.name.removeprefix("r#")
    if column not in columns or not _OTHERWISE.isdisjoint(said):
        return False
    return "sqlx.json" not in said or said["sqlx.json"] == "nullable" or not columns[column]
