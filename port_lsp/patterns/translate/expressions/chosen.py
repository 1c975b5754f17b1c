"""`a if test else b`, and `a or b` as a value."""

from __future__ import annotations

import ast

from port_lsp.patterns.translate.enums import of_both
from port_lsp.patterns.translate.expressions.narrowing import Narrowed, narrowed
from port_lsp.patterns.translate.expressions.truth import filtering, looked_at, truth
from port_lsp.patterns.translate.ownership import fitting
from port_lsp.patterns.translate.reading import mentions
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.values import (
    BOOL,
    EMPTY,
    F64,
    I64,
    NONE,
    OBJECT,
    SOME,
    STR,
    STRING,
    VALUE,
    UntranslatedError,
    Val,
    escapes,
    inside,
    is_none,
    option_of,
    without_reference,
)
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import AnyType, named, symbol

_EMPTY = (
    b.Call(b.Path(symbol("Vec"), ("new",))),
    b.Call(b.Path(OBJECT.head, ("new",))),
    b.Path(VALUE.head, ("Null",)),
)


def chosen(scene: Scene, node: ast.IfExp, env: Env) -> Val:
    """One of two values; where it is known which, that one."""
    found = narrowed(scene, node.test, env)
    if found is not None and found.some and (found.asks_nothing_more or not found.copied):
        there = _there(scene, node, found, env)
        if there is not None:
            return there
    if found is not None and not found.some and found.asks_nothing_more:
        turned = ast.IfExp(node.test, node.orelse, node.body)
        there = _there(scene, turned, found, env)
        if there is not None:
            return there
    test = truth(scene, node.test, env)
    if isinstance(test, b.Lit):
        return scene.value(node.body if test.text == "true" else node.orelse, env)
    one, other = scene.value(node.body, env), scene.value(node.orelse, env)
    kind = of_both(scene, (one, other)) or common(one, other)
    if kind == STR:
        return Val(b.If(test, b.Block((), one.expr), b.Block((), other.expr)), STR)
    made = [fitting(scene, each, kind) for each in (one, other)]
    return Val(b.If(test, b.Block((), made[0]), b.Block((), made[1])), kind)


def _there(scene: Scene, node: ast.IfExp, found: Narrowed, env: Env) -> Val | None:
    """With what a test for None says of a name; None where that makes no difference."""
    inside = found.owned(env) if found.copied else found.borrowed(env)
    one, other = scene.value(node.body, inside), scene.value(node.orelse, env)
    if not mentions(found.rust, one.expr):
        return None
    kind = of_both(scene, (one, other)) or common(one, other)
    if kind == STR:
        return None
    made = [b.Block((), fitting(scene, each, kind)) for each in (one, other)]
    binding = b.TuplePattern(SOME, (b.Bind(found.rust),))
    return Val(b.If(looked_at(scene, found), made[0], made[1], binding), kind)


def common(one: Val, other: Val) -> AnyType:
    """The type that both values fit into."""
    kinds = [STRING if val.type == STR else without_reference(val.type) for val in (one, other)]
    if one.type == other.type == STR:
        return STR
    if kinds[0] == kinds[1]:
        return kinds[0]
    for val, kind in ((one, kinds[1]), (other, kinds[0])):
        if is_none(val):
            if kind == VALUE:
                return VALUE
            return kind if option_of(kind) is not None else named("Option", kind)
        if val.type == EMPTY and inside(kind, "Vec") is not None:
            return kind
    for kind, than in (kinds, kinds[::-1]):
        if option_of(kind) == than:
            return kind
    if VALUE in kinds:
        return VALUE
    raise UntranslatedError("one of two values of different types")


def first_true(scene: Scene, node: ast.BoolOp, env: Env) -> Val:
    """`a and b`, `a or b`: of truths; of other values, the first of two that counts as true."""
    if not any(isinstance(one, ast.BoolOp) for one in node.values):
        values = [scene.value(one, env) for one in node.values]
        if any(without_reference(one.type) != BOOL for one in values):
            if isinstance(node.op, ast.And):
                raise UntranslatedError("`and` of what is no truth")
            found = values[0]
            for one in values[1:]:
                found = _or(scene, found, one)
            return found
        return Val(truth(scene, node, env), BOOL)
    plain = [scene.value(one, env) for one in node.values if not isinstance(one, ast.BoolOp)]
    if any(without_reference(one.type) != BOOL for one in plain):
        raise UntranslatedError("`and` or `or` of what is no truth")
    return Val(truth(scene, node, env), BOOL)


def _or(scene: Scene, one: Val, other: Val) -> Val:
    """`one or other`: what is there and counts as true, else the other."""
    if one.known is not None:
        return one if one.known.value else other
    kind = STRING if one.type == STR else without_reference(one.type)
    held = option_of(kind)
    inner = (STRING if held == STR else without_reference(held)) if held is not None else kind
    made = fitting(scene, one, named("Option", inner))
    asked = filtering(scene, inner)
    if asked is not None:
        made = b.Method(made, "filter", (asked,))
    if is_none(other) and inner != VALUE:
        return Val(made, named("Option", inner))
    if option_of(without_reference(other.type)) == inner and inner != VALUE:
        optional = named("Option", inner)
        default = fitting(scene, other, optional)
        if escapes(default):
            raise UntranslatedError("`or` before what may fail")
        return Val(b.Method(made, "or_else", (b.Closure((), default),)), optional)
    if inner == F64 and without_reference(other.type) == I64:
        raise UntranslatedError("an integer or a float, by what is there")  # 5 isn't written as 5.0
    default = fitting(scene, other, inner)
    if escapes(default):
        there = b.Arm(b.TuplePattern(SOME, (b.Bind("one"),)), b.Name("one"))
        return Val(b.Match(made, (there, b.Arm(b.PathPattern(NONE), default))), inner)
    return Val(unwrapped(made, default), inner)


def unwrapped(made: b.Expr, default: b.Expr) -> b.Expr:
    """What an Option holds, else a default."""
    if isinstance(default, (b.Lit, b.Name)):
        return b.Method(made, "unwrap_or", (default,))
    if default in _EMPTY:
        return b.Method(made, "unwrap_or_default")
    return b.Method(made, "unwrap_or_else", (b.Closure((), default),))
