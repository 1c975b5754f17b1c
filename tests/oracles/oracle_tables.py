"""What SQLAlchemy and peewee say of the tables they map, column by column."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import oracle_source as source
from oracle_render import value_text
from sqlalchemy import Column, Table
from sqlalchemy import inspect as inspected
from sqlalchemy.exc import NoInspectionAvailable
from sqlalchemy.orm import Mapper

Row = dict[str, Any]


def mapper(cls: type) -> Mapper[Any] | None:
    """The mapper of a class that has a table, or None."""
    try:
        found: object = inspected(cls)
    except NoInspectionAvailable:
        return None
    return cast(Mapper[Any], found) if isinstance(found, Mapper) else None


def is_table(value: object) -> bool:
    """Whether a value is a `Table(...)`."""
    return isinstance(value, Table)


def sqlalchemy_model(root: Path, cls: type, found: Mapper[Any]) -> Row:
    """A mapped class: every column, those of mixins included, by attribute and by name."""
    owners = source.field_owners(root, cls)
    written = source.written_fields(root, cls)
    fields: list[Row] = []
    for prop in found.column_attrs:
        column = prop.columns[0]
        if not isinstance(column, Column):
            continue  # column_property of an expression
        owner = owners.get(prop.key)
        fields.append(
            {
                "name": prop.key,
                "annotation_text": written.get(prop.key, (None, None))[0],
                **_column(column),
                "owner": source.class_name(owner[0]) if owner else None,
                "line": owner[1] if owner else None,
            }
        )
    local = found.local_table
    return {
        "kind": "sqlalchemy",
        "table": local.name if isinstance(local, Table) else str(local),
        "schema": local.schema if isinstance(local, Table) else None,
        "fields": fields,
        "relationships": [
            {"name": relation.key, "target": relation.mapper.class_.__name__}
            for relation in found.relationships
        ],
        "unique_together": _unique(local),
    }


def _unique(table: Any) -> list[list[str]]:
    """The columns of each UniqueConstraint over more than one column."""
    found = [
        [column.name for column in constraint.columns]
        for constraint in getattr(table, "constraints", ())
        if type(constraint).__name__ == "UniqueConstraint"
    ]
    return sorted(columns for columns in found if len(columns) > 1)


def _column(column: Any) -> Row:
    return {
        "column": column.name,
        "type": repr(column.type),
        "nullable": column.nullable,
        "primary_key": column.primary_key,
        "unique": column.unique,
        "index": column.index,
        "default": _default(column.default),
        "server_default": _default(column.server_default),
        "foreign_keys": sorted(key.target_fullname for key in column.foreign_keys),
    }


def _default(default: Any) -> str | None:
    if default is None:
        return None
    argument = getattr(default, "arg", default)
    if getattr(default, "is_callable", False):
        function = source.unwrap(argument)
        return f"{value_text(function)}()"
    return str(argument) if hasattr(argument, "compile") else value_text(argument)


def association_table(table: Any) -> Row:
    """A `Table(...)` that no class maps."""
    return {
        "kind": "table",
        "table": table.name,
        "fields": [{"name": column.key, **_column(column)} for column in table.columns],
    }


def peewee_model(root: Path, cls: Any) -> Row:
    """A peewee model; the implicit `id` has no line."""
    owners = source.field_owners(root, cls)
    fields: list[Row] = []
    for field in cls._meta.sorted_fields:
        owner = owners.get(field.name)
        related = getattr(field, "rel_model", None)
        fields.append(
            {
                "name": field.name,
                "column": field.column_name,
                "type": type(field).__name__,
                "nullable": field.null,
                "primary_key": field.primary_key,
                "unique": field.unique,
                "index": field.index,
                "default": None if field.default is None else _peewee_default(field.default),
                "max_length": getattr(field, "max_length", None),
                "references": related.__name__ if related is not None else None,
                "owner": source.class_name(owner[0]) if owner else None,
                "line": owner[1] if owner else None,
            }
        )
    return {"kind": "peewee", "table": cls._meta.table_name, "fields": fields}


def _peewee_default(default: Any) -> str:
    return f"{value_text(default)}()" if callable(default) else value_text(default)
