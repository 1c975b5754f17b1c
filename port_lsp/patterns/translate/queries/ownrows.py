"""How a struct of rows that the crate has itself is read whole: by `SELECT *`, or by its columns.

A crate may read its rows by other lists of columns (`type AS channel_type`), and have its struct
say so: `SELECT *` would fail there when it runs, or leave out what the row has. sqlx's docs of
`FromRow`: a field without a column of its name is an error, and so is a column that is null with
`#[sqlx(json)]`, but not with `json(nullable)`; `skip` and `default` give what isn't the row's. A
column that may be null is read as JSON's null where the field takes that: both are None in Python.
"""

from __future__ import annotations

from collections.abc import Mapping

from port_lsp.facts.items import Field, Model
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.endpoints.written import type_of
from port_lsp.patterns.translate.cratetypes import type_at
from port_lsp.patterns.translate.values import VALUE, option_of
from port_lsp.writing.ir.types import Symbol

_OTHERWISE = frozenset(("sqlx.skip", "sqlx.flatten", "sqlx.try_from"))


def read_by(
    desk: Desk, symbol: Symbol, columns: Mapping[str, bool]
) -> tuple[tuple[str, bool], ...] | None:
    """The columns by which each field of a struct (its symbol) is read, with whether null is read
    as JSON's; nothing where `SELECT *` does, None where nothing does. `columns` are the table's by
    their names in the database, and whether each may be null. Also of a struct that isn't the
    crate's yet."""
    if desk.workshop.scopes.type_item(symbol.path) is None:
        return ()
    model = type_at(desk, symbol)
    if model is None or not _is_derived(model):
        return None
    found: list[tuple[str, bool]] = []
    for one in model.fields:
        said = {each.name: each.value for each in one.constraints}
        column = one.column if one.column is not None else one.name.removeprefix("r#")
        if column not in columns or not _OTHERWISE.isdisjoint(said):
            return None
        json = "sqlx.json" in said and said["sqlx.json"] != "nullable" and columns[column]
        if json and not _takes_null(desk, model.place.file, one):
            return None
        found.append((column, json))
    return tuple(found) if any(json for _, json in found) else ()


def reads(desk: Desk, symbol: Symbol, column: str) -> bool:
    """Whether some field of a struct (its symbol) is read from a column, whatever others are."""
    if desk.workshop.scopes.type_item(symbol.path) is None:
        return True
    model = type_at(desk, symbol)
    return any(
        (one.column if one.column is not None else one.name.removeprefix("r#")) == column
        and _OTHERWISE.isdisjoint(each.name for each in one.constraints)
        for one in (model.fields if model is not None and _is_derived(model) else ())
    )


def _is_derived(model: Model) -> bool:
    """Whether `FromRow` isn't written by hand, when only its body says what it reads."""
    return any(one.rpartition("::")[2] == "FromRow" for one in model.derives)


def _takes_null(desk: Desk, file: str, field: Field) -> bool:
    """Whether a field's type has a value for JSON's null."""
    kind = type_of(desk.workshop.scopes, file, field.annotation or "")
    return kind is not None and (kind == VALUE or option_of(kind) is not None)
