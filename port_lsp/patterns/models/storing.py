"""Enums as sqlx reads and writes them in columns (sqlx 0.8's docs, `derive(Type)`): which of the
backend's are columns of its tables, and what is stored of each of their members."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from port_lsp.facts.items import Model
from port_lsp.facts.source import Record
from port_lsp.types.schema import ROWS, FieldSchema, ModelSchema
from port_lsp.writing.ir.types import symbol

if TYPE_CHECKING:
    from port_lsp.patterns.desk import Desk

TYPE = symbol("sqlx::Type")
_USED = re.compile(r"\buse\s+sqlx::(?:Type\b|\{[^}]*\bType\b)")


class Stored(Record, frozen=True):
    """What is stored of an Enum: texts by its members' names, those of aliases left out; the name
    of the type in PostgreSQL."""

    texts: tuple[tuple[str, str], ...]
    postgres: str

    def text(self, member: str) -> str | None:
        """What is stored of a member."""
        return dict(self.texts).get(member)


def stored_at(desk: Desk) -> Mapping[str, Stored]:
    """By the item keys of the backend's Enums, what its tables hold of them: of those alone of
    which all tables hold the same."""
    return desk.stands(_stored)


def _stored(desk: Desk) -> Mapping[str, Stored]:
    backend = desk.snapshot.backend
    models = backend.models if backend is not None else ()
    enums = {one.key: one for one in models if one.kind == "enum"}
    found: dict[str, Stored | None] = {}
    for model in models if enums else ():
        if model.table is None and model.kind not in ROWS:
            continue
        for column in desk.backend.schema(model).fields:
            key = column.wire.name
            if column.wire.kind == "ref" and key in enums and column.column_type in ENUMS:
                made = _of(desk.backend.schema(enums[key]), column)
                found[key] = made if found.get(key, made) == made else None
    return {key: one for key, one in found.items() if one is not None}


ENUMS = ("Enum", "ENUM")
"""What SQLAlchemy calls the types of columns that are an Enum."""


def _of(enum: ModelSchema, column: FieldSchema) -> Stored | None:
    """What a column holds; None where that can't be told."""
    texts: dict[str, str] = {}
    seen: set[str] = set()
    for member in enum.members:
        if member.value is None:
            return None
        if member.value not in seen:
            seen.add(member.value)
            value: object = json.loads(member.value)
            text = member.name if column.stored == "names" else value
            if not isinstance(text, str) or not column.stored:
                return None
            texts[member.name] = text
    named = next((one for one in column.column_words if one.startswith("type:")), "type:varchar")
    return Stored(tuple(texts.items()), named.removeprefix("type:"))


def has_type(desk: Desk, model: Model) -> bool:
    """Whether a type of the crate is one that sqlx stores: it derives its `Type`."""
    source = desk.snapshot.crate_files.get(model.key.partition("::")[0])
    text = source.text.data.decode("utf-8", "replace") if source is not None else ""
    if "sqlx::Type" in model.derives:
        return True
    if "Type" in model.derives and _USED.search(text) is not None:
        return True
    name = model.key.rpartition("::")[2]
    made = rf"impl[^{{;]*\b(?:sqlx::)?Type<[^{{;]*\bfor\s+{re.escape(name)}\b"
    return "sqlx" in text and re.search(made, text) is not None
