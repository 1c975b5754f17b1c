"""`a + b` and the like: of integers, of floats, of texts."""

from __future__ import annotations

import ast

from port_lsp.patterns.translate.expressions.fstrings import put_together
from port_lsp.patterns.translate.expressions.times import reckoned
from port_lsp.patterns.translate.ownership import written
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.values import (
    F64,
    I64,
    NUMBERS,
    UntranslatedError,
    Val,
    is_text,
    known,
)
from port_lsp.writing.ir import body as b

_SIGNS: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*"}


def arithmetic(scene: Scene, node: ast.BinOp, env: Env) -> Val:
    """Numbers of one type; `+` puts texts together."""
    left, right = scene.value(node.left, env), scene.value(node.right, env)
    if isinstance(node.op, ast.Add) and is_text(left) and is_text(right):
        return put_together(scene, (left, right), env)
    if (found := reckoned(left, node.op, right)) is not None:
        return found
    if isinstance(node.op, (ast.Mod, ast.FloorDiv, ast.Div)):
        return _divided(left, node.op, right)
    sign = _SIGNS.get(type(node.op))
    if sign is None or not {left.type, right.type} <= set(NUMBERS):
        raise UntranslatedError("arithmetic")
    if left.type != right.type:
        left, right = _as_float(left), _as_float(right)
    return Val(b.Binary(written(left), sign, written(right)), left.type)


def _divided(left: Val, operator: ast.operator, right: Val) -> Val:
    """By a number that is written out and isn't zero: of floats, and of integers by a positive one,
    where Python rounds down, which leaves a rest that isn't negative. Raises UntranslatedError."""
    number = right.known.value if right.known is not None else None
    if not isinstance(number, (int, float)) or isinstance(number, bool) or not number:
        raise UntranslatedError("arithmetic")
    if isinstance(operator, ast.Div) and F64 in (left.type, right.type):
        left, right = _as_float(left), _as_float(right)
        return Val(b.Binary(written(left), "/", written(right)), F64)
    if (
        isinstance(operator, ast.Div)
        or (left.type, right.type) != (I64, I64)
        or number < 0
        or left.known
    ):
        raise UntranslatedError("arithmetic")
    name = "rem_euclid" if isinstance(operator, ast.Mod) else "div_euclid"
    # not as a method: of a variable that began as a literal the compiler wouldn't know the type yet
    return Val(b.Call(b.Path(I64.head, (name,)), (written(left), right.expr)), I64)


def _as_float(val: Val) -> Val:
    """A number as a float, rounded as Python does it."""
    if val.type == F64:
        return val
    if val.type != I64:
        raise UntranslatedError("arithmetic")
    if val.known is not None and isinstance(val.known.value, int):
        return known(float(val.known.value))
    return Val(b.Cast(written(val), F64), F64)
