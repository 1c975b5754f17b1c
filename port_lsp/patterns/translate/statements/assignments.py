"""`name = value`: a `let`, which shadows what the name was before."""

from __future__ import annotations

import ast

from port_lsp.patterns.translate.ownership import owned
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.statements.step import Blocks, Step
from port_lsp.patterns.translate.values import EMPTY, STR, UntranslatedError, Val, is_none
from port_lsp.patterns.translate.values import without_reference as bare
from port_lsp.types import meanings as m
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import Tuple


def annotated(blocks: Blocks, node: ast.AnnAssign, env: Env, _: bool) -> Step:
    """`name: T = value`."""
    if node.value is None:
        return Step((), env)
    return _bound(blocks, node.target, node.value, env)


def assigned(blocks: Blocks, node: ast.Assign, env: Env, _: bool) -> Step:
    """`name = value`."""
    if len(node.targets) != 1:
        raise UntranslatedError("an assignment to several names")
    return _bound(blocks, node.targets[0], node.value, env)


def unpacked(blocks: Blocks, node: ast.Assign, env: Env, _: bool) -> Step:
    """`a, b = value` of a tuple."""
    target = node.targets[0] if len(node.targets) == 1 else None
    names = [one.id for one in target.elts if isinstance(one, ast.Name)] if isinstance(
        target, ast.Tuple
    ) else []  # fmt: skip
    if not isinstance(target, ast.Tuple) or len({*names}) != len(target.elts):
        raise UntranslatedError("an assignment to several names")
    if blocks.blocked.intersection(names):
        raise UntranslatedError("an assignment that is read elsewhere")
    val = blocks.scene.value(node.value, env)
    if not isinstance(val.type, Tuple) or len(val.type.items) != len(names) or val.place:
        raise UntranslatedError("an assignment to several names")
    bound: list[b.Pattern] = []
    later = blocks.later(node, set(names))
    for name, kind in zip(names, val.type.items, strict=True):
        if name not in later:
            bound.append(b.Wild())
            env = env.without((name,))
            continue
        rust = env.free(name)
        blocks.scene.fresh.pop(rust, None)
        blocks.scene.kept.discard(rust)
        bound.append(b.Bind(rust))
        env = env.bind(name, Val(b.Name(rust), kind, place=True, root=rust), rust)
    return Step((b.Let(b.TuplePattern(None, tuple(bound)), val.expr),), env)


def _bound(blocks: Blocks, target: ast.expr, value: ast.expr, env: Env) -> Step:
    if not isinstance(target, ast.Name):
        kind = "an attribute" if isinstance(target, ast.Attribute) else "a part"
        if isinstance(target, ast.Tuple):
            kind = "several names"
        raise UntranslatedError(f"an assignment to {kind}")
    if target.id in blocks.blocked:
        raise UntranslatedError("an assignment that is read elsewhere")
    val = blocks.scene.value(value, env)
    if val.type == EMPTY:
        raise UntranslatedError("a list that is filled")
    if is_none(val) or val.member is not None:
        # Nothing is written: of what it may be None isn't known yet, nor as what a member is asked.
        return Step((), env.knowing(target.id, val))
    rust = env.free(target.id)
    _remember(blocks.scene, rust, value, val, env)
    if val.type == STR:
        made, kind = val.expr, STR
    else:
        made, kind = owned(blocks.scene, val), bare(val.type)
    found = Val(b.Name(rust), kind, place=True, root=rust)
    return Step((b.Let(b.Bind(rust), made),), env.bind(target.id, found, rust))


def _remember(scene: Scene, rust: str, value: ast.expr, val: Val, env: Env) -> None:
    """Notes a variable that holds a new row, by the item key of its table, or no such any more."""
    scene.fresh.pop(rust, None)
    scene.kept.discard(rust)
    meaning = scene.meaning(value.func, env) if isinstance(value, ast.Call) else None
    if isinstance(meaning, m.Kind) and isinstance(val.expr, b.StructLiteral):
        scene.fresh[rust] = meaning.key
