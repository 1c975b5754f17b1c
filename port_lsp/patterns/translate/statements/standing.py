"""Expressions that stand alone: calls, logging (`logs.py`), and what does nothing."""

from __future__ import annotations

import ast

from port_lsp.patterns.translate.scene import Env
from port_lsp.patterns.translate.statements.logs import logged_by
from port_lsp.patterns.translate.statements.step import Blocks, Step
from port_lsp.patterns.translate.values import UntranslatedError
from port_lsp.types import meanings as m
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import UNIT


def nothing(_: Blocks, __: ast.stmt, env: Env, ___: bool) -> Step:
    """`pass`."""
    return Step((), env)


def standing(blocks: Blocks, node: ast.Expr, env: Env, _: bool) -> Step:
    """An expression as a statement."""
    value = node.value
    if isinstance(value, ast.Constant):
        return Step((), env)
    call = value.value if isinstance(value, ast.Await) else value
    if isinstance(call, ast.Call):
        logged = logged_by(blocks.scene, call, env)
        if logged is not None:
            return Step(logged, env)
        found = blocks.scene.value(value, env)
        made, before = found.expr, tuple[b.Statement, ...]()
        if isinstance(made, b.Block) and made.tail is not None and not made.word:
            made, before = made.tail, made.statements
        if isinstance(made, (b.Await, b.Try)):
            return Step((*before, b.Do(made)), env)
        if isinstance(blocks.scene.meaning(call.func, env), m.Callable):
            # A plain function: what it gives is nobody's, but it may hold a gap that does more.
            kept = b.Do(made) if found.type == UNIT else b.Let(b.Wild(), made)
            return Step((*before, kept), env)
    raise UntranslatedError("an expression that stands alone")
