"""Defaults as Rust expressions (Pydantic's "Fields", "Default values")."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TypeGuard

from port_lsp.patterns.models.context import Context
from port_lsp.patterns.models.enums import members_of
from port_lsp.patterns.models.factories import made_value
from port_lsp.patterns.models.literals import variant_of
from port_lsp.patterns.models.types import VALUE
from port_lsp.patterns.names import camel
from port_lsp.types.schema import FieldSchema
from port_lsp.types.wire import Wire
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import AnyType, Symbol, Type, named, symbol
from port_lsp.writing.printer.literals import floating, string

# Any other type of texts checks them, or hides them.
_TEXTS = (named("String"), named("&str"))
_ZERO: dict[str, object] = {"str": "", "int": 0, "float": 0.0, "bool": False}


def is_rusts_own(field: FieldSchema) -> bool:
    """Whether a default is what `Default::default()` gives for the field's type."""
    default = field.default
    if field.nullable and field.wire.kind != "any":
        return default.kind == "value" and json.loads(default.text) is None
    kind = field.wire.kind
    if default.kind in ("empty-list", "empty-set"):
        return kind in ("list", "set")
    if default.kind == "empty-map":
        return kind == "map"
    if default.kind != "value":
        return False
    value = json.loads(default.text)
    if kind == "any":
        return value is None
    return kind in _ZERO and type(value) in (type(_ZERO[kind]), int) and value == _ZERO[kind]


def default_value(context: Context, field: FieldSchema, kind: AnyType) -> b.Expr | None:
    """The value of a field's default; None where only Python knows it. `kind` is the field's type
    without the Option that a nullable one is in."""
    default = field.default
    if default.kind == "none":
        return None
    if default.kind in ("empty-list", "empty-set", "empty-map"):
        value: object = {} if default.kind == "empty-map" else []
    elif default.kind == "value":
        value = json.loads(default.text)
    else:
        return _made(context, field, kind)
    if value is None and field.nullable:
        return b.Path(symbol("None"))
    found = _of(context, field.wire, kind, value)
    if field.nullable and kind != VALUE:
        return b.Call(b.Path(symbol("Some")), (found,))
    return found


def _made(context: Context, field: FieldSchema, kind: AnyType) -> b.Expr | None:
    """What a well-known function gives."""
    value = made_value(field.default, field.wire, kind)
    if value is None:
        return None
    if field.default.made.startswith("uuid."):
        context.need("uuid", "1", "v4")
    else:
        context.need("chrono", "0.4")
    return b.Call(b.Path(symbol("Some")), (value,)) if field.nullable else value


def _of(context: Context, wire: Wire, kind: AnyType, value: object) -> b.Expr:
    """A JSON value as an expression of a type."""
    if wire.kind == "optional":
        if value is None:
            return b.Path(symbol("None"))
        inner = kind.args[0] if isinstance(kind, Type) else kind
        return b.Call(b.Path(symbol("Some")), (_of(context, wire.args[0], inner, value),))
    if wire.kind in ("str", "bytes") and isinstance(value, str) and kind in _TEXTS:
        return _text(value)
    if wire.kind == "bool" and isinstance(value, bool):
        return b.Lit(str(value).lower())
    if wire.kind == "int" and isinstance(value, int):
        return b.Lit(str(value))
    if wire.kind == "float" and isinstance(value, (int, float)):
        return b.Lit(floating(float(value)))
    if value == [] and wire.kind in ("list", "set"):
        head = kind.head if isinstance(kind, Type) else symbol("Vec")
        return b.Call(b.Path(head, ("new",)))
    if wire.kind in ("list", "set") and _is_list(value) and wire.args[0].kind in _ZERO:
        return _list(context, wire, kind, value)
    if wire.kind == "map" and value == {}:
        head = kind.head if isinstance(kind, Type) else symbol("std::collections::HashMap")
        return b.Call(b.Path(head, ("new",)))
    if wire.kind == "literal" and isinstance(kind, Type):
        members = [(camel(str(json.loads(one))), one) for one in wire.values]
        variant = variant_of(members, json.dumps(value))
        if variant is not None:
            return b.Path(kind.head, (variant,))
    if wire.kind == "ref" and isinstance(kind, Type):
        schema = context.world.schema_of(wire.name)
        variant = variant_of(members_of(schema), json.dumps(value)) if schema is not None else None
        if variant is not None:
            return b.Path(kind.head, (variant,))
    return _parsed(context, value)


def _text(value: str) -> b.Expr:
    if not value:
        return b.Call(b.Path(symbol("String"), ("new",)))
    return b.Method(b.Lit(string(value)), "to_string")


def _list(context: Context, wire: Wire, kind: AnyType, value: Sequence[object]) -> b.Expr:
    item = kind.args[0] if isinstance(kind, Type) and kind.args else kind
    items = tuple(_of(context, wire.args[0], item, one) for one in value)
    if wire.kind == "set":
        return b.Call(b.Path(symbol("std::collections::HashSet"), ("from",)), (b.ArrayOf(items),))
    return b.Macro(Symbol(("vec",)), items, "[]")


def _is_list(value: object) -> TypeGuard[list[object]]:
    return isinstance(value, list)


def _parsed(context: Context, value: object) -> b.Expr:
    """A value that is written as JSON: models, lists of models, free objects."""
    context.need("serde_json", "1")
    text = json.dumps(value, ensure_ascii=False)
    call = b.Call(b.Path(symbol("serde_json::from_str")), (b.Lit(string(text)),))
    return b.Method(call, "expect", (b.Lit(string("the default is valid")),))
