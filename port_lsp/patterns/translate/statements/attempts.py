"""What a `try` is made of in Rust: the async block of its statements, what becomes of its error."""

from __future__ import annotations

import ast

from port_lsp.patterns.translate.reading import mentions
from port_lsp.patterns.translate.scene import Env
from port_lsp.patterns.translate.statements.ends import CAUGHT
from port_lsp.patterns.translate.statements.excepts import Caught
from port_lsp.patterns.translate.statements.step import Blocks, Step
from port_lsp.patterns.translate.values import ERR, OK, escapes, failing_alike, waits
from port_lsp.writing.ir import body as b


def inside_of(
    blocks: Blocks, nodes: list[ast.stmt], env: Env, *, last: bool, keep: tuple[str, ...] = ()
) -> Step:
    """An async block's: nothing is moved into it."""
    scene = blocks.scene
    moves, scene.may_move = scene.may_move, False
    trying, scene.is_trying = scene.is_trying, True
    try:
        return blocks.block(nodes, env.without((CAUGHT,)), last=last, keep=keep)
    finally:
        scene.may_move, scene.is_trying = moves, trying


def waited(block: b.Block) -> b.Expr:
    """An async block, awaited."""
    if not block.statements and isinstance(block.tail, b.Await) and not escapes(block.tail.of):
        return block.tail
    alone = not block.statements and isinstance(block.tail, b.Call) and not escapes(block.tail)
    if alone and isinstance(block.tail, b.Call) and block.tail.function != b.Path(OK):
        return block.tail
    return b.Await(b.Block(block.statements, block.tail, "async"))


def passed(body: Step) -> b.Expr:
    """An async block that gives nothing, where one gets to its end."""
    return waited(b.Block(body.statements, None if body.ends else ok(None)))


def ok(value: b.Expr | None) -> b.Expr:
    """The Result of a value; what fails alike is one already."""
    alike = failing_alike(value)
    if alike is not None:
        return alike
    return b.Call(b.Path(OK), (value if value is not None else b.TupleOf(),))


def pattern_of(found: Caught) -> b.Pattern:
    """The pattern of the error, as far as somebody reads it."""
    return b.Bind(found.error) if mentions(found.error, found.step.block) else b.Wild()


def bare(block: b.Block) -> b.Expr:
    """What stands behind an arm: without braces around a value alone."""
    alone = block.tail is not None and not block.statements and not isinstance(block.tail, b.If)
    return block.tail if alone and block.tail is not None else block


def mapped_by(block: b.Block) -> b.Expr | None:
    """What another error is made of an error by, where nothing else comes of it."""
    plain = all(isinstance(one, (b.Do, b.Comment)) for one in block.statements)
    tail = block.tail
    if not plain or not isinstance(tail, b.Call) or tail.function != b.Path(ERR):
        return None
    if any(not isinstance(one.expr, b.Macro) for one in block.statements if isinstance(one, b.Do)):
        return None
    if waits((block.statements, tail)):  # in no closure
        return None
    (error,) = tail.args
    return b.Block(block.statements, error) if block.statements else error


def mapped(result: b.Expr, error: b.Pattern, other: b.Expr) -> b.Expr:
    """A Result with another error, unless that is the same."""
    if isinstance(error, b.Bind) and other == b.Name(error.name):
        return result
    return b.Method(result, "map_err", (b.Closure((error,), other),))
