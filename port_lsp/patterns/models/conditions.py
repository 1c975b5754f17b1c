"""Constraints as Rust conditions, for where `validator` has no attribute: inside lists and maps,
of decimals, multiples."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from port_lsp.patterns.models.context import Context
from port_lsp.patterns.names import distinct, snake
from port_lsp.types.wire import Wire
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import named, symbol
from port_lsp.writing.printer.literals import floating, raw_string, string

_COMPARED = {"ge": ">=", "gt": ">", "le": "<=", "lt": "<"}
_LOOKS_AROUND = ("(?=", "(?!", "(?<=", "(?<!")
KIND = {
    **{"ge": "greater_than_equal", "gt": "greater_than"},
    **{"le": "less_than_equal", "lt": "less_than", "multiple_of": "multiple_of"},
    **{"min_length": "too_short", "max_length": "too_long", "pattern": "string_pattern_mismatch"},
    "nested": "value_error",
}


def conditions(
    context: Context,
    wire: Wire,
    limits: Mapping[str, str],
    value: b.Expr,
    name: str,
    *,
    by_ref: bool,
) -> Iterator[tuple[str, b.Expr]]:
    """By the limit's name, what must hold of a value; `by_ref` is whether it is behind one."""
    plain = b.Unary("*", value) if by_ref else value
    for limit, text in limits.items():
        loaded = json.loads(text)
        if limit in ("min_length", "max_length") and wire.kind in ("str", "bytes"):
            count = b.Method(b.Method(value, "chars"), "count")
            yield limit, _length(limit, count, loaded)
        elif limit in ("min_length", "max_length"):
            if limit == "min_length" and loaded == 1:
                yield limit, b.Unary("!", b.Method(value, "is_empty"))
            else:
                yield limit, _length(limit, b.Method(value, "len"), loaded)
        elif limit == "pattern" and wire.kind == "str":
            if static := pattern_static(context, loaded, name):
                yield limit, b.Method(b.Path(symbol(static)), "is_match", (value,))
        elif limit in _COMPARED:
            bound = _number(context, wire, loaded)
            if bound is not None:
                left = b.Unary("*", plain) if wire.kind == "decimal" else plain
                yield limit, b.Binary(left, _COMPARED[limit], bound)
        elif limit == "multiple_of" and wire.kind in ("int", "float"):
            yield limit, _multiple(wire, plain, loaded)


def _length(limit: str, count: b.Expr, bound: int) -> b.Expr:
    return b.Binary(count, ">=" if limit == "min_length" else "<=", b.Lit(str(bound)))


def _number(context: Context, wire: Wire, bound: float | str) -> b.Expr | None:
    if wire.kind == "int":
        return b.Lit(str(int(float(bound))))
    if wire.kind == "float":
        return b.Lit(floating(float(bound)))
    if wire.kind == "decimal":
        context.need("rust_decimal", "1")
        digits, _, fraction = str(bound).partition(".")
        args = (b.Lit(str(int(f"{digits}{fraction}"))), b.Lit(str(len(fraction))))
        return b.Call(b.Path(symbol("rust_decimal::Decimal"), ("new",)), args)
    return None


def _multiple(wire: Wire, value: b.Expr, step: float) -> b.Expr:
    """Of floats as nearly as Pydantic looks (pydantic-core's `float.rs`)."""
    if wire.kind == "int":
        return b.Binary(b.Binary(value, "%", b.Lit(str(int(step)))), "==", b.Lit("0"))
    rest = b.Method(b.Binary(value, "%", b.Lit(floating(float(step)))), "abs")
    near = b.Binary(b.Method(value, "abs"), "/", b.Lit("1e9"))
    above = b.Method(b.Binary(rest, "-", b.Lit(floating(float(step)))), "abs")
    return b.Binary(b.Binary(rest, "<=", near), "||", b.Binary(above, "<=", near))


def pattern_static(context: Context, pattern: str, name: str) -> str | None:
    """The static of a regular expression, made before the model; None for one that Rust can't."""
    if any(part in pattern for part in _LOOKS_AROUND):
        context.note(f"{name}: the pattern looks around, which Rust's regex can't; not checked")
        return None
    for item in context.before:
        if isinstance(item, i.Const) and _source_of(item) == raw_string(pattern):
            return item.name
    context.need("regex", "1")
    static = distinct(f"{snake(context.schema.name)}_{name}".upper(), context.taken)
    new = b.Method(
        b.Call(b.Path(symbol("regex::Regex"), ("new",)), (b.Lit(raw_string(pattern)),)),
        "expect",
        (b.Lit(string("the pattern is valid")),),
    )
    lazy = named("std::sync::LazyLock", named("regex::Regex"))
    value = b.Call(b.Path(symbol("std::sync::LazyLock"), ("new",)), (b.Closure((), new),))
    context.before.append(i.Const(static, lazy, value, word="static"))
    return static


def _source_of(item: i.Const) -> str:
    call = item.value
    closure = call.args[0] if isinstance(call, b.Call) and call.args else None
    body = closure.body if isinstance(closure, b.Closure) else None
    made = body.receiver if isinstance(body, b.Method) else None
    text = made.args[0] if isinstance(made, b.Call) and made.args else None
    return text.text if isinstance(text, b.Lit) else ""
