"""What loops and comprehensions go through (Python's docs: "Iterator Types", `enumerate`, `zip`,
`reversed`, dicts' views): an iterator of Rust's, with the types of what comes of it.
"""

from __future__ import annotations

import ast
from typing import TypeAlias

from port_lsp.facts.source import Record
from port_lsp.patterns.translate.expressions.mappings import as_object
from port_lsp.patterns.translate.expressions.pythonic import each_of
from port_lsp.patterns.translate.failing import or_broken
from port_lsp.patterns.translate.ownership import fitting, written
from port_lsp.patterns.translate.reading import mentions
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.values import (
    COPIED,
    I64,
    OBJECT,
    STR,
    STRING,
    VALUE,
    UntranslatedError,
    Val,
    inside,
    is_text,
    option_of,
    without_reference,
)
from port_lsp.types import meanings as m
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import AnyType, Reference, Slice

Item: TypeAlias = "AnyType | tuple[Item, ...]"
_VIEWS = ("items", "keys", "values")


class Source(Record, frozen=True):
    """What stands behind `in`, the same as an iterator, and what each turn gives: a type, or those
    of a tuple. `whole` is the list where it is one."""

    over: b.Expr
    iter: b.Expr
    item: Item
    whole: Val | None = None


def source(scene: Scene, node: ast.expr, env: Env) -> Source:
    """What an expression gives when it is gone through. Raises UntranslatedError."""
    if isinstance(node, ast.Call) and not node.keywords:
        made = _called(scene, node, env) or _viewed(scene, node, env)
        if made is not None:
            return made
    if isinstance(node, (ast.List, ast.Tuple)) and node.elts:
        if any(isinstance(one, ast.Starred) for one in node.elts):
            return of_value(scene, scene.value(ast.List(node.elts, ast.Load()), env))
        return _display(scene, node, env)
    return of_value(scene, scene.value(node, env))


def of_value(scene: Scene, val: Val) -> Source:
    """The same of a value."""
    if val.wrapped:
        raise UntranslatedError("For over what is no list")
    kind = without_reference(val.type)
    inner = option_of(kind)
    if inner is not None:
        borrowed = val.place and not isinstance(inner, Reference)
        held = b.Method(val.expr, "as_ref") if borrowed else val.expr
        there = or_broken(scene, held, "TypeError", "'NoneType' object is not iterable")
        given = Reference(inner) if borrowed else inner
        return of_value(scene, Val(there, given, val.place, val.root))
    if kind == VALUE:
        of = val.expr if isinstance(val.type, Reference) else b.Unary("&", written(val))
        found = or_broken(scene, each_of(scene, of), "TypeError", "object is not iterable")
        return Source(found, b.Method(found, "into_iter"), VALUE)
    if kind == OBJECT:
        return _view(scene, val, "keys")
    if is_text(val):
        chars = b.Method(val.expr, "chars")
        each = b.Method(chars, "map", (b.Closure((b.Bind("one"),), _text(b.Name("one"))),))
        return Source(each, each, STRING)
    item = item_type(kind) or inside(kind, "HashSet")
    if item is None:
        raise UntranslatedError("For over what is no list")
    borrowed = isinstance(val.type, Reference)
    if not val.place and not borrowed:
        return Source(val.expr, b.Method(val.expr, "into_iter"), item, val)
    each = b.Method(val.expr, "iter")
    if item in COPIED:
        each = b.Method(each, "copied")
        return Source(each, each, item, val)
    over = val.expr if borrowed else b.Unary("&", written(val))
    return Source(over, each, Reference(item), val)


def item_type(kind: AnyType) -> AnyType | None:
    """What a list holds."""
    kind = without_reference(kind)
    return kind.item if isinstance(kind, Slice) else inside(kind, "Vec")


def bind(target: ast.expr, item: Item, env: Env) -> tuple[b.Pattern, Env]:
    """The names that each turn binds. Raises UntranslatedError."""
    if isinstance(target, ast.Name) and target.id == "_":
        return b.Wild(), env
    if isinstance(target, ast.Name) and not isinstance(item, tuple):
        rust = env.free(target.id)
        val = Val(b.Name(rust), item, place=True, root=rust)
        return b.Bind(rust), env.bind(target.id, val, rust)
    if isinstance(target, ast.Tuple) and isinstance(item, tuple) and len(target.elts) == len(item):
        found: list[b.Pattern] = []
        for one, kind in zip(target.elts, item, strict=True):
            pattern, env = bind(one, kind, env)
            found.append(pattern)
        return b.TuplePattern(None, tuple(found)), env
    raise UntranslatedError("For with a target of another form")


def read(pattern: b.Pattern, part: object) -> b.Pattern:
    """A pattern without the names that nobody reads."""
    if isinstance(pattern, b.TuplePattern):
        items = tuple(read(one, part) for one in pattern.items)
        return b.TuplePattern(pattern.symbol, items, pattern.members)
    if isinstance(pattern, b.Bind) and not mentions(pattern.name, part):
        return b.Wild()
    return pattern


