"""`a + b` and the like: of integers, of floats, of texts."""

from __future__ import annotations

import ast

from port_lsp.patterns.translate.expressions.fstrings import put_together
from port_lsp.patterns.translate.expressions.times import reckoned
from port_lsp.patterns.translate.ownership import written
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.values import NUMBERS, UntranslatedError, Val, is_text
from port_lsp.writing.ir import body as b

_SIGNS: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*"}


def arithmetic(scene: Scene, node: ast.BinOp, env: Env) -> Val:
    """Numbers of one type; `+` puts texts together."""
    left, right = scene.value(node.left, env), scene.value(node.right, env)
    if isinstance(node.op, ast.Add) and is_text(left) and is_text(right):
        return put_together(scene, (left, right), env)
    if (found := reckoned(left, node.op, right)) is not None:
        return found
    sign = _SIGNS.get(type(node.op))
    if sign is None or left.type != right.type or left.type not in NUMBERS:
        raise UntranslatedError("arithmetic")
    return Val(b.Binary(written(left), sign, written(right)), left.type)
