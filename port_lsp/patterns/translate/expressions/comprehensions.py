"""Comprehensions (Python's docs: "Displays for lists, sets and dictionaries"): a chain of iterators
where each item becomes one, else a loop that fills what it gives.
"""

from __future__ import annotations

import ast
from collections.abc import Callable

from port_lsp.patterns.translate.expressions.narrowing import narrowed
from port_lsp.patterns.translate.expressions.sources import Source, bind, item_type, read, source
from port_lsp.patterns.translate.expressions.truth import looked_at, truth
from port_lsp.patterns.translate.expressions.validated import validated_each
from port_lsp.patterns.translate.ownership import as_entries, fitting, owned
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.values import (
    BOOL,
    EMPTY,
    I64,
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
    without_reference,
)
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import AnyType, Reference, Slice, named, symbol

_VEC, _SET = symbol("Vec"), symbol("std::collections::HashSet")
_MAP = symbol("std::collections::HashMap")
_ANY = named("_")
_HASHED = (STRING, I64, BOOL)
Items = Callable[[Env], tuple[b.Expr, ...]]
"""What a turn gives, with the names that it binds: one value, or a key and a value."""
Comprehension = ast.ListComp | ast.SetComp | ast.GeneratorExp


def list_comprehension(scene: Scene, node: ast.ListComp, env: Env) -> Val:
    """`[value for name in list if test]`."""
    try:
        return validated_each(scene, node, env)
    except UntranslatedError:
        return listed_each(scene, node, env)


def set_comprehension(scene: Scene, node: ast.SetComp, env: Env) -> Val:
    """`{value for name in list}`."""
    return listed_each(scene, node, env, as_set=True)


def dict_comprehension(scene: Scene, node: ast.DictComp, env: Env) -> Val:
    """`{key: value for name in list}`, of which nobody asks the order: a HashMap has none."""
    kinds: list[AnyType] = []

    def item(inside: Env) -> tuple[b.Expr, ...]:
        vals = [scene.value(one, inside) for one in (node.key, node.value)]
        kinds[:] = [_kind(one) for one in vals]
        if kinds[0] not in _HASHED:
            raise UntranslatedError("a dict whose keys are no texts")
        return tuple(fitting(scene, one, kind) for one, kind in zip(vals, kinds, strict=True))

    collected = named("std::collections::HashMap", _ANY, _ANY)
    made = _made(scene, node.generators, env, item, b.Path(_MAP, ("new",)), "insert", collected)
    return Val(made, named("std::collections::HashMap", *kinds))


def listed_each(scene: Scene, node: Comprehension, env: Env, *, as_set: bool = False) -> Val:
    """What a comprehension or a generator gives, in a list or a set."""
    same = None if as_set else _same(scene, node, env)
    if same is not None:
        return same
    kinds: list[AnyType] = []

    def item(inside: Env) -> tuple[b.Expr, ...]:
        val = scene.value(node.elt, inside)
        kinds[:] = [_kind(val)]
        if kinds[0] == VALUE and _gives_objects(scene) and as_entries(val) is not None:
            kinds[:] = [OBJECT]
        if as_set and kinds[0] not in _HASHED:
            raise UntranslatedError("a set of what can't be hashed")
        return (fitting(scene, val, kinds[0]),)

    head = _SET if as_set else _VEC
    empty = b.Path(head, ("new",))
    collected = named("std::collections::HashSet" if as_set else "Vec", _ANY)
    word = "insert" if as_set else "push"
    made = _made(scene, node.generators, env, item, empty, word, collected)
    return Val(made, named("std::collections::HashSet" if as_set else "Vec", *kinds))


def asked(scene: Scene, node: ast.GeneratorExp, env: Env, *, every: bool) -> Val:
    """`any(test for name in list)`, `all(…)`."""
    (one,) = node.generators if len(node.generators) == 1 else (None,)
    if one is None or one.is_async:
        raise UntranslatedError("any or all of several loops")
    of = source(scene, one.iter, env)
    pattern, inside = bind(one.target, of.item, env)
    nodes = [*one.ifs, node.elt]
    if every:
        nodes = [*(ast.UnaryOp(ast.Not(), test) for test in one.ifs), node.elt]
    whole = ast.BoolOp(ast.Or() if every else ast.And(), nodes) if len(nodes) > 1 else nodes[0]
    test = truth(scene, whole, inside)
    if escapes(test):
        raise UntranslatedError("any or all of what may fail")
    closure = b.Closure((read(pattern, test),), test)
    return Val(b.Method(of.iter, "all" if every else "any", (closure,)), BOOL)


def _kind(val: Val) -> AnyType:
    if val.type == EMPTY or is_none(val):
        raise UntranslatedError("a list of what isn't known")
    return STRING if val.type == STR else without_reference(val.type)


