"""`a, b = value` of tuples, of lists and of `text.partition(…)`, and `a = b = value`.

Python's reference, "Assignment statements": as many items as names, else ValueError, whose text
says how many there are.
"""

from __future__ import annotations

import ast

from port_lsp.patterns.translate.failing import unsaid
from port_lsp.patterns.translate.ownership import as_str, owned
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.statements.changes import put
from port_lsp.patterns.translate.statements.step import Blocks, Step
from port_lsp.patterns.translate.values import (
    ERR,
    NONE,
    SOME,
    STR,
    STRING,
    UNCHANGING,
    UntranslatedError,
    Val,
    inside,
    is_none,
    is_text,
    without_reference,
)
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import AnyType, Tuple

_SEVERAL = "an assignment to several names"
_ITEMS = "items"


def unpacked(blocks: Blocks, node: ast.Assign, env: Env, _: bool) -> Step:
    """The names, each with its part of the value."""
    if len(node.targets) > 1:
        return _same(blocks, node, env)
    target = node.targets[0]
    names = [one.id for one in target.elts if isinstance(one, ast.Name)] if isinstance(
        target, ast.Tuple
    ) else []  # fmt: skip
    if not isinstance(target, ast.Tuple) or len({*names}) != len(target.elts):
        raise UntranslatedError(_SEVERAL)
    if blocks.blocked.intersection(names):
        raise UntranslatedError("an assignment that is read elsewhere")
    scene = blocks.scene
    val = _parted(scene, node.value, env) or scene.value(node.value, env)
    item = inside(val.type, "Vec")
    if item is not None and not val.place:
        return _listed(blocks, node, names, val, item, env)
    if not isinstance(val.type, Tuple) or len(val.type.items) != len(names) or val.place:
        raise UntranslatedError(_SEVERAL)
    patterns, env = _bound(blocks, node, names, val.type.items, env)
    return Step((b.Let(b.TuplePattern(None, tuple(patterns)), val.expr),), env)


def _bound(
    blocks: Blocks, node: ast.Assign, names: list[str], kinds: tuple[AnyType, ...], env: Env
) -> tuple[list[b.Pattern], Env]:
    """What each name is bound by, and the names behind it; none for those that nobody reads."""
    bound: list[b.Pattern] = []
    later = blocks.later(node, set(names))
    if env.changeable(names):
        raise UntranslatedError(_SEVERAL)
    for name, kind in zip(names, kinds, strict=True):
        if name not in later:
            bound.append(b.Wild())
            env = env.without((name,))
            continue
        rust = env.free(name)
        blocks.scene.fresh.pop(rust, None)
        blocks.scene.kept.discard(rust)
        bound.append(b.Bind(rust))
        env = env.bind(name, Val(b.Name(rust), kind, place=True, root=rust), rust)
    return bound, env


def _listed(
    blocks: Blocks, node: ast.Assign, names: list[str], val: Val, item: AnyType, env: Env
) -> Step:
    """The items of a list, which are as many as the names."""
    scene = blocks.scene
    if scene.result is None or scene.streams or not names:
        raise UntranslatedError(_SEVERAL)
    items = env.free(_ITEMS)
    patterns, after = _bound(blocks, node, names, (item,) * len(names), env)
    given = b.Method(val.expr, "into_iter")
    following = b.Method(b.Name(items), "next")
    pattern = b.TuplePattern(
        None, (*(b.TuplePattern(SOME, (one,)) for one in patterns), b.PathPattern(NONE))
    )
    refused = b.Jump("return", b.Call(b.Path(ERR), (unsaid(scene, "ValueError"),)))
    found = b.TupleOf((following,) * (len(names) + 1))
    return Step(
        (
            b.Let(b.Bind(items, "mut "), given),
            b.Let(pattern, found, otherwise=b.Block((b.Do(refused),))),
        ),
        after,
    )


def _parted(scene: Scene, node: ast.expr, env: Env) -> Val | None:
    """`text.partition(mark)`, `text.rpartition(mark)`: what is before the first or behind the last
    mark, with the mark. None for another value. Raises UntranslatedError."""
    func = node.func if isinstance(node, ast.Call) else None
    if not isinstance(node, ast.Call) or not isinstance(func, ast.Attribute):
        return None
    if func.attr not in ("partition", "rpartition") or len(node.args) != 1 or node.keywords:
        return None
    of, mark = scene.value(func.value, env), scene.value(node.args[0], env)
    if not is_text(of) or mark.known is None or not mark.known.value or not is_text(mark):
        raise UntranslatedError(f"the method {func.attr}")
    backwards = func.attr == "rpartition"
    found = b.Method(of.expr, "rsplit_once" if backwards else "split_once", (as_str(mark),))
    pair = b.TuplePattern(None, (b.Bind("before"), b.Bind("behind")))
    there = b.TupleOf((_owned("before"), b.Method(mark.expr, "to_string"), _owned("behind")))
    empty = b.Path(STRING.head, ("new",))
    whole = b.Method(of.expr, "to_string")
    none = (b.Call(empty), b.Call(empty), whole) if backwards else (
        whole, b.Call(empty), b.Call(empty)
    )  # fmt: skip
    if not of.place:
        raise UntranslatedError(f"the method {func.attr}")
    some = b.Arm(b.TuplePattern(SOME, (pair,)), there)
    made = b.Match(found, (some, b.Arm(b.PathPattern(NONE), b.TupleOf(none))))
    return Val(made, Tuple((STRING, STRING, STRING)))


def _owned(name: str) -> b.Expr:
    return b.Method(b.Name(name), "to_string")


def _same(blocks: Blocks, node: ast.Assign, env: Env) -> Step:
    """`a = b = value` of what can't be changed where it stands: each has a copy."""
    scene = blocks.scene
    names = [one.id for one in node.targets if isinstance(one, ast.Name)]
    if len(names) != len(node.targets) or len({*names}) != len(names):
        raise UntranslatedError(_SEVERAL)
    if blocks.blocked.intersection(names):
        raise UntranslatedError("an assignment that is read elsewhere")
    val = scene.value(node.value, env)
    made: list[b.Statement] = []
    if without_reference(val.type) not in UNCHANGING and not is_none(val):
        raise UntranslatedError(_SEVERAL)
    for name in names:
        changed = put(blocks, node, name, val, env)
        if changed is not None:
            made += changed.statements
            env = changed.env
        elif is_none(val) or val.member is not None:
            env = env.knowing(name, val)
        else:
            rust = env.free(name)
            scene.fresh.pop(rust, None)
            scene.kept.discard(rust)
            value = val.expr if val.type == STR else owned(scene, val)
            made.append(b.Let(b.Bind(rust), value))
            kind = STR if val.type == STR else without_reference(val.type)
            first = Val(b.Name(rust), kind, place=True, root=rust)
            env = env.bind(name, first, rust)
            val = val if val.known is not None else first
    return Step(tuple(made), env)
