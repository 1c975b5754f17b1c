"""Computed fields: a method that holds the Python, and a Serialize that calls it, so that no answer
lacks the field."""

from __future__ import annotations

from collections.abc import Sequence

from port_lsp.patterns.models.context import Context
from port_lsp.patterns.models.generics import declared, of_parameters
from port_lsp.patterns.models.types import rust_type
from port_lsp.patterns.names import camel, snake
from port_lsp.types.schema import MethodSchema
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import AnyType, Symbol, Type, named, symbol
from port_lsp.writing.printer.literals import string

_SELF = b.Name("self")
_MAP = b.Name("map")


def computed_items(
    context: Context, name: str, rust_names: Sequence[str], methods: Sequence[MethodSchema]
) -> list[i.Item]:
    """The methods of a model's computed fields, and how it is written with them."""
    found: list[tuple[MethodSchema, str]] = []
    functions: list[i.Function] = []
    for method in methods:
        word = snake(method.name)
        wire = method.returns
        hint = f"{context.schema.name}{camel(word)}"
        kind: AnyType = rust_type(context, wire, hint) if wire else named("serde_json::Value")
        is_option = isinstance(kind, Type) and kind.head.path == ("Option",)
        lines = ("Not translated yet; in Python:", *(f"    {line}" for line in method.source))
        functions.append(
            i.Function(
                word,
                (i.Param(b.Bind("&self")),),
                kind if is_option else named("Option", kind),
                b.Block((b.Comment(lines),), b.Path(symbol("None"))),
                visibility="pub",
            )
        )
        context.note(
            f"{method.name} is computed in Python; the method holds its source, null till then"
        )
        found.append((method, word))
    own = tuple(context.parameters.values())
    return [
        i.Impl(of_parameters(name, own), tuple(functions), generics=declared(own)),
        _serialize(context, name, rust_names, found),
    ]


def _serialize(
    context: Context,
    name: str,
    rust_names: Sequence[str],
    computed: Sequence[tuple[MethodSchema, str]],
) -> i.Impl:
    """`impl Serialize`: the fields as they would be derived, then the computed ones."""
    statements: list[b.Statement] = [
        b.Let(
            b.Bind("map", "mut "),
            b.Try(b.Method(b.Name("serializer"), "serialize_map", (b.Path(symbol("None")),))),
        )
    ]
    told_apart = bool(context.schema.unset)
    for field, rust in zip(context.schema.fields, rust_names, strict=True):
        if field.excluded:
            continue
        value = b.Access(_SELF, rust)
        if field.absent or (told_apart and not field.required):
            inside = b.Block((_entry(b.Lit(string(field.written_as)), b.Name("value")),))
            some = b.TuplePattern(symbol("Some"), (b.Bind("value"),))
            statements.append(b.Do(b.If(b.Unary("&", value), inside, binding=some)))
        else:
            statements.append(_entry(b.Lit(string(field.written_as)), b.Unary("&", value)))
    if context.schema.extra == "allow":
        pair = b.TuplePattern(None, (b.Bind("key"), b.Bind("value")))
        inside = b.Block((_entry(b.Name("key"), b.Name("value")),))
        extra = b.Unary("&", b.Access(_SELF, "extra"))
        statements.append(b.Do(b.For(pair, extra, inside)))
    for method, word in computed:
        value = b.Unary("&", b.Method(_SELF, word))
        statements.append(_entry(b.Lit(string(method.written_as or method.name)), value))
    function = i.Function(
        "serialize",
        (i.Param(b.Bind("&self")), i.Param(b.Bind("serializer"), named("S"))),
        named("Result", Type(Symbol(("S::Ok",))), Type(Symbol(("S::Error",)))),
        b.Block(tuple(statements), b.Method(_MAP, "end", trait=symbol("serde::ser::SerializeMap"))),
        generics=(i.Generic("S", (named("serde::Serializer"),)),),
    )
    trait = named("serde::Serialize")
    own = tuple(context.parameters.values())
    generics = declared(own, trait)
    return i.Impl(of_parameters(name, own), (function,), trait=trait, generics=generics)


def _entry(key: b.Expr, value: b.Expr) -> b.Statement:
    trait = symbol("serde::ser::SerializeMap")
    return b.Do(b.Try(b.Method(_MAP, "serialize_entry", (key, value), trait=trait)))
