"""Columns whose values the database makes."""

from __future__ import annotations

from port_lsp.types.schema import FieldSchema

_SAID = frozenset(("server_default", "identity", "computed", "server_default_unknown"))


def is_generated(column: FieldSchema) -> bool:
    """Whether the database gives a column its value where none is given: SQLAlchemy's docs,
    `Column.autoincrement`: an integer that is the primary key alone counts up."""
    keys = dict(column.keys)
    counts = keys.get("primary_key") == "True" and column.wire.kind == "int"
    counts = counts and keys.get("autoincrement") != "False" and "foreign_key" not in keys
    return counts or not _SAID.isdisjoint(keys)
