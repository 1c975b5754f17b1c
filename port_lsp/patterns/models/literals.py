"""Literals and Enums as Rust enums: strings by serde's rename, integers by `TryFrom`."""

from __future__ import annotations

import json
from collections.abc import Sequence

from port_lsp.patterns.names import camel, distinct
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import AnyType, Symbol, named, symbol
from port_lsp.writing.printer.literals import string

SERDE = (symbol("serde::Serialize"), symbol("serde::Deserialize"))
COMMON = tuple(Symbol((name,)) for name in ("Debug", "Clone", "Copy", "PartialEq", "Eq", "Hash"))


def literal_enum(name: str, values: Sequence[str]) -> list[i.Item]:
    """The enum of a Literal; `values` as JSON."""
    taken: set[str] = set()
    members = [(distinct(_variant(value), taken), value) for value in values]
    return enum_items(name, members)


def _variant(value: str) -> str:
    loaded = json.loads(value)
    if isinstance(loaded, bool):
        return "True" if loaded else "False"
    if isinstance(loaded, str):
        return camel(loaded)
    return f"Minus{-loaded}" if loaded < 0 else f"N{loaded}"


def enum_items(
    name: str, members: Sequence[tuple[str, str]], docs: tuple[str, ...] = ()
) -> list[i.Item]:
    """An enum of values: variants with their values as JSON. Strings are renamed; integers go
    through `TryFrom`; of a mixture each variant is written as it is."""
    loaded = [json.loads(value) for _, value in members]
    if all(isinstance(value, str) for value in loaded):
        return [_strings(name, members, docs)]
    if all(isinstance(value, int) and not isinstance(value, bool) for value in loaded):
        return _integers(name, members, docs)
    return _mixed(name, members, docs)


def variant_of(members: Sequence[tuple[str, str]], value: str) -> str | None:
    """The variant that a JSON value means."""
    wanted = json.loads(value)
    for name, known in members:
        if json.loads(known) == wanted and type(json.loads(known)) is type(wanted):
            return name
    return None


def _strings(name: str, members: Sequence[tuple[str, str]], docs: tuple[str, ...]) -> i.Enum:
    variants = [
        i.Variant(variant, attributes=_rename(variant, json.loads(value)))
        for variant, value in members
    ]
    return i.Enum(name, tuple(variants), derives=(*COMMON, *SERDE), docs=docs)


def _rename(variant: str, value: str) -> tuple[i.Attribute, ...]:
    if variant == value:
        return ()
    return (i.Attribute("serde", (i.Meta("rename", string(value)),)),)


def _integers(name: str, members: Sequence[tuple[str, str]], docs: tuple[str, ...]) -> list[i.Item]:
    attribute = i.Attribute(
        "serde", (i.Meta("try_from", string("i64")), i.Meta("into", string("i64")))
    )
    variants = tuple(i.Variant(variant) for variant, _ in members)
    enum = i.Enum(name, variants, derives=(*COMMON, *SERDE), attributes=(attribute,), docs=docs)
    own = Symbol((name,))
    to = tuple(b.Arm(b.PathPattern(own, (variant,)), b.Lit(value)) for variant, value in members)
    into = _conversion("From", name, "i64", named("i64"), b.Match(b.Name("value"), to))
    arms = [
        b.Arm(b.LiteralPattern(value), b.Call(b.Path(symbol("Ok")), (b.Path(own, (variant,)),)))
        for variant, value in members
    ]
    text = string(f"{{value}} is none of {', '.join(value for _, value in members)}")
    wrong = b.Call(b.Path(symbol("Err")), (b.Macro(symbol("format"), (b.Lit(text),)),))
    arms.append(b.Arm(b.Wild(), wrong))
    return [enum, into, _try_from(name, "i64", b.Match(b.Name("value"), tuple(arms)))]


def _mixed(name: str, members: Sequence[tuple[str, str]], docs: tuple[str, ...]) -> list[i.Item]:
    """Values of several kinds, by way of `serde_json::Value`."""
    value = named("serde_json::Value")
    attribute = i.Attribute(
        "serde",
        (
            i.Meta("try_from", string("serde_json::Value")),
            i.Meta("into", string("serde_json::Value")),
        ),
    )
    variants = tuple(i.Variant(variant) for variant, _ in members)
    enum = i.Enum(name, variants, derives=(*COMMON, *SERDE), attributes=(attribute,), docs=docs)
    own = Symbol((name,))
    json_macro = symbol("serde_json::json")
    to = tuple(
        b.Arm(b.PathPattern(own, (variant,)), b.Macro(json_macro, (b.Lit(rust_literal(text)),)))
        for variant, text in members
    )
    found: b.Expr = b.Call(
        b.Path(symbol("Err")), (b.Macro(symbol("format"), (b.Lit(string("{value} isn't known")),)),)
    )
    tail: b.Block | b.If = b.Block((), found)
    for variant, text in reversed(members):
        condition = b.Binary(
            b.Name("value"), "==", b.Macro(json_macro, (b.Lit(rust_literal(text)),))
        )
        then = b.Block((), b.Call(b.Path(symbol("Ok")), (b.Path(own, (variant,)),)))
        tail = b.If(condition, then, tail)
    into = _conversion("From", name, "value", value, b.Match(b.Name("value"), to))
    body = tail if isinstance(tail, b.If) else found
    return [enum, into, _try_from(name, "serde_json::Value", body)]


def rust_literal(text: str) -> str:
    """A JSON scalar as Rust writes it."""
    value = json.loads(text)
    return string(value) if isinstance(value, str) else text


def _conversion(trait: str, name: str, _: str, to: AnyType, body: b.Expr) -> i.Impl:
    """`impl From<Name> for To`."""
    params = (i.Param(b.Bind("value"), named(name)),)
    function = i.Function("from", params, named("Self"), b.Block((), body))
    return i.Impl(to, (function,), trait=named(trait, named(name)))


def _try_from(name: str, source: str, body: b.Expr) -> i.Impl:
    """`impl TryFrom<Source> for Name`, the error being a text."""
    params = (i.Param(b.Bind("value"), named(source)),)
    returns = named("Result", named("Self"), named("String"))
    function = i.Function("try_from", params, returns, b.Block((), body))
    error = i.Alias("Error", named("String"))
    return i.Impl(named(name), (error, function), trait=named("TryFrom", named(source)))
