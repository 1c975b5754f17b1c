"""Columns whose values the database makes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from port_lsp.patterns.translate.schemas import schema_at
from port_lsp.types.schema import FieldSchema
from port_lsp.types.wire import Wire

if TYPE_CHECKING:
    from port_lsp.patterns.translate.scene import Scene

_SAID = frozenset(("server_default", "identity", "computed", "server_default_unknown"))


def is_generated(column: FieldSchema) -> bool:
    """Whether the database gives a column its value where none is given: SQLAlchemy's docs,
    `Column.autoincrement`: an integer that is the primary key alone counts up."""
    keys = dict(column.keys)
    counts = keys.get("primary_key") == "True" and column.wire.kind == "int"
    counts = counts and keys.get("autoincrement") != "False" and "foreign_key" not in keys
    return counts or not _SAID.isdisjoint(keys)


def is_stored_row(scene: Scene, wire: Wire) -> bool:
    """Whether a parameter of a type is surely a row that the database has: one whose key only the
    database gives, so that a new one, which has none yet, can't be handed over in Rust."""
    schema = schema_at(scene.desk, wire.name) if wire.kind == "ref" and "::" in wire.name else None
    if schema is None or not schema.is_row:
        return False
    keys = [one for one in schema.fields if dict(one.keys).get("primary_key") == "True"]
    if len(keys) != 1 or not is_generated(keys[0]):
        return False
    name = wire.name.rpartition("::")[2].rpartition(".")[2].encode()
    made = re.compile(rb"\b%s\([^()]*\b%s\s*=" % (name, keys[0].name.encode()))
    files = scene.desk.snapshot.backend_files.values()
    return not any(name in one.text.data and made.search(one.text.data) for one in files)
