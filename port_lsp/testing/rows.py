"""The rows that must be in the tables for a test, as SQL for SQLite and PostgreSQL alike."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from port_lsp.facts.source import Record
from port_lsp.parity.samples import UnsaidError, value_of
from port_lsp.testing.world import Schema, Seed
from port_lsp.types.schema import FieldSchema, ModelSchema

Json = Any
Stored = Callable[[FieldSchema, ModelSchema, str], str]
"""What the crate stores for a value of an enum: its value, or its member's name."""

_DEEP = 5  # rows that rows point at


class Row(Record, frozen=True):
    """A row as an INSERT has it: the table with its columns, and what stands behind VALUES."""

    into: str
    values: str


class CannotSeedError(Exception):
    """A row that can't be made: the reason."""


class Rows:
    """Makes rows. `tables` are the backend's models that are tables."""

    def __init__(self, tables: Iterable[ModelSchema], schema: Schema, stored: Stored) -> None:
        """Of a backend that was read."""
        self._tables = {one.key: one for one in tables}
        self._by_name = {one.table: one for one in self._tables.values() if one.table}
        self._schema, self._stored = schema, stored

    def inserts(self, seeds: Sequence[Seed]) -> list[Row]:
        """The rows of which these are a part, those first at which others point. Raises
        CannotSeedError."""
        made: list[tuple[ModelSchema, dict[str, Json]]] = []
        for seed in seeds:
            given = {name: json.loads(value) for name, value in seed.values}
            self._row(self._table(seed.model), given, made, 0)
        return [self._insert(table, values) for table, values in made]

    def _table(self, key: str) -> ModelSchema:
        found = self._tables.get(key)
        if found is None or not found.table:
            raise CannotSeedError(f"the table of {key.rpartition('::')[2]} isn't known")
        return found

    def _row(
        self,
        table: ModelSchema,
        given: dict[str, Json],
        made: list[tuple[ModelSchema, dict[str, Json]]],
        deep: int,
    ) -> dict[str, Json]:
        """Puts a row behind those that it points at."""
        if deep > _DEEP:
            raise CannotSeedError(f"rows of {table.name} point at ever more rows")
        for other, values in made:
            if other is table and given.items() <= values.items():
                return values
        number = sum(other is table for other, _ in made) + 1
        values = dict(given)
        for field in table.fields:
            if field.column is None:
                continue
            keys = dict(field.keys)
            if (target := self._target(keys.get("foreign_key", ""))) is not None:
                self._point(field, target, values, made, deep)
            elif field.name not in values and not self._is_left(field, keys):
                values[field.name] = self._value(table, field, number)
        made.append((table, values))
        return values

    def _point(
        self,
        field: FieldSchema,
        target: tuple[ModelSchema, str],
        values: dict[str, Json],
        made: list[tuple[ModelSchema, dict[str, Json]]],
        deep: int,
    ) -> None:
        parent, name = target
        if field.name in values:
            if values[field.name] is not None:
                self._row(parent, {name: values[field.name]}, made, deep + 1)
            return
        if field.nullable:
            return
        known = next((row for table, row in made if table is parent), None)
        row = known or self._row(parent, {}, made, deep + 1)
        if name not in row:
            raise CannotSeedError(f"what {field.name} points at is numbered by the database")
        values[field.name] = row[name]

    def _target(self, written: str) -> tuple[ModelSchema, str] | None:
        """The table and the field that a foreign key names as `users.id`."""
        name, _, column = written.strip("\"'").rpartition(".")
        table = self._by_name.get(name)
        fields = table.fields if table is not None else ()
        field = next((one.name for one in fields if one.column == column), None)
        return (table, field) if table is not None and field is not None else None

    def _is_left(self, field: FieldSchema, keys: dict[str, str]) -> bool:
        """Whether a column needs no value."""
        numbered = "primary_key" in keys and field.wire.kind == "int"
        return numbered or field.nullable or "server_default" in keys

    def _value(self, table: ModelSchema, field: FieldSchema, number: int) -> Json:
        if field.wire.kind == "str" and not field.wire.name:
            words = "-".join(["some", table.name.lower(), *field.name.lower().split("_")])
            return words if number == 1 else f"{words}-{number}"
        if field.wire.kind == "str" and field.wire.name == "email":
            return f"{table.name.lower()}{number}@example.com"
        if field.wire.kind == "int":
            return number
        if field.wire.kind == "uuid":
            return f"123e4567-e89b-42d3-a456-4266141740{number:02}"
        try:
            return value_of(field.wire, self._schema)
        except UnsaidError as error:
            raise CannotSeedError(
                f"no value is known for {table.name}.{field.name}: {error}"
            ) from None

    def _insert(self, table: ModelSchema, values: dict[str, Json]) -> Row:
        pairs = list(self._pairs(table, values))
        columns = ", ".join(f'"{name}"' for name, _ in pairs)
        return Row(f'"{table.table}" ({columns})', ", ".join(value for _, value in pairs))

    def _pairs(self, table: ModelSchema, values: dict[str, Json]) -> Iterator[tuple[str, str]]:
        for field in table.fields:
            if field.column is None or field.name not in values:
                continue
            value = values[field.name]
            enum = self._schema(field.wire.name) if field.wire.kind == "ref" else None
            if enum is not None and enum.members and isinstance(value, str):
                value = self._stored(field, enum, value)
            yield field.column, _sql(value, field)


def _sql(value: Json, field: FieldSchema) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (dict, list)):
        value = json.dumps(value)
    elif isinstance(value, (int, float)) or (
        field.wire.kind in ("int", "float", "decimal") and str(value).replace(".", "", 1).isdigit()
    ):
        return str(value)
    elif field.wire.kind == "datetime":
        value = str(value).replace("T", " ").removesuffix("Z")
    return "'" + str(value).replace("'", "''") + "'"
