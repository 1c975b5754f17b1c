"""Dicts and lists: JSON, and lists of one type."""

from __future__ import annotations

import ast
from typing import TypeGuard

from port_lsp.patterns.translate.expressions.starred import spread
from port_lsp.patterns.translate.expressions.tokens import claim
from port_lsp.patterns.translate.failing import or_broken
from port_lsp.patterns.translate.ownership import (
    JSON,
    as_entries,
    fitting,
    in_json,
    is_short,
    owned,
)
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.values import (
    BOOL,
    EMPTY,
    F64,
    I64,
    OBJECT,
    STR,
    STRING,
    VALUE,
    UntranslatedError,
    Val,
    inside,
    is_text,
    known,
    option_of,
    without_reference,
)
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import AnyType, Type, named, symbol
from port_lsp.writing.printer.literals import string

_SAID: tuple[AnyType, ...] = (STRING, named("str"), I64, F64, BOOL, VALUE, OBJECT)
_MOST = 110  # of the 128 calls of itself that rustc lets a macro make


def dictionary(scene: Scene, node: ast.Dict, env: Env) -> Val:
    """`{"key": value}` as JSON; with `**`, a copy of another dict with further entries."""
    scene.need_json()
    claiming, scene.claiming = scene.claiming, False
    if None in node.keys:
        return _extended(scene, node, env)
    entries: list[tuple[str, b.Expr]] = []
    vals: list[Val] = []
    for key, one in zip(node.keys, node.values, strict=True):
        if key is None:
            raise UntranslatedError("`**` in a dict")
        text = scene.value(key, env).known
        if text is None or not isinstance(text.value, str):
            raise UntranslatedError("a key of a dict that isn't known")
        val = scene.value(one, env)
        if claiming:
            val = claim(scene, known(text.value), val)
        entries.append((string(text.value), in_json(scene, val)))
        vals.append(val)
    if not entries:
        return Val(b.Macro(JSON, (b.Lit("{}"),)), VALUE)
    found = b.Json(JSON, tuple(entries))
    return Val(found if _steps(found) <= _MOST else _by_entries(scene, found, vals), VALUE)


def _steps(part: b.Expr) -> int:
    """How deep `json!` calls itself: about three times for each entry that stands before."""
    if not isinstance(part, b.Json):
        return 0
    inner = [value for _, value in part.entries] + list(part.items)
    return max((3 * at + _steps(one) for at, one in enumerate(inner, 1)), default=0)


def _by_entries(scene: Scene, of: b.Json, vals: list[Val]) -> b.Expr:
    """An object whose entries are JSON each by itself: rustc lets no macro call itself more often
    than 128 times."""
    pairs: list[b.Expr] = []
    for (key, value), val in zip(of.entries, vals, strict=True):
        made = value if isinstance(value, b.Json) else _by_itself(scene, value, val)
        pairs.append(b.TupleOf((b.Lit(key), made)))
    return b.Call(b.Path(VALUE.head, ("from_iter",)), (b.ArrayOf(tuple(pairs)),))


def _by_itself(scene: Scene, value: b.Expr, val: Val) -> b.Expr:
    """A value as JSON, however long it is: on several lines rustfmt puts a comma behind what stands
    in `json!`, which takes none."""
    kind = without_reference(val.type)
    inner = option_of(kind) or kind
    plain = (inside(inner, "Vec") or inner) in _SAID
    if plain and not val.wrapped:
        given = val.expr if val.type == STR else owned(scene, val)
        return given if kind == VALUE else b.Call(b.Path(VALUE.head, ("from",)), (given,))
    if not is_short(value):
        raise UntranslatedError("a dict of many entries")
    return b.Macro(JSON, (value,))


def _extended(scene: Scene, node: ast.Dict, env: Env) -> Val:
    """`{**other, "key": value}`: what comes later counts."""
    if node.keys[0] is not None:
        raise UntranslatedError("`**` in a dict")
    name = env.free("made")
    made: list[b.Statement] = []
    before: list[b.Statement] = []
    whole = scene.value(node.values[0], env)
    if isinstance(whole.expr, b.If):
        first = env.free("first")
        before.append(b.Let(b.Bind(first), whole.expr))
        whole = Val(b.Name(first), whole.type, True, first)
    start = all_of(scene, whole)
    for key, one in zip(node.keys[1:], node.values[1:], strict=True):
        val = scene.value(one, env)
        if key is None:
            more = b.Method(b.Name(name), "extend", (all_of(scene, val),))
        else:
            text = scene.value(key, env)
            if not is_text(text):
                raise UntranslatedError("a key of a dict that is no text")
            given = (fitting(scene, text, STRING), fitting(scene, val, VALUE))
            more = b.Method(b.Name(name), "insert", given)
        made.append(b.Do(more))
    if not made:
        return Val(b.Block(tuple(before), start) if before else start, OBJECT)
    let = b.Let(b.Bind(name, "mut "), start)
    return Val(b.Block((*before, let, *made), b.Name(name)), OBJECT)


def all_of(scene: Scene, val: Val) -> b.Expr:
    """A copy of a dict, for another one."""
    kind = without_reference(val.type)
    entries = as_entries(val)
    if entries is not None:
        return entries
    if kind == OBJECT:
        return owned(scene, val)
    if kind != VALUE:
        raise UntranslatedError("`**` of what is no dict")
    there = b.Method(val.expr, "as_object")
    held = or_broken(scene, there, "TypeError", "object is not a mapping")
    return b.Method(held, "clone")


def listed(scene: Scene, node: ast.List, env: Env) -> Val:
    """`[a, b]`: of one type a Vec, else JSON."""
    if not node.elts:
        return Val(b.Call(b.Path(symbol("Vec"), ("new",))), EMPTY)
    if any(isinstance(one, ast.Starred) for one in node.elts):
        return spread(scene, node.elts, env)
    items = [scene.value(one, env) for one in node.elts]
    kinds: set[AnyType] = {_of_item(one) for one in items}
    if len(kinds) == 1 and (kind := next(iter(kinds))) not in (VALUE, without_reference(STR)):
        made = tuple(fitting(scene, one, kind) for one in items)
        return Val(b.Macro(symbol("vec"), made, "[]"), named("Vec", kind))
    scene.need_json()
    written = tuple(in_json(scene, one) for one in items)
    if any(isinstance(one, b.Json) for one in written):
        return Val(b.Json(JSON, items=written), VALUE)
    whole = b.ArrayOf(written)
    return Val(b.Macro(JSON, (whole,)), VALUE)


def _of_item(val: Val) -> AnyType:
    return STRING if val.type == STR else without_reference(val.type)


def typed_map(scene: Scene, node: ast.Dict, kind: Type, env: Env) -> Val:
    """`{"key": value}` as a map of one type. Raises UntranslatedError."""
    of = kind.args[1]
    items: list[b.Expr] = []
    for key, one in zip(node.keys, node.values, strict=True):
        if key is None:
            raise UntranslatedError("`**` in a dict")
        name = fitting(scene, scene.value(key, env), STRING)
        items.append(b.TupleOf((name, fitting(scene, scene.value(one, env), of))))
    if not items:
        return Val(b.Call(b.Path(kind.head, ("new",))), kind)
    return Val(b.Call(b.Path(kind.head, ("from",)), (b.ArrayOf(tuple(items)),)), kind)


def is_map(kind: AnyType | None) -> TypeGuard[Type]:
    """Whether a type is a map of texts to one type."""
    return (
        isinstance(kind, Type)
        and kind.head.name == "HashMap"
        and len(kind.args) == 2
        and kind.args[0] == STRING
    )
