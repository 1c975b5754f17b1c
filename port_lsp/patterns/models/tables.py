"""ORM tables as structs that sqlx makes of rows (sqlx's docs, `FromRow`, and `sqlx::types` with
its tables of what each database's types are decoded as)."""

from __future__ import annotations

from port_lsp.patterns.models.context import Context
from port_lsp.patterns.models.literals import SERDE
from port_lsp.patterns.models.storing import ENUMS
from port_lsp.patterns.models.structs import derived
from port_lsp.patterns.models.types import VALUE, rust_type
from port_lsp.patterns.names import camel, distinct, snake, type_name
from port_lsp.types.schema import FieldSchema
from port_lsp.types.wire import Wire
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import AnyType, Type, named, symbol
from port_lsp.writing.printer.literals import string

_FROM_ROW = symbol("sqlx::FromRow")
_BINARY = frozenset(("LargeBinary", "BLOB", "BYTEA", "BINARY", "VARBINARY"))
# PostgreSQL's INT4 and INT2 are decoded as nothing else; SQLite has one integer.
_INTEGERS = {"Integer": "i32", "INTEGER": "i32", "INT": "i32"} | dict.fromkeys(
    ("SmallInteger", "SMALLINT"), "i16"
)
_WHOLE = frozenset((*_INTEGERS, "BigInteger", "BIGINT"))


def table_of(context: Context) -> list[i.Item]:
    """The items of a table: a field per column."""
    schema = context.schema
    names: set[str] = set()
    fields = tuple(row_field(context, column, distinct(snake(column.name), names))
                   for column in schema.fields)  # fmt: skip
    context.need("sqlx", "0.8", "derive")
    if schema.table is None:
        context.note("the name of its table can't be read, so that no migration makes it")
    struct = i.Struct(
        type_name(schema.name),
        fields,
        derives=(*derived(context), *SERDE, _FROM_ROW),
        docs=schema.docs,
    )
    return [*context.before, struct, *context.behind]


def row_field(context: Context, column: FieldSchema, name: str) -> i.Field:
    """A column's field."""
    kind = _type(context, column, name)
    words: list[i.Meta] = []
    if column.column is not None and column.column != name:
        words.append(i.Meta("rename", string(column.column)))
    if _is_typed_json(column) and kind not in (VALUE, named("String")):
        context.need("sqlx", "0.8", "json")
        if column.nullable:
            kind = named("sqlx::types::Json", kind)
        else:
            words.append(i.Meta("json"))
    attributes = (i.Attribute("sqlx", tuple(words)),) if words else ()
    if column.excluded:
        attributes = (*attributes, i.Attribute("serde", (i.Meta("skip_serializing"),)))
    docs: tuple[str, ...] = ()
    if column.column_type in ENUMS and column.wire.kind == "ref" and kind == named("String"):
        what = {"names": "The name", "values": "The value"}.get(column.stored, "What is stored")
        docs = (f"{what} of a member of {column.wire.name.rpartition('::')[2]}.",)
    return i.Field(name, named("Option", kind) if column.nullable else kind, attributes, docs=docs)


def _is_typed_json(column: FieldSchema) -> bool:
    """Whether JSON of a known form is in a column."""
    return column.wire.kind in ("map", "list", "set", "union", "tuple") or (
        column.wire.kind == "ref" and column.column_type not in ENUMS
    )


def _type(context: Context, column: FieldSchema, name: str) -> AnyType:
    """The type that sqlx decodes a column of this kind as."""
    wire, kind = column.wire, column.column_type
    is_postgres = context.conventions.database == "postgres"
    if kind in _BINARY:
        return named("Vec", named("u8"))
    if kind in ENUMS and wire.kind == "ref" and context.world.stored(wire.name) is not None:
        return rust_type(context, wire, f"{context.schema.name}{camel(name)}", column)
    if _is_enum(context, wire) and kind in _WHOLE:
        return named(_INTEGERS.get(kind, "i64") if is_postgres else "i64")
    if kind in ENUMS or wire.kind == "literal" or _is_enum(context, wire):
        return named("String")
    if kind in ("Uuid", "UUID"):
        context.need("sqlx", "0.8", "uuid")
        context.need("uuid", "1", "serde")
        # SQLAlchemy keeps it in SQLite as 32 digits without hyphens.
        return named("uuid::Uuid") if is_postgres else named("uuid::fmt::Simple")
    if wire.kind == "any" or (wire.kind == "map" and wire.args[1].kind == "any"):
        context.need("serde_json", "1")
        context.need("sqlx", "0.8", "json")
        return VALUE
    if wire.kind in ("datetime", "date", "time"):
        return _time(context, column, is_postgres=is_postgres)
    if wire.kind == "decimal":
        if is_postgres:
            context.need("sqlx", "0.8", "rust_decimal")
            context.need("rust_decimal", "1")
            return named("rust_decimal::Decimal")
        return named("f64")  # SQLite has no other; sqlx decodes no decimals from it
    if wire.kind == "timedelta":
        context.note(f"{name}: an interval is read as a text")
        return named("String")
    if wire.kind == "int" and is_postgres and kind in _INTEGERS:
        return named(_INTEGERS[kind])
    if wire.kind == "str":
        return named("String")
    return rust_type(context, wire, f"{context.schema.name}{camel(name)}", column)


def _is_enum(context: Context, wire: Wire) -> bool:
    """Whether it is an Enum of the backend, which a column of another type holds in its own way."""
    schema = context.world.schema_of(wire.name) if wire.kind == "ref" else None
    return schema is not None and schema.kind == "enum"


def _time(context: Context, column: FieldSchema, *, is_postgres: bool) -> AnyType:
    context.need("sqlx", "0.8", "chrono")
    context.need("chrono", "0.4", "serde")
    if column.wire.kind != "datetime":
        return named(f"chrono::Naive{column.wire.kind.capitalize()}")
    if "timezone" in column.column_words and is_postgres:
        return Type(symbol("chrono::DateTime"), (named("chrono::Utc"),))
    return named("chrono::NaiveDateTime")
