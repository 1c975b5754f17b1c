"""ORM tables as structs that sqlx makes of rows (sqlx's docs, `FromRow`)."""

from __future__ import annotations

from port_lsp.patterns.models.context import Context
from port_lsp.patterns.models.literals import SERDE
from port_lsp.patterns.models.structs import derived
from port_lsp.patterns.models.types import VALUE, rust_type
from port_lsp.patterns.names import camel, distinct, snake, type_name
from port_lsp.types.schema import FieldSchema
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import AnyType, named, symbol
from port_lsp.writing.printer.literals import string

_FROM_ROW = symbol("sqlx::FromRow")
_BINARY = ("LargeBinary", "BLOB", "BYTEA", "BINARY", "VARBINARY", "BlobField")


def table_of(context: Context) -> list[i.Item]:
    """The items of a table: a field per column."""
    schema = context.schema
    names: set[str] = set()
    fields = tuple(_field(context, column, distinct(snake(column.name), names))
                   for column in schema.fields)  # fmt: skip
    context.need("sqlx", "0.8", "runtime-tokio")
    struct = i.Struct(
        type_name(schema.name), fields, derives=(*derived(context), *SERDE, _FROM_ROW), docs=schema.docs
    )
    return [*context.before, struct, *context.behind]


def _field(context: Context, column: FieldSchema, name: str) -> i.Field:
    kind = _type(context, column, name)
    words = (
        (i.Meta("rename", string(column.column)),)
        if column.column is not None and column.column != name
        else ()
    )
    attributes = (i.Attribute("sqlx", words),) if words else ()
    return i.Field(name, named("Option", kind) if column.nullable else kind, attributes)


def _type(context: Context, column: FieldSchema, name: str) -> AnyType:
    """The type that sqlx decodes a column of this kind as."""
    if column.column_type.partition("(")[0].rpartition(".")[2] in _BINARY:
        return named("Vec", named("u8"))
    wire = column.wire
    if wire.kind in ("any", "map", "list", "set", "union", "tuple"):
        context.need("serde_json", "1")
        context.need("sqlx", "0.8", "json")
        return VALUE
    if wire.kind in ("datetime", "date", "time"):
        context.need("sqlx", "0.8", "chrono")
        if wire.kind == "datetime" and "timezone=True" not in column.column_type:
            context.need("chrono", "0.4", "serde")
            return named("chrono::NaiveDateTime")
    if wire.kind == "uuid":
        context.need("sqlx", "0.8", "uuid")
    if wire.kind == "decimal":
        return named("f64")  # SQLite has no other; sqlx decodes no decimals from it
    return rust_type(context, wire, f"{context.schema.name}{camel(name)}")
