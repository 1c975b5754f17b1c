"""Wire types as Rust types, as serde reads and writes them."""

from __future__ import annotations

from port_lsp.patterns.models.context import Context, discriminator_of
from port_lsp.patterns.models.generics import of_parameters
from port_lsp.patterns.models.literals import literal_enum
from port_lsp.patterns.models.unions import Part, union_enum
from port_lsp.patterns.names import camel, distinct
from port_lsp.types.schema import FieldSchema
from port_lsp.types.wire import Wire
from port_lsp.writing.ir.types import UNIT, AnyType, Tuple, Type, named

VALUE = named("serde_json::Value")
_PLAIN = {"str": "String", "int": "i64", "float": "f64", "bool": "bool", "bytes": "String"}
_ADDRESSES = {"ip-address": "IpAddr", "ipv4-address": "Ipv4Addr", "ipv6-address": "Ipv6Addr"}
_KEYS = frozenset(("str", "int", "literal", "uuid", "date", "ref"))


def rust_type(
    context: Context,
    wire: Wire,
    hint: str,
    field: FieldSchema | None = None,
    path: tuple[str, ...] = (),
) -> AnyType:
    """The type of a value without null. `hint` names a type that must be made for it; `field` and
    the path in it say where a union's discriminator is."""

    def of(inner: Wire, *more: str) -> AnyType:
        return rust_type(context, inner, hint, field, (*path, *more))

    if wire.kind == "str" and wire.name:
        return _text(context, wire)
    if wire.kind in _PLAIN:
        return named(_PLAIN[wire.kind])
    if wire.kind == "optional":
        return named("Option", of(wire.args[0]))
    if wire.kind == "list":
        return named("Vec", of(wire.args[0], "item"))
    if wire.kind == "set":
        inner = of(wire.args[0], "item")
        if context.world.derives(wire.args[0], "Hash"):
            return named("std::collections::HashSet", inner)
        context.note(f"a set of {wire.args[0]} is a list: its items can't be hashed")
        return named("Vec", inner)
    if wire.kind == "map":
        return _map(context, wire, hint, field, path)
    if wire.kind == "tuple":
        items = [rust_type(context, arg, f"{hint}{n}") for n, arg in enumerate(wire.args, 1)]
        return Tuple(tuple(items))
    if wire.kind == "literal":
        name = distinct(camel(hint), context.taken)
        context.behind += literal_enum(name, wire.values)
        return named(name)
    if wire.kind == "union":
        return _union(context, wire, hint, discriminator_of(field, path))
    if wire.kind == "ref":
        return _ref(context, wire, hint, in_list=bool(path))
    return _scalar(context, wire)


def _text(context: Context, wire: Wire) -> AnyType:
    """A text of a certain form."""
    if wire.name in _ADDRESSES:
        return named(f"std::net::{_ADDRESSES[wire.name]}")
    if wire.name in ("url", "http-url"):
        context.need("url", "2", "serde")
        return named("url::Url")
    if wire.name == "secret":
        return context.wire("secret", "Secret")
    return named("String")


def _map(
    context: Context, wire: Wire, hint: str, field: FieldSchema | None, path: tuple[str, ...]
) -> AnyType:
    key, value = wire.args
    if key.kind in ("str", "any") and value.kind == "any":
        context.need("serde_json", "1")
        return named("serde_json::Map", named("String"), VALUE)
    keys: AnyType = named("String")
    is_form = key.kind == "str" and bool(key.name)
    if key.kind in _KEYS and not is_form and context.world.derives(key, "Hash"):
        keys = rust_type(context, key, f"{hint}Key")
    inner = rust_type(context, value, hint, field, (*path, "value"))
    return named("std::collections::HashMap", keys, inner)


def _union(context: Context, wire: Wire, hint: str, tag: str | None) -> AnyType:
    name = distinct(camel(hint), context.taken)
    parts = [
        Part(part_name(one), one, rust_type(context, one, f"{hint}{part_name(one)}"))
        for one in wire.args
    ]
    context.behind += union_enum(context, name, parts, tag)
    return of_parameters(name, context.speaking(*(one.type for one in parts)))


def part_name(wire: Wire) -> str:
    """What a variant for a type is called."""
    if wire.kind == "ref":
        return camel(wire.name.rpartition("::")[2].rpartition(".")[2])
    if wire.kind in ("list", "set"):
        return f"{part_name(wire.args[0])}List"
    names = {"str": "Text", "map": "Object", "any": "Other", "literal": "Word", "bool": "Flag"}
    return names.get(wire.kind, camel(wire.kind))


def _ref(context: Context, wire: Wire, hint: str, *, in_list: bool) -> AnyType:
    if "::" not in wire.name:
        if wire.name in context.parameters:
            return named(context.parameters[wire.name])
        context.note(f"{wire.name} isn't of the backend; its values are kept as JSON")
        context.need("serde_json", "1")
        return VALUE
    try:
        symbol = context.world.symbol_of(wire.name)
    except KeyError:  # a class that is no model
        context.note(f"{wire.name} is no model; its values are kept as JSON")
        context.need("serde_json", "1")
        return VALUE
    args = tuple(
        rust_type(context, arg, f"{hint}{number}")
        for number, arg in enumerate(context.world.arguments(wire), 1)
    )
    kind = Type(symbol, args)
    return named("Box", kind) if wire.name in context.boxed and not in_list else kind


def _scalar(context: Context, wire: Wire) -> AnyType:
    """The types of well-known packages; JSON for what isn't known."""
    if wire.kind in ("datetime", "date", "time", "timedelta"):
        return _time(context, wire)
    if wire.kind == "uuid":
        context.need("uuid", "1", "serde")
        return named("uuid::Uuid")
    if wire.kind == "decimal":
        context.need("rust_decimal", "1")
        return context.wire("decimal", "Number")
    if wire.kind == "null":
        return UNIT
    context.need("serde_json", "1")
    if wire.kind == "unknown":
        context.note(f"`{wire.name}` can't be told; its values are kept as JSON")
    return VALUE


def _time(context: Context, wire: Wire) -> AnyType:
    """chrono's types have one form each; Pydantic's read and write what came: with an offset or
    without, and a time has one, too."""
    context.need("chrono", "0.4", "serde")
    if wire.kind == "date":
        return named("chrono::NaiveDate")
    if wire.kind == "timedelta":
        return context.wire("times", "Span")
    if context.conventions.times == "chrono":
        if wire.kind == "datetime":
            return named("chrono::DateTime", named("chrono::Utc"))
        return named("chrono::NaiveTime")
    if wire.kind == "time":
        return context.wire("times", "Clock")
    return context.wire("times", {"aware": "Aware", "naive": "Naive"}.get(wire.name, "Moment"))
