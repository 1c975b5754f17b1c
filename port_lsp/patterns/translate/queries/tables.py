"""The tables that queries speak of: SQL's names of their columns, the structs of their rows."""

from __future__ import annotations

import ast
import re

from port_lsp.facts.source import Record
from port_lsp.patterns.models import places_at
from port_lsp.patterns.names import snake
from port_lsp.patterns.translate.enums import is_stored
from port_lsp.patterns.translate.queries.ownrows import read_by, reads
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.schemas import schema_at
from port_lsp.patterns.translate.shapes import Shape
from port_lsp.patterns.translate.values import (
    BOOL,
    F64,
    I64,
    STRING,
    UUID,
    VALUE,
    UntranslatedError,
    option_of,
    without_reference,
)
from port_lsp.types import meanings as m
from port_lsp.types.schema import FieldSchema, ModelSchema
from port_lsp.types.wire import ref
from port_lsp.writing.ir.types import AnyType, Type, named

_KINDS: dict[str, AnyType] = {"str": STRING, "int": I64, "float": F64, "bool": BOOL}
_OTHERS = frozenset(("Enum", "ENUM", "Uuid", "UUID", "LargeBinary", "BLOB", "BYTEA", "PickleType"))


_JSON = frozenset(("JSON", "JSONB"))
_UUIDS = frozenset(("Uuid", "UUID"))


# Words that are no names by themselves (PostgreSQL's docs, "SQL Key Words"; SQLite's, "SQLite
# Keywords").
_WORDS = """
    abort action add after all alter always analyse analyze and any array as asc asymmetric attach
    authorization autoincrement before begin between binary both by cascade case cast check collate
    collation column commit concurrently conflict constraint create cross current current_catalog
    current_date current_role current_schema current_time current_timestamp current_user database
    default deferrable deferred delete desc detach distinct do drop each else end escape except
    exclude exclusive exists explain fail false fetch filter first following for foreign freeze from
    full generated glob grant group groups having if ignore ilike immediate in index indexed
    initially inner insert instead intersect into is isnull join key last lateral leading left like
    limit localtime localtimestamp match materialized natural no not nothing notnull null nulls of
    offset on only or order others outer over overlaps partition placing plan pragma preceding
    primary query raise range recursive references regexp reindex release rename replace restrict
    returning right rollback row rows savepoint select session_user set similar some symmetric table
    tablesample temp temporary then ties to trailing transaction trigger true unbounded union unique
    update user using vacuum values variadic verbose view virtual when where window with without
"""
_RESERVED = frozenset(_WORDS.split())


_PLAIN: tuple[AnyType, ...] = (STRING, I64, F64, BOOL, VALUE, UUID)
BOUND: frozenset[AnyType] = frozenset((*_PLAIN, *(named("Option", one) for one in _PLAIN)))
"""The types of fields that sqlx binds as they are."""


class Column(Record, frozen=True):
    """A column, or what is computed in its place: as SQL names it, the type that its values are
    bound as (None for what isn't bound), whether it may be null, whether it is the primary key,
    whether no two rows have the same, whether it holds JSON, how a row calls it, SQLAlchemy's name
    of its SQL type."""

    sql: str
    type: AnyType | None
    nullable: bool
    is_key: bool
    is_unique: bool = False
    is_json: bool = False
    label: str = ""
    kind: str = ""


class Table(Record, frozen=True):
    """A table by the item key of its class: as SQL names it, its columns by Python's names."""

    key: str
    sql: str
    columns: tuple[tuple[str, Column], ...]
    schema: ModelSchema

    def column(self, name: str) -> Column:
        """A column by Python's name. Raises UntranslatedError."""
        found = next((column for each, column in self.columns if each == name), None)
        if found is None:
            raise UntranslatedError("a column that isn't known")
        return found


def table_of(scene: Scene, node: ast.expr, env: Env) -> Table | None:
    """The table that a name of the backend stands for; None for anything else."""
    meaning = scene.meaning(node, env)
    return table_named(scene, meaning.key) if isinstance(meaning, m.Kind) else None


def table_named(scene: Scene, key: str) -> Table | None:
    """The table of a class (item key); None for a class without one."""
    schema = schema_at(scene.desk, key)
    if schema is None or schema.table is None:
        return None
    columns = [
        (one.name, Column(
            quoted(one.column or one.name),
            _bound(scene, key, one),
            one.nullable,
            ("primary_key", "True") in one.keys,
            ("unique", "True") in one.keys,
            one.column_type in _JSON,
            one.name,
            one.column_type,
        ))
        for one in schema.fields
    ]  # fmt: skip
    return Table(key, quoted(schema.table), tuple(columns), schema)


