"""Constraints as `validator` attributes (validator 0.20: "Validators").

What validates a request is the extractor that runs `Validate::validate`; see the ground's
`extract.rs`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from port_lsp.patterns.models.context import Context
from port_lsp.types.schema import FieldSchema
from port_lsp.types.wire import Wire
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import UNIT, named, symbol
from port_lsp.writing.printer.literals import floating, raw_string, string

_RANGE = {"ge": "min", "le": "max", "gt": "exclusive_min", "lt": "exclusive_max"}
_LENGTH = {"min_length": "min", "max_length": "max"}


def validations(context: Context, field: FieldSchema, name: str) -> tuple[i.Meta, ...]:
    """The words of a field's `#[validate(…)]`; statics and functions that they name are added to
    the context."""
    limits = {one.name: one.value for one in field.limits}
    found = [*_length(field.wire, limits), *_range(field.wire, limits)]
    if field.wire.kind == "str" and field.wire.name == "email":
        found.append(i.Meta("email"))
    if field.wire.kind == "str" and field.wire.name == "url":
        found.append(i.Meta("url"))
    if "pattern" in limits and field.wire.kind == "str":
        found += _pattern(context, limits["pattern"], name)
    if "multiple_of" in limits and field.wire.kind == "int":
        found.append(_multiple(context, limits["multiple_of"], name))
    return tuple(found)


def _length(wire: Wire, limits: dict[str, str]) -> Iterator[i.Meta]:
    words = tuple(i.Meta(_LENGTH[one], limits[one]) for one in _LENGTH if one in limits)
    if words and wire.kind in ("str", "list", "set", "map", "bytes"):
        yield i.Meta("length", args=words)


def _range(wire: Wire, limits: dict[str, str]) -> Iterator[i.Meta]:
    if wire.kind not in ("int", "float"):
        return
    words: list[i.Meta] = []
    for name, word in _RANGE.items():
        if name in limits:
            value = json.loads(limits[name])
            text = floating(float(value)) if wire.kind == "float" else str(value)
            words.append(i.Meta(word, text))
    if words:
        yield i.Meta("range", args=tuple(words))


def _pattern(context: Context, text: str, name: str) -> Iterator[i.Meta]:
    """A regular expression as a static; Rust's know no look-around, which is said."""
    pattern = json.loads(text)
    if any(part in pattern for part in ("(?=", "(?!", "(?<=", "(?<!")):
        context.note(f"{name}: the pattern looks around, which Rust's regex can't; not checked")
        return
    context.need("regex", "1")
    static = f"{context.schema.name}_{name}".upper()
    new = b.Method(
        b.Call(b.Path(symbol("regex::Regex"), ("new",)), (b.Lit(raw_string(pattern)),)),
        "expect",
        (b.Lit(string("the pattern is valid")),),
    )
    lazy = named("std::sync::LazyLock", named("regex::Regex"))
    value = b.Call(b.Path(symbol("std::sync::LazyLock"), ("new",)), (b.Closure((), new),))
    context.before.append(i.Const(static, lazy, value, word="static"))
    yield i.Meta("regex", args=(i.Meta("path", f"*{static}"),))


def _multiple(context: Context, text: str, name: str) -> i.Meta:
    function = f"check_{context.schema.name.lower()}_{name}"
    error = symbol("validator::ValidationError")
    wrong = b.Binary(b.Binary(b.Name("value"), "%", b.Lit(text)), "!=", b.Lit("0"))
    refused = b.Jump(
        "return",
        b.Call(
            b.Path(symbol("Err")),
            (b.Call(b.Path(error, ("new",)), (b.Lit(string("multiple_of")),)),),
        ),
    )
    body = b.Block(
        (b.Do(b.If(wrong, b.Block((b.Do(refused),)))),),
        b.Call(b.Path(symbol("Ok")), (b.TupleOf(),)),
    )
    returns = named("Result", UNIT, named("validator::ValidationError"))
    params = (i.Param(b.Bind("value"), named("i64")),)
    context.behind.append(i.Function(function, params, returns, body))
    return i.Meta("custom", args=(i.Meta("function", string(function)),))
