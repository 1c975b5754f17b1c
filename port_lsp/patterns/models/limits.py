"""Constraints as `validator` attributes (its README, "Validators"; of 0.20, and of older ones).

What validates a request is the extractor that runs `Validate::validate`: `Valid<Json<T>>` of the
ground's `crate::extract`. `validates` says for which models that is needed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from port_lsp.patterns.models.conditions import KIND, conditions, pattern_static
from port_lsp.patterns.models.context import Context
from port_lsp.patterns.models.generics import declared, of_parameters
from port_lsp.patterns.models.unions import nests, wire_validates
from port_lsp.patterns.names import distinct, snake
from port_lsp.types.schema import FieldSchema, MethodSchema
from port_lsp.types.wire import Wire
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import (
    UNIT,
    AnyType,
    Reference,
    Slice,
    Type,
    named,
    symbol,
)
from port_lsp.writing.printer.literals import floating, string

_RANGE = {"ge": "min", "le": "max", "gt": "exclusive_min", "lt": "exclusive_max"}
_LENGTH = {"min_length": "min", "max_length": "max"}
_CHECKED = frozenset((*_RANGE, *_LENGTH, "pattern", "multiple_of"))
_OWN_FORMS = ("email", "http-url")


def has_limits(field: FieldSchema) -> bool:
    """Whether a field's own values must be checked after they were read."""
    every = (*field.limits, *(limit for one in field.inner for limit in one.limits))
    if any(limit.name in _CHECKED for limit in every):
        return True
    return field.wire.kind == "str" and field.wire.name in _OWN_FORMS


def validations(
    context: Context, field: FieldSchema, name: str, kind: AnyType
) -> tuple[i.Meta, ...]:
    """The words of a field's `#[validate(…)]`; statics and functions that they name are added to
    the context. `kind` is the field's type without Option."""
    limits = {one.name: one.value for one in field.limits if one.name in _CHECKED}
    wire = field.wire
    found: list[i.Meta] = []
    if wire.kind == "str" and wire.name == "email":
        found.append(i.Meta("email"))
    if wire.kind == "str" and wire.name == "http-url":
        found.append(_custom(context, context.function("urls", "web")))
    own: dict[str, str] = {}
    if wire.kind in ("str", "bytes", "list", "set") or _is_hash_map(kind):
        found += _length(limits)
    else:
        own |= {one: limits[one] for one in _LENGTH if one in limits and wire.kind == "map"}
    if wire.kind in ("int", "float"):
        words, left = _range(context, wire, limits)
        found += words
        own |= left
    elif wire.kind == "decimal":
        own |= {one: limits[one] for one in _RANGE if one in limits}
    if "pattern" in limits and wire.kind == "str":
        found += _pattern(context, limits["pattern"], name)
    if "multiple_of" in limits:
        own["multiple_of"] = limits["multiple_of"]
    checks = [*conditions(context, wire, own, b.Name("value"), name, by_ref=wire.kind == "decimal")]
    checks += _inner_checks(context, field, name)
    is_nested = wire_validates(context, wire)
    if is_nested and not nests(wire):
        checks.append(("nested", _holds(context, wire, b.Name("value"))))
    if checks:
        found.append(_check(context, name, kind, wire, checks))
    if is_nested and nests(wire):
        found.append(i.Meta("nested"))
    return tuple(found)


def _holds(context: Context, wire: Wire, value: b.Expr) -> b.Expr:
    """What must hold of a value that `validator` doesn't go into: all models in it are valid."""
    if not wire_validates(context, wire):
        return b.Lit("true")
    if wire.kind in ("optional", "list", "map"):
        items = b.Method(value, "values" if wire.kind == "map" else "iter")
        inner = _holds(context, wire.args[-1], b.Name("one"))
        return b.Method(items, "all", (b.Closure((b.Bind("one"),), inner),))
    return b.Method(b.Method(value, "validate", trait=symbol("validator::Validate")), "is_ok")


def _is_hash_map(kind: AnyType) -> bool:
    return isinstance(kind, Type) and kind.head.name == "HashMap"


def _length(limits: Mapping[str, str]) -> Iterator[i.Meta]:
    words = tuple(i.Meta(_LENGTH[one], limits[one]) for one in _LENGTH if one in limits)
    if words:
        yield i.Meta("length", args=words)


def _range(
    context: Context, wire: Wire, limits: Mapping[str, str]
) -> tuple[list[i.Meta], dict[str, str]]:
    """A range, and the limits that this version of validator has no word for."""
    known = [one for one in _RANGE if one in limits]
    if context.conventions.validator < (0, 17):
        known = [one for one in known if one in ("ge", "le")]
    words: list[i.Meta] = []
    for name in known:
        value = json.loads(limits[name])
        text = floating(float(value)) if wire.kind == "float" else str(value)
        words.append(i.Meta(_RANGE[name], text))
    left = {one: limits[one] for one in _RANGE if one in limits and one not in known}
    return [i.Meta("range", args=tuple(words))] if words else [], left


def _pattern(context: Context, text: str, name: str) -> Iterator[i.Meta]:
    static = pattern_static(context, json.loads(text), name)
    if static is None:
        return
    if context.conventions.validator < (0, 17):
        yield i.Meta("regex", string(static))
    else:
        yield i.Meta("regex", args=(i.Meta("path", f"*{static}"),))