def _bound(scene: Scene, key: str, column: FieldSchema) -> AnyType | None:
    """The type that values of a column are bound as: an Enum's and a UUID's, as the struct of rows
    has it."""
    if column.wire.kind == "ref" and "::" in column.wire.name:
        kind = _in_rows(scene, key, column)
        return kind if kind is not None and is_stored(scene, kind) else None
    if column.wire.kind == "uuid" and column.column_type in _UUIDS:
        # SQLite has none, and SQLAlchemy writes them as texts there, as a crate may do.
        own = scene.desk.database == "postgres" and _in_rows(scene, key, column) == UUID
        return UUID if own else None
    return None if column.column_type in _OTHERS else _KINDS.get(column.wire.kind)


def _in_rows(scene: Scene, key: str, column: FieldSchema) -> AnyType | None:
    """The type of a column in the struct of rows, without Option."""
    rows = scene.shapes.of(Type(places_at(scene.desk).place(key, scene.needs.file)[1]))
    found = rows.field(column.name) or rows.field(snake(column.name)) if rows else None
    return option_of(found[1]) or found[1] if found is not None else None


def row_type(scene: Scene, table: Table) -> AnyType:
    """The struct of a table's rows. Raises UntranslatedError where sqlx makes none of rows."""
    shape = _row_shape(scene, table)
    if _read_by(scene, table, shape) is None:
        raise UntranslatedError("rows that the crate's own struct doesn't read whole")
    kind = Type(shape.symbol)
    scene.tables[kind] = table.key
    return kind


def stored_as(scene: Scene, table: Table, name: str) -> AnyType:
    """The type that a column (by Python's name) has in the struct of rows, which may not read all
    of them. Raises UntranslatedError."""
    shape = _row_shape(scene, table)
    field = shape.field(name)
    column = next((one for one in table.schema.fields if one.name == name), None)
    if field is None or column is None:
        raise UntranslatedError("a column that isn't known")
    if not reads(scene.desk, shape.symbol, column.column or column.name):
        raise UntranslatedError("a column that the crate's own struct doesn't read")
    return field[1]


def _row_shape(scene: Scene, table: Table) -> Shape:
    if scene.needs.is_second(table.key, "held"):
        raise UntranslatedError("rows that the crate has a struct of its own for")
    shape = scene.shapes.of(scene.needs.type(ref(table.key), "held"))
    if shape is None or "FromRow" not in shape.traits:
        raise UntranslatedError("a table without a struct of its rows")
    return shape


def _read_by(scene: Scene, table: Table, shape: Shape) -> tuple[tuple[str, bool], ...] | None:
    columns = {one.column or one.name: one.nullable for one in table.schema.fields}
    return read_by(scene.desk, shape.symbol, columns)


def whole_row(scene: Scene, table: Table, of: str = "") -> tuple[str, tuple[str, ...]]:
    """What is selected for the struct of a table's rows, with what stands before a column's name
    (`of`); the columns of it that are computed."""
    shape = scene.shapes.of(row_type(scene, table))
    columns = _read_by(scene, table, shape) if shape is not None else ()
    if not columns:
        return f"{of}*", ()
    names = [(quoted(name), json) for name, json in columns]
    listed = (f"COALESCE({of}{n}, 'null') AS {n}" if json else f"{of}{n}" for n, json in names)
    return ", ".join(listed), tuple(name for name, json in names if json)


def table_of_row(scene: Scene, kind: AnyType) -> Table | None:
    """The table whose row a type is, or may be; None for another type."""
    kind = without_reference(kind)
    kind = without_reference(option_of(kind) or kind)
    key = scene.tables.get(kind)
    if key is None:
        shape = scene.shapes.of(kind)
        key = shape.key if shape is not None and "FromRow" in shape.traits else ""
    return table_named(scene, key) if key else None


def has_listeners(scene: Scene, table: Table) -> bool:
    """Whether something may happen to rows of a table that nobody says where they are changed."""
    file, _, _ = table.key.partition("::")
    source = scene.desk.snapshot.backend_files.get(file)
    text = source.text.data.decode("utf-8", "replace") if source is not None else ""
    return re.search(r"\bserver_onupdate\s*=|@\w*\.?listens_for|event\.listen", text) is not None


def quoted(name: str) -> str:
    """A name as SQL writes it: in quotes where it needs them."""
    if re.fullmatch(r"[a-z_][a-z0-9_]*", name) and name not in _RESERVED:
        return name
    return '"' + name.replace('"', '""') + '"'
