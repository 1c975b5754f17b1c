"""`dict.pop(key)`, with what it gives or without, and `del dict[key]`: the others keep their order.

Python's docs, "Mapping Types": a key that isn't there is a KeyError, but for `pop` with a default.
"""

from __future__ import annotations

import ast

from port_lsp.patterns.translate.failing import or_broken
from port_lsp.patterns.translate.ownership import as_json, as_str
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.statements.assignments import bound
from port_lsp.patterns.translate.statements.step import Blocks, Step
from port_lsp.patterns.translate.values import (
    OBJECT,
    VALUE,
    NotMineError,
    UntranslatedError,
    Val,
    is_none,
    is_text,
    waits,
)
from port_lsp.writing.ir import body as b


def popped(blocks: Blocks, node: ast.Assign | ast.Expr, env: Env, _: bool) -> Step:
    """`dict.pop(key)` by itself, or as the value of a name."""
    call = node.value
    func = call.func if isinstance(call, ast.Call) else None
    if not isinstance(call, ast.Call) or not isinstance(func, ast.Attribute):
        raise NotMineError("an assignment")
    if func.attr != "pop" or not isinstance(func.value, ast.Name) or call.keywords:
        raise NotMineError("an assignment")
    scene, name = blocks.scene, func.value.id
    if len(call.args) not in (1, 2):
        raise UntranslatedError("the method pop")
    key, taken = _taken(scene, name, call.args[0], env)
    default = scene.value(call.args[1], env) if len(call.args) == 2 else None
    if default is None:
        made = or_broken(scene, taken, "KeyError", _missing(key))
        if isinstance(node, ast.Expr):
            return Step((b.Do(made),), env.vague((name,)))
    elif isinstance(node, ast.Expr):
        return Step((b.Do(taken),), env.vague((name,)))
    elif is_none(default):
        made = b.Method(taken, "unwrap_or_default")
    else:
        given = as_json(scene, default)
        if waits(given):
            raise UntranslatedError("a default that may fail")
        made = b.Method(taken, "unwrap_or_else", (b.Closure((), given),))
    assert isinstance(node, ast.Assign)
    step = bound(blocks, node, Val(made, VALUE), env)
    return step._replace(env=step.env.vague((name,)))


def deleted(blocks: Blocks, node: ast.Delete, env: Env, _: bool) -> Step:
    """`del dict[key]`."""
    made: list[b.Statement] = []
    for one in node.targets:
        if not isinstance(one, ast.Subscript) or not isinstance(one.value, ast.Name):
            raise UntranslatedError("Delete")
        key, taken = _taken(blocks.scene, one.value.id, one.slice, env)
        made.append(b.Do(or_broken(blocks.scene, taken, "KeyError", _missing(key))))
        env = env.vague((one.value.id,))
    return Step(tuple(made), env)


def _taken(scene: Scene, name: str, node: ast.expr, env: Env) -> tuple[Val, b.Expr]:
    """The key, and what a dict that may be changed holds there, taken out of it."""
    known = env.names.get(name)
    if known is None:
        raise UntranslatedError("the method pop")
    key = scene.value(node, env)
    if not is_text(key):
        raise UntranslatedError("the method pop")
    if not known.mutable or known.type != OBJECT:
        scene.variables.set_in(name)
        raise UntranslatedError("the method pop")
    scene.needs.depend("serde_json", "1", "preserve_order")
    return key, b.Method(known.expr, "shift_remove", (as_str(key),))


def _missing(key: Val) -> str:
    if key.known is None:
        raise UntranslatedError("a key that isn't known")
    return repr(key.known.value)
