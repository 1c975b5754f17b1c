"""`request.app.state.name = value` and `+=`: what later requests read.

What is made of the value that is there is one step, as it is in Python, where nobody else runs
between two awaits.
"""

from __future__ import annotations

import ast
from typing import TypeVar, cast

import msgspec
from msgspec.structs import replace

from port_lsp.patterns.translate.appstate.cells import Cell
from port_lsp.patterns.translate.appstate.reads import cell_of, is_plain, place_of
from port_lsp.patterns.translate.ownership import fitting
from port_lsp.patterns.translate.scene import Env, Scene, dotted
from port_lsp.patterns.translate.statements.conditions import conditional
from port_lsp.patterns.translate.statements.step import Blocks, Step
from port_lsp.patterns.translate.values import (
    COPIED,
    NUMBERS,
    NotMineError,
    UntranslatedError,
    Val,
    escapes,
)
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import Reference

_Part = TypeVar("_Part")
_SIGNS: dict[type[ast.operator], str] = {ast.Add: "+=", ast.Sub: "-=", ast.Mult: "*="}
_ANOTHER = "what the application's state holds, made of what it held"


def set_(blocks: Blocks, node: ast.Assign | ast.AnnAssign, env: Env, _: bool) -> Step:
    """`request.app.state.name = value`."""
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    target, whole = targets[0], dotted(targets[0])
    scene = blocks.scene
    found = place_of(scene, whole, env) if len(targets) == 1 else None
    if found is None or found[1] or node.value is None:
        raise NotMineError("an assignment to an attribute")
    kept = isinstance(node.value, ast.IfExp) and dotted(node.value.orelse) == whole
    if kept and isinstance(node, ast.Assign) and not found[0].unset:
        return _under(blocks, node, env)
    if any(isinstance(one, ast.Attribute) and dotted(one) == whole for one in ast.walk(node.value)):
        return _changed(scene, target, node.value, env)
    there = cell_of(scene, found[0])
    val = scene.value(node.value, env)
    if not is_plain(there) and _names(node.value) & scene.changed:
        raise UntranslatedError("what the application's state gets, and is changed in place")
    _noted(scene, found[0].owner, found[0].python)
    made = b.Method(there.expr, "set", (fitting(scene, val, there.kind),))
    return Step((b.Do(made),), env.dropped((whole,)))


def _under(blocks: Blocks, node: ast.Assign, env: Env) -> Step:
    """`state.name = value if test else state.name`: set under the test."""
    value = node.value
    assert isinstance(value, ast.IfExp)
    inner = ast.copy_location(ast.Assign(node.targets, value.body), value.body)
    whole = ast.copy_location(ast.If(value.test, [inner], []), node)
    step = conditional(blocks, whole, env, False)
    if blocks.forget(inner):
        raise UntranslatedError(_ANOTHER)
    return step._replace(env=step.env.dropped((dotted(node.targets[0]),)))


def increased(blocks: Blocks, node: ast.AugAssign, env: Env, _: bool) -> Step:
    """`request.app.state.name += value`."""
    if not isinstance(node.target, ast.Attribute):
        raise NotMineError("AugAssign")
    whole = dotted(node.target)
    found = place_of(blocks.scene, whole, env)
    if found is None or found[1]:
        raise NotMineError("AugAssign")
    read = ast.parse(whole, mode="eval").body
    value = ast.copy_location(ast.BinOp(read, node.op, node.value), node)
    return _changed(blocks.scene, node.target, ast.fix_missing_locations(value), env)


def _changed(scene: Scene, target: ast.expr, node: ast.expr, env: Env) -> Step:
    """A value that is made of what was there: of a number, a text or the like."""
    whole = dotted(target)
    found = place_of(scene, whole, env)
    if found is None:
        raise UntranslatedError(_ANOTHER)
    there = cell_of(scene, found[0])
    name = env.free(found[0].name)
    own = b.Unary("*", b.Name(name))
    copied = there.kind in COPIED
    before = Val(own, there.kind) if copied else Val(b.Name(name), Reference(there.kind), True)
    known = env.knowing(whole, before)
    val = scene.value(node, known)
    value = fitting(scene, val, there.kind)
    if escapes(value):
        raise UntranslatedError(_ANOTHER)
    _noted(scene, found[0].owner, found[0].python)
    value = _read_by(name, value)
    change = b.Closure((b.Bind(name),), b.Block((_assigned(node, own, value, there),)))
    made = b.Try(b.Method(there.expr, "change", (change,)), alike=True)
    return Step((b.Do(made),), env.dropped((whole,)))


def _read_by(name: str, part: _Part) -> _Part:
    """Loops over what is there only read it: it is lent to be changed, and a loop would take that
    with it."""
    if isinstance(part, tuple):
        return cast(_Part, tuple(_read_by(name, one) for one in cast("tuple[object, ...]", part)))
    if not isinstance(part, msgspec.Struct):
        return part
    there = b.Name(name)
    if isinstance(part, b.Method) and part.name == "into_iter" and part.receiver == there:
        return cast(_Part, b.Method(there, "iter"))
    fields = {one: _read_by(name, getattr(part, one)) for one in part.__struct_fields__}
    if isinstance(part, b.For) and part.of == there:
        fields["of"] = b.Method(there, "iter")
    return replace(part, **fields)


def _assigned(node: ast.expr, own: b.Expr, value: b.Expr, there: Cell) -> b.Assign:
    sign = _SIGNS.get(type(node.op)) if isinstance(node, ast.BinOp) else None
    if sign and isinstance(value, b.Binary) and value.left == own and there.kind in NUMBERS:
        return b.Assign(own, value.right, sign)
    return b.Assign(own, value)


def _noted(scene: Scene, owner: str, python: str) -> None:
    """Says what an assignment does in Python beside, which nobody knows."""
    if not owner:
        of = python.rpartition(".")[0]
        scene.needs.note(
            f"`{of}` is set in memory alone: what it does beside, in Python, isn't ported"
        )


def _names(node: ast.expr) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
