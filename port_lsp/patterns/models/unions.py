"""Unions as enums that are written as what they hold (serde's docs, "Enum representations").

How they are read follows Pydantic's "Unions": by the discriminator, where one is named; where
several models may fit, the one of whose fields most are given; else serde's untagged, with the
strictest type first, since it takes the first one that fits and Pydantic the one that fits best.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from port_lsp.facts.source import Record
from port_lsp.patterns.models.context import Context, Trait
from port_lsp.patterns.models.generics import declared, of_parameters
from port_lsp.patterns.models.literals import SERDE
from port_lsp.patterns.names import distinct
from port_lsp.types.schema import ModelSchema
from port_lsp.types.wire import Wire
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import UNIT, AnyType, Symbol, Type, named, symbol
from port_lsp.writing.ir.types import Tuple as TupleType
from port_lsp.writing.printer.literals import string

UNTAGGED = i.Meta("untagged")
_ORDER = ("literal", "bool", "int", "float", "uuid", "datetime", "date", "time", "decimal")
_REST = {"str": 1, "ref": 2, "tuple": 3, "list": 3, "map": 5, "any": 6}


class Part(Record, frozen=True):
    """One type of a union: its variant's name, the wire type, the Rust type."""

    name: str
    wire: Wire
    type: AnyType


def union_enum(context: Context, name: str, parts: Sequence[Part], tag: str | None) -> list[i.Item]:
    """The items of a union; `tag` is the field that tells its models apart."""
    taken: set[str] = set()
    named_parts = [Part(distinct(one.name, taken), one.wire, one.type) for one in parts]
    ordered = sorted(named_parts, key=_strictness)
    models = [(one, schema) for one in named_parts if (schema := _model(context, one)) is not None]
    tags = _tags(context, models, tag) if tag is not None and len(models) == len(parts) else None
    wires = [one.wire for one in parts]
    wanted: tuple[Trait, ...] = ("Debug", "Clone", "PartialEq", "Eq")
    derives = [
        Symbol((trait,))
        for trait in wanted
        if all(context.world.derives(wire, trait) for wire in wires)
    ]
    read: list[i.Item] = []
    spoken = context.speaking(*(one.type for one in parts))
    if spoken:  # how it is read by hand asks more of a parameter than serde's own derive promises
        if len(models) > 1:
            context.note(f"{name} takes the first of its types that fits, for {spoken[0]} is any")
    elif tags is not None and tag is not None:
        read = [_by_tag(name, tag, tags)]
    elif len(models) > 1:
        read = [_by_fields(name, models, [one for one in ordered if not _is_in(one, models)])]
    if read:
        context.need("serde_json", "1")
    derives += [SERDE[0]] if read else SERDE
    variants = tuple(i.Variant(one.name, (one.type,)) for one in ordered)
    attributes = (i.Attribute("serde", (UNTAGGED,)),)
    generics = declared(spoken)
    enum = i.Enum(name, variants, generics=generics, derives=tuple(derives), attributes=attributes)
    own = of_parameters(name, spoken)
    return [enum, *read, *_validation(context, own, generics, ordered)]


def _is_in(part: Part, models: Sequence[tuple[Part, ModelSchema]]) -> bool:
    return any(part.name == one.name for one, _ in models)


def _strictness(part: Part) -> tuple[int, int]:
    kind = part.wire.kind
    if kind in _ORDER:
        return (0, _ORDER.index(kind))
    return (_REST.get(kind, 4), 0)


def _model(context: Context, part: Part) -> ModelSchema | None:
    if part.wire.kind != "ref" or "::" not in part.wire.name:
        return None
    schema = context.world.schema_of(part.wire.name)
    return schema if schema is not None and schema.kind != "enum" and not schema.root else None


def _tags(
    context: Context, models: Sequence[tuple[Part, ModelSchema]], tag: str
) -> list[tuple[Part, tuple[str, ...], str]] | None:
    """By part, the values (as JSON) of its tag, and the tag's name on the wire."""
    found: list[tuple[Part, tuple[str, ...], str]] = []
    for part, schema in models:
        field = next((one for one in schema.fields if one.name == tag), None)
        if field is None or field.wire.kind != "literal":
            context.note(f"{part.name} has no value of {tag} that can be told; tried in turn")
            return None
        found.append((part, field.wire.values, field.read_as[0]))
    return found


