"""One new field for a struct, as the models' pattern would write it there."""

from __future__ import annotations

from typing import TypeAlias

from msgspec.structs import replace

from port_lsp.facts.source import Record
from port_lsp.patterns.fields.derives import is_option
from port_lsp.patterns.fields.ways import for_naming, for_traits
from port_lsp.patterns.models.context import Context
from port_lsp.patterns.models.defaults import default_value
from port_lsp.patterns.models.structs import field_of
from port_lsp.patterns.models.tables import row_field
from port_lsp.patterns.models.types import VALUE
from port_lsp.rust.fieldnames import Naming
from port_lsp.types.schema import FieldSchema
from port_lsp.writing.ir.body import Expr, Path
from port_lsp.writing.ir.items import Attribute, Field, Visibility
from port_lsp.writing.ir.types import AnyType, Type, named, symbol

# What sqlx decodes without being told how (its docs, `sqlx::types`).
_DECODED = (named("String"), named("i64"), named("f64"), named("bool"), VALUE)


Row: TypeAlias = tuple[Context, FieldSchema]
"""A column of a table that a struct is linked with, too, and what that is written with."""


class UndraftableError(ValueError):
    """A field can't be written into its struct; the message says why."""


class Struct(Record, frozen=True):
    """What a field goes into: how it names its fields, whether it is read from rows, how its
    fields are seen, and whether the crate can have `Deserialize` by its name in its file."""

    naming: Naming
    rows: bool
    visibility: Visibility
    has_trait: bool


class Drafted(Record, frozen=True):
    """A field, and the value that it has where the backend gives none; None where it must."""

    field: Field
    value: Expr | None


def draft_field(
    context: Context,
    schema: FieldSchema,
    name: str,
    struct: Struct,
    row: Row | None,
) -> Drafted:
    """The field of a model, by its name in Rust. Raises UndraftableError."""
    told_apart = bool(context.schema.unset)
    asked = for_naming(schema, struct.naming, told_apart=told_apart)
    field = field_of(context, asked, name, struct.naming.own(name))
    value = _value(context, schema, field)
    attributes = tuple(for_traits(field.attributes, struct.naming))
    field = replace(field, attributes=tuple(_resolved(one, struct) for one in attributes))
    if struct.rows:
        field = _of_row(field, row, name)
        if not is_option(field) and value == Path(symbol("None")):
            value = None
    return Drafted(replace(field, visibility=struct.visibility), value)


def draft_column(context: Context, column: FieldSchema, name: str, struct: Struct) -> Drafted:
    """The field of a table's column, by its name in Rust."""
    field = row_field(context, column, name)
    if not struct.rows:
        field = replace(field, attributes=())
    none = Path(symbol("None")) if is_option(field) else None
    return Drafted(replace(field, visibility=struct.visibility), none)


def _value(context: Context, schema: FieldSchema, field: Field) -> Expr | None:
    kind = field.type
    if schema.absent or bool(context.schema.unset) or schema.default.kind == "none":
        return Path(symbol("None")) if is_option(field) else None
    is_inner = schema.nullable and is_option(field)
    bare: AnyType = kind.args[0] if is_inner and isinstance(kind, Type) else kind
    return default_value(context, schema, bare)


def _resolved(attribute: Attribute, struct: Struct) -> Attribute:
    """`Option::deserialize` is found only where its trait is in scope."""
    if struct.has_trait or attribute.args is None:
        return attribute
    words = tuple(
        replace(one, value='"serde::Deserialize::deserialize"')
        if one.value == '"Option::deserialize"'
        else one
        for one in attribute.args
    )
    return replace(attribute, args=words)


def _of_row(field: Field, row: Row | None, name: str) -> Field:
    """A field that is read from rows besides: what the column holds decides its type."""
    if row is None:
        kind = field.type
        inner = kind.args[0] if is_option(field) and isinstance(kind, Type) else kind
        if inner not in _DECODED:
            raise UndraftableError(
                "how it stands in the rows that the struct is read from isn't known"
            )
        return field
    made = row_field(row[0], row[1], name)
    own = field.attributes
    if made.type != field.type:  # what reads and writes the one doesn't fit the other
        own = tuple(
            replace(one, args=words)
            for one in own
            if one.path == "serde"
            and (words := tuple(w for w in one.args or () if w.name in ("rename", "alias")))
        )
    return replace(field, type=made.type, attributes=(*own, *made.attributes))