def _custom(context: Context, function: str) -> i.Meta:
    if context.conventions.validator < (0, 17):
        return i.Meta("custom", string(function))
    return i.Meta("custom", args=(i.Meta("function", string(function)),))


def _inner_checks(context: Context, field: FieldSchema, name: str) -> Iterator[tuple[str, b.Expr]]:
    """What must hold of everything that is in a list or a map."""
    for inner in field.inner:
        limits = {one.name: one.value for one in inner.limits if one.name in _CHECKED}
        if limits:
            checks = _all(context, field.wire, inner.path, limits, b.Name("value"), name)
            if checks is None:
                context.note(f"{name}: limits of its parts aren't checked")
            else:
                yield next(iter(limits)), checks


def _all(
    context: Context,
    wire: Wire,
    path: tuple[str, ...],
    limits: Mapping[str, str],
    value: b.Expr,
    name: str,
) -> b.Expr | None:
    """`value.iter().all(|one| …)` down a path."""
    if wire.kind == "optional":
        inner = _all(context, wire.args[0], path, limits, b.Name("one"), name)
        return _every(b.Method(value, "iter"), inner)
    if not path:
        found = [check for _, check in conditions(context, wire, limits, value, name, by_ref=True)]
        if not found:
            return None
        whole = found[0]
        for one in found[1:]:
            whole = b.Binary(whole, "&&", one)
        return whole
    step, rest = path[0], path[1:]
    if step == "item" and wire.kind in ("list", "set"):
        inner = _all(context, wire.args[0], rest, limits, b.Name("one"), name)
        return _every(b.Method(value, "iter"), inner)
    if wire.kind == "map" and step in ("key", "value"):
        part = wire.args[0 if step == "key" else 1]
        inner = _all(context, part, rest, limits, b.Name("one"), name)
        return _every(b.Method(value, "keys" if step == "key" else "values"), inner)
    return None


def _every(items: b.Expr, inner: b.Expr | None) -> b.Expr | None:
    if inner is None:
        return None
    return b.Method(items, "all", (b.Closure((b.Bind("one"),), inner),))


def _check(
    context: Context,
    name: str,
    kind: AnyType,
    wire: Wire,
    checks: list[tuple[str, b.Expr]],
) -> i.Meta:
    """The word for a function that checks a field, which is added to the context."""
    function = distinct(f"check_{snake(context.schema.name)}_{name}", context.taken)
    tail: b.Block | b.If = b.Block((), b.Call(b.Path(symbol("Ok")), (b.TupleOf(),)))
    for limit, condition in reversed(checks):
        wrong = b.Block((), _refusal(KIND[limit]))
        tail = b.If(_negated(condition), wrong, tail)
    by_value = wire.kind in ("int", "float", "bool")
    parameter: AnyType = kind if by_value else Reference(_borrowed(kind))
    body = tail if isinstance(tail, b.Block) else b.Block((), tail)
    returns = named("Result", UNIT, named("validator::ValidationError"))
    params = (i.Param(b.Bind("value"), parameter),)
    generics = declared(context.speaking(kind))
    context.behind.append(i.Function(function, params, returns, body, generics=generics))
    return _custom(context, function)


_OPPOSITE = {">=": "<", ">": "<=", "<=": ">", "<": ">=", "==": "!="}


def _negated(condition: b.Expr) -> b.Expr:
    """What is written where a condition doesn't hold, without a double negation. Floats that are
    no numbers don't come out of JSON."""
    if isinstance(condition, b.Unary) and condition.operator == "!":
        return condition.of
    if isinstance(condition, b.Binary) and condition.operator in _OPPOSITE:
        return b.Binary(condition.left, _OPPOSITE[condition.operator], condition.right)
    if isinstance(condition, b.Binary) and condition.operator in ("&&", "||"):
        other = "||" if condition.operator == "&&" else "&&"
        return b.Binary(_negated(condition.left), other, _negated(condition.right))
    return b.Unary("!", condition)


def _borrowed(kind: AnyType) -> AnyType:
    """What a reference is to: a slice of a Vec's items, the text of a String."""
    if isinstance(kind, Type) and kind.head.path == ("Vec",):
        return Slice(kind.args[0])
    if isinstance(kind, Type) and kind.head.path == ("String",):
        return named("str")
    return kind


def _refusal(kind: str) -> b.Expr:
    error = b.Path(symbol("validator::ValidationError"), ("new",))
    return b.Call(b.Path(symbol("Err")), (b.Call(error, (b.Lit(string(kind)),)),))


def validator_functions(
    context: Context, method: MethodSchema, name: str
) -> tuple[i.Function, str]:
    """The function that a validator of Python's becomes: it holds its source, and lets everything
    pass until somebody translates it."""
    function = distinct(f"check_{snake(context.schema.name)}_{snake(method.name)}", context.taken)
    lines = ("Not translated yet; in Python:", *(f"    {line}" for line in method.source))
    passed = b.Call(b.Path(symbol("Ok")), (b.TupleOf(),))
    returns = named("Result", UNIT, named("validator::ValidationError"))
    own = context.parameters.values()
    params = (i.Param(b.Bind("_form"), Reference(of_parameters(name, own))),)
    context.note(f"{method.name} checks in Python; {function} holds its source")
    body = b.Block((b.Comment(lines),), passed)
    return i.Function(function, params, returns, body, generics=declared(own)), function