_CUSTOM = b.Path(symbol("serde::de::Error"), ("custom",))
_FROM_VALUE = b.Path(symbol("serde_json::from_value"))
_SELF = Symbol(("Self",))
_NAME = b.Name("value")


def _deserialize(name: str, statements: Sequence[b.Statement], tail: b.Expr) -> i.Impl:
    """`impl<'de> Deserialize<'de> for Name`, which has the input as `value`, of JSON."""
    read = b.Call(b.Path(symbol("serde::Deserialize"), ("deserialize",)), (b.Name("deserializer"),))
    first = b.Let(b.Bind("value"), b.Try(read), named("serde_json::Value"))
    function = i.Function(
        "deserialize",
        (i.Param(b.Bind("deserializer"), named("D")),),
        named("Result", named("Self"), Type(Symbol(("D::Error",)))),
        b.Block((first, *statements), tail),
        generics=(i.Generic("D", (Type(symbol("serde::Deserializer"), lifetimes=("de",)),)),),
    )
    trait = Type(symbol("serde::Deserialize"), lifetimes=("de",))
    return i.Impl(named(name), (function,), trait=trait, generics=(i.Generic("'de"),))


def _by_tag(name: str, tag: str, tags: Sequence[tuple[Part, tuple[str, ...], str]]) -> i.Impl:
    """Reads the model that the tag names, and no other: Pydantic asks for the tag even where the
    model has a default for it."""
    words = [json.loads(value) for _, values, _ in tags for value in values]
    as_type = "as_str" if all(isinstance(word, str) for word in words) else "as_i64"
    asked = b.Method(
        b.Method(_NAME, "get", (b.Lit(string(tags[0][2])),)),
        "and_then",
        (b.Path(symbol("serde_json::Value"), (as_type,)),),
    )
    arms: list[b.Arm] = []
    for part, values, _ in tags:
        texts = [b.LiteralPattern(_literal(value)) for value in values]
        inner = texts[0] if len(texts) == 1 else b.Either(tuple(texts))
        arms.append(b.Arm(b.TuplePattern(symbol("Some"), (inner,)), _read_as(part)))
    text = f"{tag} is none of {', '.join(str(word) for word in words)}"
    wrong = b.Call(b.Path(symbol("Err")), (b.Call(_CUSTOM, (b.Lit(string(text)),)),))
    arms.append(b.Arm(b.Wild(), b.Jump("return", wrong)))
    found = b.Let(b.Bind("found"), b.Match(asked, tuple(arms)))
    return _deserialize(name, (found,), b.Method(b.Name("found"), "map_err", (_CUSTOM,)))


def _literal(value: str) -> str:
    loaded = json.loads(value)
    return string(loaded) if isinstance(loaded, str) else str(int(loaded))


def _read_as(part: Part) -> b.Expr:
    """`serde_json::from_value(value).map(Self::Part)`."""
    return b.Method(b.Call(_FROM_VALUE, (_NAME,)), "map", (b.Path(_SELF, (part.name,)),))


def _by_fields(
    name: str, models: Sequence[tuple[Part, ModelSchema]], others: Sequence[Part]
) -> i.Impl:
    """Reads the model of whose fields most are given, the first of those that tie; what is no
    object is one of the others."""
    pair = TupleType((named("usize"), named("Self")))
    best = b.Let(b.Bind("best", "mut "), b.Path(symbol("None")), named("Option", pair))
    tries = tuple(b.Do(_attempt(part, schema)) for part, schema in models)
    statements: list[b.Statement] = [
        best,
        b.Do(b.If(b.Method(_NAME, "is_object"), b.Block(tries))),
    ]
    for part in others:
        keep = b.Assign(b.Name("best"), _some(b.TupleOf((b.Lit("0"), _made(part)))))
        attempt = b.If(_copied(), b.Block((keep,)), binding=_ok())
        nothing = b.Method(b.Name("best"), "is_none")
        statements.append(b.Do(b.If(nothing, b.Block((b.Do(attempt),)))))
    text = "Input fits none of the union's types"
    lacking = b.Closure((), b.Call(_CUSTOM, (b.Lit(string(text)),)))
    inner = b.Closure((b.TuplePattern(None, (b.Wild(), b.Bind("found"))),), b.Name("found"))
    tail = b.Method(b.Method(b.Name("best"), "map", (inner,)), "ok_or_else", (lacking,))
    return _deserialize(name, statements, tail)


