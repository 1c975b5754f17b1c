"""Wire types as Rust types, as serde reads and writes them."""

from __future__ import annotations

from port_lsp.patterns.models.context import Context
from port_lsp.patterns.models.literals import literal_enum
from port_lsp.patterns.models.unions import union_enum
from port_lsp.patterns.names import camel, distinct
from port_lsp.types.wire import Wire
from port_lsp.writing.ir.types import UNIT, AnyType, Symbol, Tuple, Type, named

VALUE = named("serde_json::Value")
_PLAIN = {"str": "String", "int": "i64", "float": "f64", "bool": "bool", "bytes": "String"}
_HASHED = frozenset(("str", "int", "bool", "uuid", "date", "datetime", "literal"))


def rust_type(context: Context, wire: Wire, hint: str) -> AnyType:
    """The type of a value without null. `hint` names a type that must be made for it."""
    if wire.kind in _PLAIN:
        return named(_PLAIN[wire.kind])
    if wire.kind == "optional":
        return named("Option", rust_type(context, wire.args[0], hint))
    if wire.kind == "list":
        return named("Vec", rust_type(context, wire.args[0], hint))
    if wire.kind == "set":
        inner = rust_type(context, wire.args[0], hint)
        hashed = wire.args[0].kind in _HASHED
        return named("std::collections::HashSet", inner) if hashed else named("Vec", inner)
    if wire.kind == "map":
        return _map(context, wire, hint)
    if wire.kind == "tuple":
        items = [rust_type(context, arg, f"{hint}{n}") for n, arg in enumerate(wire.args, 1)]
        return Tuple(tuple(items))
    if wire.kind == "literal":
        name = distinct(camel(hint), context.taken)
        context.behind += literal_enum(name, wire.values)
        return named(name)
    if wire.kind == "union":
        return _union(context, wire, hint)
    if wire.kind == "ref":
        return _ref(context, wire, hint)
    return _scalar(context, wire)


def _map(context: Context, wire: Wire, hint: str) -> AnyType:
    key, value = wire.args
    if key.kind in ("str", "any") and value.kind == "any":
        context.need("serde_json", "1")
        return named("serde_json::Map", named("String"), VALUE)
    keys = named("i64") if key.kind == "int" else named("String")
    if key.kind not in ("str", "int", "any"):
        keys = rust_type(context, key, f"{hint}Key")  # type: ignore[assignment]
    return named("std::collections::HashMap", keys, rust_type(context, value, hint))


def _union(context: Context, wire: Wire, hint: str) -> AnyType:
    name = distinct(camel(hint), context.taken)
    parts = [(part, rust_type(context, part, f"{hint}{part_name(part)}")) for part in wire.args]
    context.behind += union_enum(name, [(part_name(part), kind) for part, kind in _strict(parts)])
    return named(name)


def part_name(wire: Wire) -> str:
    """What a variant for a type is called."""
    if wire.kind == "ref":
        return camel(wire.name.rpartition("::")[2].rpartition(".")[2])
    if wire.kind in ("list", "set"):
        return f"{part_name(wire.args[0])}List"
    names = {"str": "Text", "map": "Object", "any": "Other", "literal": "Word", "bool": "Flag"}
    return names.get(wire.kind, camel(wire.kind))


_ORDER = ("literal", "bool", "int", "float", "uuid", "datetime", "date", "time", "decimal")


def _strict(parts: list[tuple[Wire, AnyType]]) -> list[tuple[Wire, AnyType]]:
    """The strictest first: an untagged enum takes the first variant that fits (serde's docs,
    "Enum representations"), Pydantic's smart mode the one that fits best."""

    def order(part: tuple[Wire, AnyType]) -> tuple[int, int]:
        kind = part[0].kind
        if kind in _ORDER:
            return (0, _ORDER.index(kind))
        return ({"str": 1, "ref": 2, "tuple": 3, "list": 3, "map": 5, "any": 6}.get(kind, 4), 0)

    return sorted(parts, key=order)


def _ref(context: Context, wire: Wire, hint: str) -> AnyType:
    if "::" not in wire.name:
        if wire.name in context.schema.parameters:
            return named(wire.name)
        context.note(f"{wire.name} isn't of the backend; its values are kept as JSON")
        context.need("serde_json", "1")
        return VALUE
    args = tuple(rust_type(context, arg, hint) for arg in wire.args)
    kind = Type(context.symbol_of(wire.name), args)
    return named("Box", kind) if wire.name in context.boxed else kind


def _scalar(context: Context, wire: Wire) -> AnyType:
    """The types of well-known packages; JSON for what isn't known."""
    if wire.kind in ("datetime", "date", "time"):
        context.need("chrono", "0.4", "serde")
        if wire.kind == "datetime":
            return named("chrono::DateTime", named("chrono::Utc"))
        return named(f"chrono::Naive{wire.kind.capitalize()}")
    if wire.kind == "uuid":
        context.need("uuid", "1", "serde")
        return named("uuid::Uuid")
    if wire.kind == "decimal":
        context.need("rust_decimal", "1")
        return named("rust_decimal::Decimal")
    if wire.kind == "timedelta":
        return named("String")  # ISO 8601, as Pydantic writes it
    if wire.kind == "null":
        return UNIT
    context.need("serde_json", "1")
    if wire.kind == "unknown":
        context.note(f"`{wire.name}` can't be told; its values are kept as JSON")
    return VALUE


def symbol_of_type(kind: AnyType) -> Symbol | None:
    """What a plain type is called by."""
    return kind.head if isinstance(kind, Type) else None
