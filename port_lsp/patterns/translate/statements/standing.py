"""Expressions that stand alone: logging, and what does nothing.

Python's `logging` by level → tracing's macros (the guide's library table).
"""

from __future__ import annotations

import ast

from port_lsp.patterns.translate.expressions.fstrings import formatted
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.statements.step import Blocks, Step
from port_lsp.patterns.translate.values import UntranslatedError
from port_lsp.types import meanings as m
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import symbol
from port_lsp.writing.printer.literals import string

_LEVELS = {
    "debug": "debug", "info": "info", "warning": "warn", "warn": "warn", "error": "error",
    "exception": "error", "critical": "error",
}  # fmt: skip
_LOGGERS = ("logging.", "logging.getLogger().", "loguru.logger.")


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
        logged = _logged(blocks.scene, call, env)
        if logged is not None:
            return Step((b.Do(logged),), env)
        found = blocks.scene.value(value, env)
        if isinstance(found.expr, (b.Await, b.Try)):
            return Step((b.Do(found.expr),), env)
        if isinstance(blocks.scene.meaning(call.func, env), m.Callable):
            return Step((), env)  # a plain function, which does nothing but give something
    raise UntranslatedError("an expression that stands alone")


def _logged(scene: Scene, node: ast.Call, env: Env) -> b.Expr | None:
    meaning = scene.meaning(node.func, env)
    if not isinstance(meaning, m.Outside):
        return None
    logger, _, level = meaning.name.rpartition(".")
    if f"{logger}." not in _LOGGERS or level not in _LEVELS:
        return None
    if len(node.args) != 1 or node.keywords:
        raise UntranslatedError("logging of several values")
    vague, scene.vague = scene.vague, frozenset()  # a log is no answer: it may say it otherwise
    try:
        val = scene.value(node.args[0], env)
    finally:
        scene.vague = vague
    if scene.is_error(val):
        text, args = "{}", (val.expr,)
    else:
        text, args = formatted([val])
    if not scene.needs.has("tracing"):
        scene.needs.depend("tracing", "0.1")
    return b.Macro(symbol(f"tracing::{_LEVELS[level]}"), (b.Lit(string(text)), *args))
