"""What has to be said about new fields besides."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from port_lsp.facts.items import Model
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.fields.derives import short
from port_lsp.writing.ir.items import Field


def notes_of(desk: Desk, struct: Model, fields: Sequence[Field]) -> Iterator[str]:
    """A line for each column that a struct is read from and that no migration makes: a query
    that doesn't give it fails when it runs (sqlx's `ColumnNotFound`)."""
    if "FromRow" not in short(struct.derives):
        return
    text = "\n".join(desk.migrations.values())
    for field in fields:
        column = _column(field)
        if not re.search(rf"\b{re.escape(column)}\b", _about(text, struct.table)):
            yield f"{struct.key}: no migration makes the column {column}; queries must give it"


def _column(field: Field) -> str:
    for one in field.attributes:
        for word in one.args or () if one.path == "sqlx" else ():
            if word.name == "rename" and word.value is not None:
                return word.value.strip('"')
    return field.name


def _about(text: str, table: str | None) -> str:
    """The statements about a table; all where it isn't known."""
    if table is None:
        return text
    named = re.compile(rf"\b{re.escape(table)}\b", re.IGNORECASE)
    return "\n".join(one for one in text.split(";") if named.search(one))
