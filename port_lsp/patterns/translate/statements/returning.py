"""A `try` that returns in some cases: its async block gives the answer, which the function then
gives, or none.

Where the block always returns, only an error leads behind it.
"""

from __future__ import annotations

import ast
from collections.abc import Generator
from contextlib import contextmanager

from msgspec.structs import replace

from port_lsp.patterns.translate.binding import always_ends, mentioned, stored
from port_lsp.patterns.translate.calls import around
from port_lsp.patterns.translate.scene import RESULT, Env, Scene
from port_lsp.patterns.translate.statements.attempts import (
    inside_of,
    mapped,
    mapped_by,
    pattern_of,
    waited,
)
from port_lsp.patterns.translate.statements.excepts import ASKS, Caught, caught
from port_lsp.patterns.translate.statements.step import Blocks, Step
from port_lsp.patterns.translate.values import ERR, NONE, OK, SOME, UntranslatedError
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import AnyType, Type, named

_DEFINES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)


def returns(nodes: list[ast.stmt]) -> bool:
    """Whether statements return by themselves, not functions inside of them."""
    left: list[ast.AST] = list(nodes)
    while left:
        node = left.pop()
        if isinstance(node, ast.Return):
            return True
        if not isinstance(node, _DEFINES):
            left += ast.iter_child_nodes(node)
    return False


def returning(blocks: Blocks, node: ast.Try, env: Env) -> Step:
    """The `try`; what it binds nobody may read behind it."""
    later = blocks.later(node, stored(node))
    if later - blocks.blocked - env.changeable(later):
        raise UntranslatedError("a try that returns in some cases")
    always = always_ends(node.body)
    name = env.free(RESULT)
    with _answering(blocks.scene, maybe=not always) as kind:
        body = inside_of(blocks, node.body, env, last=always)
    block = body.block if body.ends else b.Block(body.statements, _ok(b.Path(NONE)))
    made = b.Let(b.Bind(name), waited(block), kind)
    found = caught(blocks, node, env, last=False)
    asked = _asked(blocks.scene, b.Name(name), found, always=always)
    after = env.without(stored(node)).vague(mentioned((node,)))
    return Step((made, b.Do(asked)), after, left=ASKS if found.asks else "")


@contextmanager
def _answering(scene: Scene, *, maybe: bool) -> Generator[AnyType | None]:
    """Where what is returned is the value of a block; its type."""
    answer, given = scene.answer, scene.returns
    if not isinstance(given, Type) or not given.args or scene.result is None:
        raise UntranslatedError("a try that returns in some cases")
    inner = given.args[0]
    if answer.maybe != maybe:
        # In a block of an answer or none, one that always answers gives no Option.
        inner = named("Option", inner) if maybe else _held(inner)
    scene.answer, scene.returns = replace(answer, maybe=maybe), around(scene.result, inner)
    try:
        yield scene.returns
    finally:
        scene.answer, scene.returns = answer, given


def _held(kind: AnyType) -> AnyType:
    return kind.args[0] if isinstance(kind, Type) and kind.args else kind


def _asked(scene: Scene, result: b.Expr, found: Caught, *, always: bool) -> b.Expr:
    """What becomes of the result: the answer ends the function, the error is for the `except`s."""
    there = b.Bind("answer")
    jump = b.Jump("return", scene.answer.around(b.Name("answer")))
    leave = b.Block((b.Do(jump),))
    error, block = pattern_of(found), found.step.block
    answered = b.TuplePattern(OK, (there,))
    if not always:
        answered = b.TuplePattern(OK, (b.TuplePattern(SOME, (there,)),))
        other = _error_of(block)
        if other is not None:
            value = b.Try(mapped(result, error, other))
            return b.If(value, leave, binding=b.TuplePattern(SOME, (there,)))
    if not block.statements and block.tail is None:
        return b.If(result, leave, binding=answered)
    arms = [b.Arm(answered, jump)]
    if not always:
        none = b.TuplePattern(OK, (b.PathPattern(NONE),))
        arms.append(b.Arm(none, b.Block()))
    return b.Match(result, (*arms, b.Arm(b.TuplePattern(ERR, (error,)), block)))


def _error_of(block: b.Block) -> b.Expr | None:
    """The error that a block ends the function by, where that is all that it does."""
    last = block.statements[-1] if block.statements else None
    if isinstance(last, b.Do) and isinstance(last.expr, b.Jump) and last.expr.word == "return":
        return mapped_by(b.Block(block.statements[:-1], last.expr.value))
    return None


def _ok(value: b.Expr) -> b.Expr:
    return b.Call(b.Path(OK), (value,))