def _text(of: b.Expr) -> b.Expr:
    return b.Method(of, "to_string")


def _called(scene: Scene, node: ast.Call, env: Env) -> Source | None:
    """Of `enumerate`, `zip`, `reversed`, `range`."""
    meaning = scene.meaning(node.func, env)
    name = meaning.name if isinstance(meaning, m.Outside) else ""
    if name == "builtins.enumerate" and len(node.args) in (1, 2):
        of = source(scene, node.args[0], env)
        first = scene.value(node.args[1], env).known if len(node.args) == 2 else None
        start = first.value if first is not None else 0
        if (len(node.args) == 2 and first is None) or not isinstance(start, int):
            raise UntranslatedError("enumerate from what isn't known")
        numbers = b.Lit(f"({start}_i64..)")
        made = b.Method(numbers, "zip", (of.over,))
        return Source(made, made, (I64, of.item))
    if name == "builtins.zip" and len(node.args) == 2:
        one, other = (source(scene, each, env) for each in node.args)
        made = b.Method(one.iter, "zip", (other.over,))
        return Source(made, made, (one.item, other.item))
    if name == "builtins.reversed" and len(node.args) == 1:
        of = source(scene, node.args[0], env)
        if of.whole is None or inside(without_reference(of.whole.type), "HashSet") is not None:
            raise UntranslatedError("reversed of what is no list")
        made = b.Method(of.iter, "rev")
        return Source(made, made, of.item)
    if name == "builtins.range" and len(node.args) in (1, 2):
        vals = [scene.value(one, env) for one in node.args]
        if any(without_reference(one.type) != I64 for one in vals):
            raise UntranslatedError("range of what are no integers")
        ends = [b.Unary("*", x.expr) if isinstance(x.type, Reference) else written(x) for x in vals]
        made = b.Binary(ends[0] if len(ends) == 2 else b.Lit("0"), "..", ends[-1])
        return Source(made, made, I64)
    return None


def _viewed(scene: Scene, node: ast.Call, env: Env) -> Source | None:
    """Of a dict's `items()`, `keys()`, `values()`."""
    func = node.func
    if not isinstance(func, ast.Attribute) or func.attr not in _VIEWS or node.args:
        return None
    if scene.meaning(func, env) is not None:
        return None
    val = scene.value(func.value, env)
    inner = option_of(without_reference(val.type))
    if inner is not None and val.place and not isinstance(inner, Reference):
        text = f"'NoneType' object has no attribute '{func.attr}'"
        made = or_broken(scene, b.Method(val.expr, "as_ref"), "AttributeError", text)
        val = Val(made, Reference(inner), True, val.root)
    if without_reference(val.type) not in (OBJECT, VALUE):
        return None
    return _view(scene, val, func.attr)


def _view(scene: Scene, val: Val, name: str) -> Source:
    """A map of serde_json's, which must keep its order as a dict does."""
    scene.needs.depend("serde_json", "1", "preserve_order")
    of = as_object(scene, val, name)
    borrowed = val.place or isinstance(val.type, Reference)
    if without_reference(val.type) == VALUE and not borrowed:
        raise UntranslatedError("a view of a value by itself")
    key: AnyType = Reference(STRING) if borrowed else STRING
    value: AnyType = Reference(VALUE) if borrowed else VALUE
    if name == "items":
        if borrowed:
            is_reference = isinstance(val.type, Reference) or isinstance(of, b.Try)
            whole = written(val) if of == val.expr else of
            over = of if is_reference else b.Unary("&", whole)
            return Source(over, b.Method(of, "iter"), (key, value))
        return Source(of, b.Method(of, "into_iter"), (key, value))
    each = b.Method(of, name)
    if not borrowed:
        pair = (b.Bind("one"), b.Wild()) if name == "keys" else (b.Wild(), b.Bind("one"))
        first = b.Closure((b.TuplePattern(None, pair),), b.Name("one"))
        each = b.Method(b.Method(of, "into_iter"), "map", (first,))
    return Source(each, each, key if name == "keys" else value)


def _display(scene: Scene, node: ast.List | ast.Tuple, env: Env) -> Source:
    """Of a list as it is written, which Rust has an array for."""
    items = [scene.value(one, env) for one in node.elts]
    kinds = {STRING if one.type == STR else without_reference(one.type) for one in items}
    if len(kinds) != 1:
        raise UntranslatedError("For over a list of several types")
    (kind,) = kinds
    if all(one.type == STR for one in items):
        whole: b.Expr = b.ArrayOf(tuple(one.expr for one in items))
        return Source(whole, b.Method(whole, "into_iter"), STR)
    whole = b.ArrayOf(tuple(fitting(scene, one, kind) for one in items))
    return Source(whole, b.Method(whole, "into_iter"), kind)
