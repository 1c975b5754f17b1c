"""What the `except`s of a `try` do with an error: a block that knows it by a variable.

Errors are of one type in Rust: which of several `except`s is meant is asked for by a gap, but for
the one that takes whatever comes.
"""

from __future__ import annotations

import ast
from typing import NamedTuple

from port_lsp.patterns.translate.binding import always_ends, stored
from port_lsp.patterns.translate.gaps import REASON
from port_lsp.patterns.translate.scene import Env
from port_lsp.patterns.translate.statements.conditions import behind_else
from port_lsp.patterns.translate.statements.ends import CAUGHT, ended
from port_lsp.patterns.translate.statements.exceptions import asked
from port_lsp.patterns.translate.statements.step import Blocks, Step
from port_lsp.patterns.translate.values import BOOL, ERR, UntranslatedError, Val
from port_lsp.types import meanings as m
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import Type

_EVERY = ("builtins.Exception", "builtins.BaseException")


class Caught(NamedTuple):
    """The block for an error; the variable that holds it; whether a gap asks which one it is."""

    step: Step
    error: str
    asks: bool


def caught(
    blocks: Blocks, node: ast.Try, env: Env, *, last: bool, keep: tuple[str, ...] = ()
) -> Caught:
    """All of a `try`'s handlers. What its body binds may be bound or not then."""
    assert blocks.scene.errors is not None
    error = env.free("error")
    val = Val(b.Name(error), Type(blocks.scene.errors.symbol), True, error)
    names = env.without({name for one in node.body for name in stored(one)}).names
    inside = Env({**names, CAUGHT: val}, (*env.bound, error))
    if keep and len(node.handlers) > 1 and not all(always_ends(one.body) for one in node.handlers):
        raise UntranslatedError("a name that only some excepts bind")
    step = _of(blocks, node.handlers, inside, last=last, keep=keep)
    return Caught(step, error, _asks(blocks, node.handlers, val, env))


def _asks(blocks: Blocks, handlers: list[ast.ExceptHandler], error: Val, env: Env) -> bool:
    """Whether a gap asks which of them takes an error."""
    for one in handlers:
        if takes_all(blocks, one, env):
            return False
        if asked(blocks.scene, one.type, error, env) is None:
            return True
    return False


def takes_all(blocks: Blocks, handler: ast.ExceptHandler, env: Env) -> bool:
    """Whether a handler takes whatever comes."""
    if handler.type is None:
        return True
    meaning = blocks.scene.meaning(handler.type, env)
    return isinstance(meaning, m.Outside) and meaning.name in _EVERY


def _of(
    blocks: Blocks,
    handlers: list[ast.ExceptHandler],
    env: Env,
    *,
    last: bool,
    keep: tuple[str, ...],
) -> Step:
    error = env.names[CAUGHT]
    if not handlers:
        return ended(b.Call(b.Path(ERR), (error.expr,)), env, last=last)
    first = handlers[0]
    known = env if first.name is None else env.knowing(first.name, error)
    then = blocks.block(first.body, known, last=last, keep=keep)
    if takes_all(blocks, first, env):
        return then
    other = _of(blocks, handlers[1:], env, last=last, keep=keep)
    question = asked(blocks.scene, first.type, error, env)
    if question is not None:
        whole = b.If(question, then.block, behind_else(other))
        if then.ends and other.ends and last:
            return Step((), env, whole, ends=True)
        return Step((b.Do(whole),), env, ends=then.ends and other.ends)
    name = env.free("asked")
    head = first.type.end_lineno if first.type is not None else None
    python = blocks.text(first.lineno, head or first.lineno)
    gap = b.Gap(python, REASON, (error.root,), b.Bind(name), BOOL)
    made = b.If(b.Name(name), then.block, behind_else(other))
    ends = then.ends and other.ends
    if ends and last:
        return Step((gap,), env, made, ends=True)
    return Step((gap, b.Do(made)), env, ends=ends)