def _attempt(part: Part, schema: ModelSchema) -> b.Expr:
    names = tuple(b.Lit(string(name)) for field in schema.fields for name in field.read_as)
    known = b.Closure(
        (b.Bind("name"),), b.Method(b.Method(_NAME, "get", (b.Name("name"),)), "is_some")
    )
    listed: b.Expr = b.ArrayOf(names)
    count = b.Method(b.Method(b.Method(listed, "iter"), "filter", (known,)), "count")
    most = b.Closure(
        (b.TuplePattern(None, (b.Bind("most"), b.Wild())),), b.Unary("*", b.Name("most"))
    )
    so_far = b.Method(b.Method(b.Name("best"), "as_ref"), "map", (most,))
    keep = b.Assign(b.Name("best"), _some(b.TupleOf((b.Name("count"), _made(part)))))
    better = b.If(b.Binary(so_far, "<", _some(b.Name("count"))), b.Block((keep,)))
    counted = b.Let(b.Bind("count"), count if names else b.Lit("0"))
    return b.If(_copied(), b.Block((counted, b.Do(better))), binding=_ok())


def _copied() -> b.Expr:
    return b.Call(_FROM_VALUE, (b.Method(_NAME, "clone"),))


def _ok() -> b.Pattern:
    return b.TuplePattern(symbol("Ok"), (b.Bind("read"),))


def _made(part: Part) -> b.Expr:
    return b.Call(b.Path(_SELF, (part.name,)), (b.Name("read"),))


def _some(inner: b.Expr) -> b.Expr:
    return b.Call(b.Path(symbol("Some")), (inner,))


def wire_validates(context: Context, wire: Wire) -> bool:
    """Whether values of a type have limits of their own: models in it do."""
    if wire.kind == "ref":
        return "::" in wire.name and context.world.validates(wire.name)
    if wire.kind in ("optional", "list", "union"):
        return any(wire_validates(context, arg) for arg in wire.args)
    return wire.kind == "map" and wire_validates(context, wire.args[1])


def nests(wire: Wire) -> bool:
    """Whether `validator` goes into a type that has limits inside (its impls of `Validate`): lists,
    and a map that is a field itself; not what may be null there."""
    return (wire.kind == "map" and _is_validate(wire.args[1])) or _is_validate(wire)


def _is_validate(wire: Wire) -> bool:
    if wire.kind == "list":
        return _is_validate(wire.args[0])
    return wire.kind in ("ref", "union")


def validation(own: AnyType, body: b.Expr, generics: tuple[i.Generic, ...] = ()) -> i.Impl:
    """`impl Validate for Name`."""
    function = i.Function(
        "validate",
        (i.Param(b.Bind("&self")),),
        named("Result", UNIT, named("validator::ValidationErrors")),
        b.Block((), body),
    )
    return i.Impl(own, (function,), trait=named("validator::Validate"), generics=generics)


def _validation(
    context: Context, own: AnyType, generics: tuple[i.Generic, ...], parts: Sequence[Part]
) -> list[i.Item]:
    limited = [one for one in parts if wire_validates(context, one.wire)]
    if not context.checks or not limited:
        return []
    inside = [one for one in limited if one.wire.kind != "map" and nests(one.wire)]
    for one in limited:
        if one not in inside:
            context.note(f"{one.name}: limits inside of it aren't checked")
    arms = [
        b.Arm(
            b.TuplePattern(_SELF, (b.Bind("value"),), (one.name,)),
            b.Method(_NAME, "validate", trait=symbol("validator::Validate")),
        )
        for one in inside
    ]
    if len(inside) < len(parts):
        arms.append(b.Arm(b.Wild(), b.Call(b.Path(symbol("Ok")), (b.TupleOf(),))))
    body = b.Match(b.Name("self"), tuple(arms)) if inside else arms[0].body
    return [validation(own, body, generics)]
