"""Types for what a handler's parameters are read into: a query, a form, several body values.

A struct of parameters is written as the models' pattern writes a model, but that it is only read.
Values of a query, a form, a header or a path stand as text: what isn't said to be of a certain
type is one, as it is to FastAPI.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from port_lsp.facts.items import Parameter
from port_lsp.facts.source import Record
from port_lsp.patterns.endpoints.needs import UPLOADS, Needs
from port_lsp.patterns.models.context import Context
from port_lsp.patterns.models.defaults import default_value
from port_lsp.patterns.models.limits import has_limits
from port_lsp.patterns.models.structs import field_of
from port_lsp.patterns.models.types import rust_type
from port_lsp.patterns.models.unions import wire_validates
from port_lsp.patterns.names import camel, distinct, snake
from port_lsp.types.schema import NO_DEFAULT, Default, FieldSchema
from port_lsp.types.wire import STR, Wire, ref
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import AnyType, Symbol, Type, symbol

_DESERIALIZE = symbol("serde::Deserialize")
_VALIDATE = symbol("validator::Validate")
_NO_TEXT = frozenset(("any", "unknown", "map", "union", "bytes", "null"))
UNCHECKED = "for nothing of the crate validates it"


class Made(Record, frozen=True):
    """A type that is read; `fields` are those of a struct that was written for it, `checked` says
    that it has validators. `around` is the only field of one that has been made for their sake."""

    type: AnyType
    fields: tuple[str, ...] = ()
    checked: bool = False
    around: str = ""


class Values:
    """Makes the types of one handler; `items` are they and what they need."""

    def __init__(self, needs: Needs, handler: str) -> None:
        """`handler` is the name of the Rust function, by which types are named."""
        self._needs, self._handler = needs, handler
        self.items: list[i.Item] = []

    def struct(
        self, kind: str, parameters: Iterable[Parameter], *, text: bool, validates: bool
    ) -> Made:
        """A struct of parameters, named after what it is (`kind`: Query, Form…). `text` says that
        values are text, `validates` that something runs its validators."""
        schemas = [self._schema(one, text=text) for one in parameters]
        name = self._needs.claim(f"{camel(self._handler)}{kind}")
        context = self._needs.context(name, schemas, "" if validates else UNCHECKED)
        names: set[str] = set()
        fields = [_field(context, one, distinct(snake(one.name), names)) for one in schemas]
        checked = any(one.path == "validate" for field in fields for one in field.attributes)
        struct = i.Struct(name, tuple(fields), derives=_derives(context, schemas, checked=checked))
        self.items += [*context.before, struct, *context.behind]
        return Made(Type(Symbol((name,))), tuple(one.name for one in fields), checked)

    def value(self, parameter: Parameter, *, text: bool, validates: bool = False) -> Made:
        """The type of one parameter by itself, without null; a struct around it where it has limits
        and something runs validators."""
        schema = self._schema(parameter, text=text)
        if has_limits(schema):
            if validates:
                return self._around(parameter, schema)
            self._needs.note(f"{parameter.name}: its limits aren't checked, {UNCHECKED}")
        context = self._needs.context(f"{camel(self._handler)}{camel(parameter.name)}", [schema])
        kind = rust_type(context, schema.wire, context.schema.name, schema)
        self.items += [*context.before, *context.behind]
        return Made(kind, checked=context.checks and wire_validates(context, schema.wire))

    def _around(self, parameter: Parameter, schema: FieldSchema) -> Made:
        """`#[serde(transparent)] struct Name { #[validate(…)] value: T }`."""
        name = self._needs.claim(f"{camel(self._handler)}{camel(parameter.name)}")
        own = ("value",)
        schema = replace(
            schema, name="value", required=True, nullable=False, default=NO_DEFAULT, read_as=own
        )
        context = self._needs.context(name, [schema])
        field = field_of(context, schema, "value", (schema.read_as[0], schema.written_as))
        struct = i.Struct(
            name,
            (field,),
            derives=_derives(context, [schema], checked=True),
            attributes=(i.Attribute("serde", (i.Meta("transparent"),)),),
        )
        self.items += [*context.before, struct, *context.behind]
        return Made(Type(Symbol((name,))), checked=True, around="value")

    def default(self, parameter: Parameter, made: Made) -> b.Expr | None:
        """The value of a parameter by itself that isn't given; None for null, or where only Python
        knows it."""
        schema = self._schema(parameter, text=False)
        if schema.default.kind == "none" or schema.nullable:
            if schema.default.text not in ("", "null"):
                self._needs.note(f"{parameter.name}: its default is {schema.default.text}")
            return None
        context = self._needs.context(f"{camel(self._handler)}{camel(parameter.name)}", [schema])
        kind = rust_type(context, schema.wire, "") if made.around else made.type
        return default_value(context, schema, kind)

    def has_limits(self, parameter: Parameter) -> bool:
        """Whether a parameter's values must be checked after they were read."""
        return has_limits(self._schema(parameter, text=True))

    def _schema(self, parameter: Parameter, *, text: bool) -> FieldSchema:
        schema = self._needs.field(parameter)
        if parameter.location == "file":
            schema = replace(schema, wire=_upload(schema.wire))
        elif text:
            nullable = schema.nullable and (schema.wire.kind != "any" or not schema.required)
            schema = replace(schema, wire=_as_text(schema.wire), nullable=nullable)
        return schema


def _derives(
    context: Context, schemas: Iterable[FieldSchema], *, checked: bool
) -> tuple[Symbol, ...]:
    """What a struct that is only read derives: Debug, where all its fields have it."""
    debug = all(context.world.derives(one.wire, "Debug") for one in schemas)
    derives = [symbol("Debug")] if debug else []
    return (*derives, _DESERIALIZE, *([_VALIDATE] if checked else []))


def _field(context: Context, schema: FieldSchema, name: str) -> i.Field:
    """A parameter's field. A default that only Python knows is said in a comment: the handler
    gives it."""
    comments: tuple[str, ...] = ()
    if schema.default.kind == "expression":
        comments = (f"Python's default: {' '.join(schema.default.text.split())}",)
        schema = replace(schema, nullable=True, default=Default("value", "null"))
    return replace(field_of(context, schema, name, (name, name)), comments=comments)


def _as_text(wire: Wire) -> Wire:
    """A type of values that stand as text."""
    if wire.kind in _NO_TEXT or (wire.kind == "ref" and "::" not in wire.name):
        return STR
    return replace(wire, args=tuple(_as_text(one) for one in wire.args))


def _upload(wire: Wire) -> Wire:
    """A type of files, by the keys of the crate's own ones: FastAPI's UploadFile, and `bytes`."""
    if wire.kind in ("list", "set", "tuple", "optional"):
        args = tuple(_upload(one) for one in wire.args if one.kind != "any")
        return Wire("list", args[:1]) if wire.kind in ("set", "tuple") else replace(wire, args=args)
    return ref(f"{UPLOADS}{'FileContents' if wire.kind == 'bytes' else 'UploadFile'}")
