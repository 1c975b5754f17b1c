"""Python's functions of what can be gone through (its docs, "Built-in Functions"): `any`, `all`,
`sum`, `list`, `set`, `sorted`, and a text's `join`.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping

from port_lsp.patterns.translate.expressions.comprehensions import asked, copy_of, listed_each
from port_lsp.patterns.translate.expressions.sources import Source, item_type, source
from port_lsp.patterns.translate.ownership import as_str, owned
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.values import (
    BOOL,
    I64,
    OBJECT,
    STR,
    STRING,
    VALUE,
    UntranslatedError,
    Val,
    escapes,
    inside,
    without_reference,
)
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import AnyType, Reference, named, symbol

NodeRule = Callable[[Scene, ast.Call, Env], Val]
_ORDERED = (STRING, I64)


def _every(scene: Scene, node: ast.Call, env: Env) -> Val:
    return _asked(scene, node, env, every=True)


def _some(scene: Scene, node: ast.Call, env: Env) -> Val:
    return _asked(scene, node, env, every=False)


def _asked(scene: Scene, node: ast.Call, env: Env, *, every: bool) -> Val:
    (given,) = node.args
    if isinstance(given, ast.GeneratorExp):
        return asked(scene, given, env, every=every)
    one = ast.Name("one", ast.Load())
    each = ast.comprehension(ast.Name("one", ast.Store()), given, [], 0)
    return asked(scene, ast.GeneratorExp(one, [each]), env, every=every)


def _sum(scene: Scene, node: ast.Call, env: Env) -> Val:
    """Of integers: floats Python adds up with more precision than std."""
    whole = _gathered(scene, node.args[0], env)
    if inside(whole.type, "Vec") != I64:
        raise UntranslatedError("sum of what are no integers")
    expr = whole.expr
    if isinstance(expr, b.Method) and expr.name == "collect":
        return Val(b.Method(expr.receiver, "sum", (), (I64,)), I64)
    return Val(b.Method(b.Method(expr, "iter"), "sum", (), (I64,)), I64)


def _list(scene: Scene, node: ast.Call, env: Env) -> Val:
    if not node.args:
        return scene.value(ast.List([], ast.Load()), env)
    return _gathered(scene, node.args[0], env)


def _set(scene: Scene, node: ast.Call, env: Env) -> Val:
    if not node.args:
        raise UntranslatedError("a set that is filled")
    given = node.args[0]
    if not isinstance(given, ast.GeneratorExp):
        one = ast.Name("one", ast.Load())
        each = ast.comprehension(ast.Name("one", ast.Store()), given, [], 0)
        given = ast.GeneratorExp(one, [each])
    return listed_each(scene, given, env, as_set=True)


def _dict(scene: Scene, node: ast.Call, env: Env) -> Val:
    """A copy of a dict."""
    if not node.args:
        return scene.value(ast.Dict([], []), env)
    val = scene.value(node.args[0], env)
    if without_reference(val.type) != OBJECT:
        raise UntranslatedError("a dict of what isn't known")
    return Val(owned(scene, val), OBJECT)


def _gathered(scene: Scene, node: ast.expr, env: Env) -> Val:
    """All that something gives, in a list of its own."""
    if isinstance(node, ast.GeneratorExp):
        return listed_each(scene, node, env)
    return _collected(scene, source(scene, node, env))


def _collected(scene: Scene, of: Source) -> Val:
    if isinstance(of.item, tuple):
        raise UntranslatedError("a list of tuples")
    kind = STRING if of.item == STR else without_reference(of.item)
    if (copied := copy_of(scene, of)) is not None:
        return copied
    each = of.iter
    if of.item == STR:
        each = b.Method(each, "map", (b.Path(symbol("str"), ("to_string",)),))
    elif isinstance(of.item, Reference):
        if not scene.shapes.has(kind, "Clone"):
            raise UntranslatedError("a list of what can't be cloned")
        each = b.Method(each, "cloned")
    if kind == VALUE and isinstance(of.over, b.Try):  # a list already
        return Val(of.over, named("Vec", VALUE))
    listed = named("Vec", kind)
    return Val(b.Method(each, "collect", (), (named("Vec", named("_")),)), listed)


def _sorted(scene: Scene, node: ast.Call, env: Env) -> Val:
    """A sorted list. Both sides keep the order of what is equal, also `reverse`."""
    words = {one.arg: one.value for one in node.keywords}
    if set(words) - {"key", "reverse"}:
        raise UntranslatedError("sorted with more than a key")
    turned = words.get("reverse")
    if turned is not None and not isinstance(turned, ast.Constant):
        raise UntranslatedError("sorted one way or the other")
    back = isinstance(turned, ast.Constant) and bool(turned.value)
    whole = _gathered(scene, node.args[0], env)
    item = inside(whole.type, "Vec")
    assert item is not None
    name = env.free("sorted")
    if "key" in words:
        by = _by_key(scene, words["key"], item, env, back=back)
    elif item not in _ORDERED:
        raise UntranslatedError("sorted without a key")
    elif back:
        pair = (b.Bind("a"), b.Bind("b"))
        by = ("sort_by", (b.Closure(pair, b.Method(b.Name("b"), "cmp", (b.Name("a"),))),))
    else:
        by = ("sort", ())
    start = b.Let(b.Bind(name, "mut "), whole.expr)
    block = b.Block((start, b.Do(b.Method(b.Name(name), *by))), b.Name(name))
    return Val(block, whole.type)


def _by_key(
    scene: Scene, node: ast.expr, item: AnyType, env: Env, *, back: bool
) -> tuple[str, tuple[b.Expr, ...]]:
    if not isinstance(node, ast.Lambda) or len(node.args.args) != 1:
        raise UntranslatedError("sorted by what is no lambda")
    param = node.args.args[0].arg

    def key(name: str) -> Val:
        val = Val(b.Name(name), Reference(item), True, name)
        made = scene.value(node.body, env.bind(param, val, name))
        if escapes(made.expr) or without_reference(made.type) not in (*_ORDERED, BOOL):
            raise UntranslatedError("sorted by a key of another type")
        return made

    if without_reference(key("one").type) != STRING:
        found = owned(scene, key("one"))
        if back:
            found = b.Call(b.Path(symbol("std::cmp::Reverse")), (found,))
        return "sort_by_key", (b.Closure((b.Bind("one"),), found),)
    first, second = key("a"), key("b")
    if back:
        first, second = second, first
    reference = isinstance(second.type, Reference)
    other = second.expr if reference else b.Unary("&", second.expr)
    compared = b.Method(first.expr, "cmp", (other,))
    return "sort_by", (b.Closure((b.Bind("a"), b.Bind("b")), compared),)


def joined_by(scene: Scene, of: Val, node: ast.Call, env: Env) -> Val:
    """`text.join(texts)`."""
    (given,) = node.args
    whole = source_of_texts(scene, given, env)
    return Val(b.Method(whole, "join", (as_str(of),)), STRING)


def source_of_texts(scene: Scene, node: ast.expr, env: Env) -> b.Expr:
    """Texts in a list, which is read alone."""
    if isinstance(node, ast.GeneratorExp):
        whole = listed_each(scene, node, env)
    else:
        of = source(scene, node, env)
        if of.whole is not None and item_type(of.whole.type) == STRING:
            return of.whole.expr
        if of.item == STR and isinstance(of.over, b.ArrayOf):
            return of.over
        whole = _collected(scene, of)
    if inside(whole.type, "Vec") != STRING:
        raise UntranslatedError("join of what are no texts")
    return whole.expr


def _one(rule: NodeRule) -> NodeRule:
    def checked(scene: Scene, node: ast.Call, env: Env) -> Val:
        if len(node.args) != 1 or (node.keywords and rule is not _sorted):
            raise UntranslatedError("a builtin with several arguments")
        return rule(scene, node, env)

    return checked


def _up_to_one(rule: NodeRule) -> NodeRule:
    def checked(scene: Scene, node: ast.Call, env: Env) -> Val:
        if len(node.args) > 1 or node.keywords:
            raise UntranslatedError("a builtin with several arguments")
        return rule(scene, node, env)

    return checked


GATHERED: Mapping[str, NodeRule] = {
    "builtins.all": _one(_every),
    "builtins.any": _one(_some),
    "builtins.sum": _one(_sum),
    "builtins.sorted": _one(_sorted),
    "builtins.list": _up_to_one(_list),
    "builtins.set": _up_to_one(_set),
    "builtins.dict": _up_to_one(_dict),
}
"""By their dotted names; they take their arguments untranslated."""