def _gives_objects(scene: Scene) -> bool:
    """Whether the function gives a list of dicts, which may be this one."""
    return scene.answer.type is not None and inside(scene.answer.type, "Vec") == OBJECT


def _same(scene: Scene, node: Comprehension, env: Env) -> Val | None:
    """`[one for one in list]`: a copy of the list."""
    (one,) = node.generators if len(node.generators) == 1 else (None,)
    if one is None or one.ifs or one.is_async or not isinstance(one.target, ast.Name):
        return None
    if not isinstance(node.elt, ast.Name) or node.elt.id != one.target.id:
        return None
    return copy_of(scene, source(scene, one.iter, env))


def copy_of(scene: Scene, of: Source) -> Val | None:
    """A copy of a list; None for what is none."""
    item = item_type(of.whole.type) if of.whole is not None else None
    if of.whole is None or item is None or not scene.shapes.has(item, "Clone"):
        return None
    kind = named("Vec", item)
    if isinstance(without_reference(of.whole.type), Slice):
        return Val(b.Method(of.whole.expr, "to_vec"), kind)
    return Val(owned(scene, of.whole), kind)


def _made(
    scene: Scene,
    generators: list[ast.comprehension],
    env: Env,
    item: Items,
    empty: b.Path,
    word: str,
    collected: AnyType,
) -> b.Expr:
    moves, scene.may_move = scene.may_move, False
    try:
        first = generators[0]
        of = source(scene, first.iter, env)
        name = env.free("found")
        filled = env.bind(name, Val(b.Name(name), _ANY, True, name), name)
        if len(generators) == 1 and not first.ifs and not first.is_async:
            pattern, inside = bind(first.target, of.item, filled)
            given: tuple[b.Expr, ...] = item(inside)
            if not escapes(given):
                one = given[0] if len(given) == 1 else b.TupleOf(given)
                return _chain(of, read(pattern, one), one, collected)
            item = _known(given)  # what stands in it may hold as much again
        loop = _loop(scene, generators, filled, item, b.Name(name), word, of)
    finally:
        scene.may_move = moves
    start = b.Let(b.Bind(name, "mut "), b.Call(empty))
    return b.Block((start, b.Do(loop)), b.Name(name))


def _known(given: tuple[b.Expr, ...]) -> Items:
    return lambda _: given


def _chain(of: Source, pattern: b.Pattern, one: b.Expr, collected: AnyType) -> b.Expr:
    """`.map(…).collect()`; nothing to map where an item stays what it is."""
    each = of.iter
    if isinstance(pattern, b.Bind) and one == b.Method(b.Name(pattern.name), "clone"):
        each = b.Method(each, "cloned") if isinstance(of.item, Reference) else each
    elif not (isinstance(pattern, b.Bind) and one == b.Name(pattern.name)):
        called = isinstance(one, b.Call) and isinstance(pattern, b.Bind)
        if called and isinstance(one, b.Call) and one.args == (_name(pattern),):
            each = b.Method(each, "map", (one.function,))
        else:
            each = b.Method(each, "map", (b.Closure((pattern,), one),))
    return b.Method(each, "collect", (), (collected,))


def _name(pattern: b.Pattern) -> b.Expr | None:
    return b.Name(pattern.name) if isinstance(pattern, b.Bind) else None


def _loop(
    scene: Scene,
    generators: list[ast.comprehension],
    env: Env,
    item: Items,
    found: b.Expr,
    word: str,
    of: Source | None = None,
) -> b.Expr:
    """The loops, one in the other, with what is filled in the innermost."""
    first, rest = generators[0], generators[1:]
    if first.is_async:
        raise UntranslatedError("an async comprehension")
    of = of if of is not None else source(scene, first.iter, env)
    pattern, inside = bind(first.target, of.item, env)
    tests: list[tuple[b.Expr, b.Pattern | None]] = []
    for test in first.ifs:
        found_some = narrowed(scene, test, inside)
        if found_some is not None and found_some.some and found_some.asks_nothing_more:
            inside = found_some.owned(inside) if found_some.copied else found_some.borrowed(inside)
            known = b.TuplePattern(SOME, (b.Bind(found_some.rust),))
            tests.append((looked_at(scene, found_some), known))
        else:
            tests.append((truth(scene, test, inside), None))
    inner: b.Expr
    if rest:
        inner = _loop(scene, rest, inside, item, found, word)
    else:
        inner = b.Method(found, word, item(inside))
    for test, known in reversed(tests):
        if isinstance(test, b.Lit):
            raise UntranslatedError("a comprehension whose test is decided")
        if known is not None:
            known = read(known, inner)
        inner = b.If(test, b.Block((b.Do(inner),)), binding=known)
    return b.For(read(pattern, inner), of.over, b.Block((b.Do(inner),)))
