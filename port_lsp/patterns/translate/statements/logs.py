"""What is told to who reads a log: Python's `logging` and loguru by level → tracing's macros (the
guide's library table), `print` → `println!`.

A log is no answer of the application: what Python shows of a list or an object, Rust shows in its
own way, and the traceback that `exc_info` asks for isn't there.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import cast

import msgspec

from port_lsp.patterns.translate.expressions.fstrings import FORMAT, formatted, said
from port_lsp.patterns.translate.expressions.texts import told
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.values import (
    I64,
    STRING,
    VALUE,
    UntranslatedError,
    Val,
    known,
    without_reference,
)
from port_lsp.types import meanings as m
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import Symbol, symbol
from port_lsp.writing.printer.literals import string

_LEVELS = {
    "debug": "debug", "info": "info", "warning": "warn", "warn": "warn", "error": "error",
    "exception": "error", "critical": "error",
}  # fmt: skip
_OF_PYTHON = ("logging.", "logging.getLogger().")
_LOGGERS = (*_OF_PYTHON, "loguru.logger.")
_ASIDE = frozenset(("exc_info", "stack_info", "stacklevel", "extra"))
"""What says how a log is shown, and what is kept with it for who asks."""
_MARK = re.compile(r"%(?:([sdri])|(%)|)")


def logged_by(scene: Scene, node: ast.Call, env: Env) -> tuple[b.Statement, ...] | None:
    """What a call tells; None for another call. Raises UntranslatedError."""
    meaning = scene.meaning(node.func, env)
    if not isinstance(meaning, m.Outside):
        return None
    if meaning.name == "builtins.print":
        return (b.Do(_printed(scene, node, env)),)
    logger, _, level = meaning.name.rpartition(".")
    if f"{logger}." not in _LOGGERS or level not in _LEVELS:
        return None
    is_plain = len(node.args) == 1 and not node.keywords
    of_python = f"{logger}." in _OF_PYTHON and bool(node.args) and _is_aside(node.keywords)
    if not is_plain and not of_python:
        raise UntranslatedError("logging of several values")
    with _telling(scene):
        if len(node.args) > 1:
            parts = _filled_in(scene, scene.value(node.args[0], env), node.args[1:], env)
        else:
            parts = [_shown(scene, scene.value(node.args[0], env))]
        text, args = formatted(parts)
    if not scene.needs.has("tracing"):
        scene.needs.depend("tracing", "0.1")
    before, args = _named(args, env)
    macro = symbol(f"tracing::{_LEVELS[level]}")
    return (*before, b.Do(b.Macro(macro, (b.Lit(string(text)), *args))))


def _named(args: Sequence[b.Expr], env: Env) -> tuple[tuple[b.Statement, ...], tuple[b.Expr, ...]]:
    """Values that speak of JSON's type are bound before: inside of tracing's macros `Value` is a
    trait of its own (`tracing::field`)."""
    before: list[b.Statement] = []
    found: list[b.Expr] = []
    for one in args:
        if not _speaks_of_value(one):
            found.append(one)
            continue
        name = env.free("shown" if not before else f"shown{len(before) + 1}")
        before.append(b.Let(b.Bind(name), one))
        found.append(b.Name(name))
    return tuple(before), tuple(found)


def _speaks_of_value(part: object) -> bool:
    if isinstance(part, Symbol):
        return part.name == VALUE.head.name
    if isinstance(part, (tuple, list)):
        return any(map(_speaks_of_value, cast("Sequence[object]", part)))
    if isinstance(part, msgspec.Struct):
        return any(_speaks_of_value(getattr(part, name)) for name in part.__struct_fields__)
    return False


@contextmanager
def _telling(scene: Scene) -> Generator[None]:
    before = scene.vague, scene.telling
    scene.vague, scene.telling = frozenset(), True
    try:
        yield
    finally:
        scene.vague, scene.telling = before


def _shown(scene: Scene, val: Val) -> Val:
    if scene.is_error(val):
        shown = scene.errors is None or scene.errors.is_shown
        return Val(b.Macro(FORMAT, (b.Lit('"{}"' if shown else '"{:?}"'), val.expr)), STRING)
    return told(scene, said(scene, val))


def _is_aside(words: Sequence[ast.keyword]) -> bool:
    """Whether keywords only say how a log is shown, by values that can't fail."""
    for one in words:
        values = one.value.values if isinstance(one.value, ast.Dict) else [one.value]
        if one.arg not in _ASIDE:
            return False
        if any(not isinstance(each, (ast.Constant, ast.Name)) for each in values):
            return False
    return True


def _filled_in(scene: Scene, message: Val, nodes: Sequence[ast.expr], env: Env) -> list[Val]:
    """A message with `%s` and `%d` in it, which get the values in their order (Python's docs,
    "printf-style String Formatting")."""
    text = message.known.value if message.known is not None else None
    if not isinstance(text, str):
        raise UntranslatedError("logging of several values")
    left, parts, end = list(nodes), list[Val](), 0
    for found in _MARK.finditer(text):
        parts.append(known(text[end : found.start()]))
        end = found.end()
        if found[2]:
            parts.append(known("%"))
            continue
        if not found[1] or not left:
            raise UntranslatedError("logging of several values")
        val = scene.value(left.pop(0), env)
        if found[1] in "di" and without_reference(val.type) != I64:
            raise UntranslatedError("logging of several values")
        parts.append(_shown(scene, val))
    if left:
        raise UntranslatedError("logging of several values")
    return [*parts, known(text[end:])]


def _printed(scene: Scene, node: ast.Call, env: Env) -> b.Expr:
    """Values with a blank between them, and a line's end."""
    if any(one.arg != "flush" or not isinstance(one.value, ast.Constant) for one in node.keywords):
        raise UntranslatedError("print with another end")
    parts: list[Val] = []
    with _telling(scene):
        for one in node.args:
            parts += [known(" ")] if parts else []
            parts.append(_shown(scene, scene.value(one, env)))
        text, args = formatted(parts)
    return b.Macro(symbol("println"), (b.Lit(string(text)), *args) if parts else ())
