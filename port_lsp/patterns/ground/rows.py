"""The rows that gates look up, as the structs that the models' pattern writes for their tables: so
that what a gate hands on is what every other query gives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from port_lsp.index.index import Index
from port_lsp.patterns.desk import Desk, Desks
from port_lsp.patterns.ground.facts import GroundFacts, RowField, RowStruct
from port_lsp.patterns.models import places_at
from port_lsp.patterns.names import distinct, snake
from port_lsp.patterns.port import Target
from port_lsp.patterns.registry import porter
from port_lsp.patterns.translate.shapes import Shape, shapes_of
from port_lsp.patterns.translate.values import option_of
from port_lsp.types.schema import ModelSchema
from port_lsp.writing.ir.types import AnyType, Type

_KINDS = {"String": "String", "i64": "i64", "i32": "i64", "i16": "i64", "f64": "f64",
          "bool": "bool"}  # fmt: skip


def rows_onto(index: Index, facts: GroundFacts) -> tuple[tuple[RowStruct, ...], dict[str, str]]:
    """The structs of the tables that gates look up, and the files (relative paths, texts) that
    have them on the ground that is laid in an index. Nothing where one of them can't be written."""
    keys = [one.key for one in facts.auth_models if one.is_row]
    if not keys or facts.database is None:
        return (), {}
    desk = Desks().at(index)
    rows = [_row(desk, key) for key in keys]
    known = tuple(one for one in rows if one is not None)
    if len(known) < len(keys):
        return (), {}
    done = porter(desk).port([Target("model", key) for key in _with_others(desk, keys)])
    if done.left:
        return (), {}
    return known, {one.path: one.after for one in done.changes}


def _with_others(desk: Desk, keys: Iterable[str]) -> list[str]:
    """Tables with those that their foreign keys refer to, which PostgreSQL wants to be there."""
    backend = desk.snapshot.backend
    models = backend.models if backend is not None else ()
    by_table = {one.table: one for one in reversed(models) if one.table}
    by_key = {one.key: one for one in models}
    found: dict[str, None] = {}
    waiting = list(keys)
    while waiting:
        key = waiting.pop(0)
        if key in found:
            continue
        found[key] = None
        for column in desk.backend.schema(by_key[key]).fields:
            table = dict(column.keys).get("foreign_key", "").rpartition(".")[0]
            if table in by_table:
                waiting.append(by_table[table].key)
    return list(found)


def _row(desk: Desk, key: str) -> RowStruct | None:
    """The struct of a table; None where sqlx makes none of rows."""
    symbol = places_at(desk).written(key)[1]
    shape = shapes_of(desk).of(Type(symbol))
    backend = desk.snapshot.backend
    model = next((one for one in backend.models if one.key == key), None) if backend else None
    if shape is None or model is None or "FromRow" not in shape.traits:
        return None
    if not {"Clone", "Debug"} <= shape.traits:
        return None
    return RowStruct(key, symbol.path, tuple(_fields(desk, desk.backend.schema(model), shape)))


def _fields(desk: Desk, schema: ModelSchema, shape: Shape) -> list[RowField]:
    types: Mapping[str, AnyType] = {own: kind for _, own, kind in shape.fields}
    taken: set[str] = set()
    found: list[RowField] = []
    for column in schema.fields:
        name = distinct(snake(column.name), taken)
        kind = types.get(name)
        if kind is None:
            continue
        inner = option_of(kind) or kind
        enum = shapes_of(desk).of(inner)
        if enum is not None and enum.is_enum and enum.variants:
            path = enum.symbol.path
            found.append(RowField(column.name, name, "enum", kind != inner, path, enum.variants))
        elif isinstance(inner, Type) and "::".join(inner.head.path) in _KINDS and not inner.args:
            found.append(RowField(column.name, name, _KINDS[inner.head.name], kind != inner))
        else:
            found.append(RowField(column.name, name, "", kind != inner))
    return found
