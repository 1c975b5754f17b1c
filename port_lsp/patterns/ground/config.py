"""The items of config.rs: a struct with a field for each setting, read from the environment.

Pydantic's words for true and false: its docs, "Booleans".
"""

from __future__ import annotations

from collections.abc import Sequence

from port_lsp.patterns.names import distinct, snake
from port_lsp.types.settings import Setting
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import AnyType, named, symbol
from port_lsp.writing.printer import print_items
from port_lsp.writing.printer.literals import floating, string

_TYPES = {"str": "String", "int": "i64", "float": "f64", "bool": "bool"}
_ERROR = named("ConfigError")


def fields_of(settings: Sequence[Setting]) -> list[str]:
    """The names of the fields for settings."""
    taken: set[str] = set()
    return [distinct(snake(one.name), taken) for one in settings]


def config_items(settings: Sequence[Setting]) -> str:
    """The struct and its `from_env`, as text."""
    names = fields_of(settings)
    fields = tuple(
        i.Field(name, _type(one), docs=(f"`{one.env}`",))
        for name, one in zip(names, settings, strict=True)
    )
    debug, clone = symbol("Debug"), symbol("Clone")
    struct = i.Struct("Config", fields, derives=(clone, debug), docs=("What was set.",))
    values = tuple((name, _value(one)) for name, one in zip(names, settings, strict=True))
    made = b.Call(b.Path(symbol("Ok")), (b.StructLiteral(symbol("Self"), values),))
    from_env = i.Function(
        "from_env",
        returns=named("Result", named("Self"), _ERROR),
        body=b.Block((), made),
        visibility="pub",
        docs=("Reads the environment.",),
    )
    items = (struct, i.Impl(named("Config"), (from_env,)))
    return print_items(items, lambda one: one.name)


def helpers_of(settings: Sequence[Setting]) -> list[str]:
    """The names of the functions that reading these settings takes."""
    return sorted({_helper(one) for one in settings})


def _type(one: Setting) -> AnyType:
    kind = named(_TYPES[one.kind])
    plain = one.needed or one.default is not None or one.kind == "bool"
    return kind if plain else named("Option", kind)


def _helper(one: Setting) -> str:
    if one.kind == "bool":
        return "says" if one.truth else "flag"
    if one.default is not None:
        return "text" if one.kind == "str" else "parsed"
    if one.kind == "str":
        return "needed" if one.needed else "given"
    return "needed_parsed" if one.needed else "given_parsed"


def _value(one: Setting) -> b.Expr:
    """The expression that reads a setting."""
    helper = _helper(one)
    args: list[b.Expr] = [b.Lit(string(one.env))]
    if helper == "says":
        args.append(b.Lit(string(one.truth)))
    if one.default is not None:
        args.append(b.Lit(_literal(one.default, one.kind)))
    elif one.kind == "bool":
        args.append(b.Lit("false"))
    call = b.Call(b.Name(helper), tuple(args))
    return call if helper in ("text", "given", "says") else b.Try(call)


def _literal(value: str | int | float | bool, kind: str) -> str:
    if kind == "str":
        return string(str(value))
    if kind == "bool":
        return "true" if value else "false"
    return floating(float(value)) if kind == "float" else str(value)
