"""`try` with an `except` for whatever fails (the guide's pattern 4): an async block, whose errors
are mapped, by `map_err` where the handler only raises something else.

What is raised inside is an error of the crate's, too, as what the crate's functions fail with; so
only `except Exception` and a bare `except` are told from nothing.
"""

from __future__ import annotations

import ast

from port_lsp.patterns.translate.binding import stored
from port_lsp.patterns.translate.scene import Env
from port_lsp.patterns.translate.statements.step import Blocks, Step
from port_lsp.patterns.translate.values import ERR, OK, UntranslatedError, Val
from port_lsp.types import meanings as m
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.names import uses
from port_lsp.writing.ir.types import Type

_EVERY = ("builtins.Exception", "builtins.BaseException")
_RESULT, _ERROR = "result", "error"


def tried(blocks: Blocks, node: ast.Try, env: Env, last: bool) -> Step:
    """A `try`."""
    scene = blocks.scene
    if len(node.handlers) != 1 or node.orelse or node.finalbody:
        raise UntranslatedError("try with several except, else or finally")
    handler = node.handlers[0]
    if handler.type is not None:
        meaning = scene.meaning(handler.type, env)
        if not isinstance(meaning, m.Outside) or meaning.name not in _EVERY:
            raise UntranslatedError("except for certain exceptions")
    if scene.errors is None or scene.result is None or scene.returns is None:
        raise UntranslatedError("try in a handler that can't fail")
    if {_RESULT, _ERROR} & {val.root for val in env.names.values()}:
        raise UntranslatedError("try beside names of its own")
    inside = env
    if handler.name is not None:
        error = Val(b.Name(_ERROR), Type(scene.errors.symbol), True, _ERROR)
        inside = Env({**env.without((handler.name,)).names, handler.name: error}, env.bound)
    if last or (_ends(node.body) and _ends(handler.body)):
        return _answering(blocks, node, env, inside, last=last)
    return _passing(blocks, node, env, inside)


def _answering(blocks: Blocks, node: ast.Try, env: Env, inside: Env, *, last: bool) -> Step:
    """A `try` that is the end of the function, whichever way it goes."""
    scene = blocks.scene
    moves, scene.may_move = scene.may_move, False
    try:
        body = blocks.block(node.body, env, last=True)
    finally:
        scene.may_move = moves
    caught = blocks.block(node.handlers[0].body, inside, last=True)
    made = b.Let(b.Bind(_RESULT), _waited(body.block), scene.returns)
    result: b.Expr
    error = b.Bind(_ERROR) if uses(_ERROR, caught.block) else b.Wild()
    mapped = _mapped(caught.block)
    if mapped is not None:
        result = b.Method(b.Name(_RESULT), "map_err", (b.Closure((error,), mapped),))
    else:
        there = b.Call(b.Path(OK), (b.Name("answer"),))
        arms = (
            b.Arm(b.TuplePattern(OK, (b.Bind("answer"),)), there),
            b.Arm(b.TuplePattern(ERR, (error,)), _body(caught.block)),
        )
        result = b.Match(b.Name(_RESULT), arms)
    if last:
        return Step((made,), env, result, ends=True)
    return Step((made, b.Do(b.Jump("return", result))), env, ends=True)


def _passing(blocks: Blocks, node: ast.Try, env: Env, inside: Env) -> Step:
    """A `try` behind which the function goes on."""
    scene = blocks.scene
    if blocks.later(node, stored(node)):
        raise UntranslatedError("a try that assigns")
    if any(isinstance(one, ast.Return) for part in node.body for one in ast.walk(part)):
        raise UntranslatedError("a try that returns in some cases")
    moves, scene.may_move = scene.may_move, False
    try:
        body = blocks.block(node.body, env, last=False)
    finally:
        scene.may_move = moves
    caught = blocks.block(node.handlers[0].body, inside, last=False)
    tail = None if body.ends else b.Call(b.Path(OK), (b.TupleOf(),))
    whole = b.Block(body.statements, tail)
    made = b.Let(b.Bind(_RESULT), _waited(whole), scene.result)
    error = b.Bind(_ERROR) if uses(_ERROR, caught.block) else b.Wild()
    asked = b.If(b.Name(_RESULT), caught.block, binding=b.TuplePattern(ERR, (error,)))
    return Step((made, b.Do(asked)), env.without(stored(node)))


def _body(block: b.Block) -> b.Expr:
    """What stands behind an arm: without braces around a value alone."""
    return block.tail if block.tail is not None and not block.statements else block


def _waited(block: b.Block) -> b.Expr:
    return b.Await(b.Block(block.statements, block.tail, "async"))


def _mapped(block: b.Block) -> b.Expr | None:
    """What another error is made of an error by, where nothing else comes of it."""
    plain = all(isinstance(one, (b.Do, b.Comment)) for one in block.statements)
    tail = block.tail
    if not plain or not isinstance(tail, b.Call) or tail.function != b.Path(ERR):
        return None
    if any(not isinstance(one.expr, b.Macro) for one in block.statements if isinstance(one, b.Do)):
        return None
    (error,) = tail.args
    return b.Block(block.statements, error) if block.statements else error


def _ends(nodes: list[ast.stmt]) -> bool:
    """Whether a block always ends the function."""
    only = nodes[-1] if nodes else None
    if isinstance(only, ast.If):
        return _ends(only.body) and _ends(only.orelse)
    return isinstance(only, (ast.Return, ast.Raise))
