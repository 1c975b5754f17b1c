"""`try` (the guide's pattern 4): an async block, whose errors are mapped, by `map_err` where the
function only fails with something else.

What is raised inside is an error of the crate's, too, as what the crate's functions fail with.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from port_lsp.patterns.translate.binding import always_ends, mentioned, stored
from port_lsp.patterns.translate.calls import around
from port_lsp.patterns.translate.reading import mentions
from port_lsp.patterns.translate.scene import Env
from port_lsp.patterns.translate.statements.ends import CAUGHT
from port_lsp.patterns.translate.statements.excepts import Caught, caught
from port_lsp.patterns.translate.statements.joins import Joined, joined
from port_lsp.patterns.translate.statements.step import Blocks, Step, blocking
from port_lsp.patterns.translate.values import (
    ERR,
    OK,
    UntranslatedError,
    escapes,
    failing_alike,
    waits,
)
from port_lsp.writing.ir import body as b

_ASKS = "except for certain exceptions"


def tried(blocks: Blocks, node: ast.Try, env: Env, last: bool) -> Step:
    """A `try`."""
    scene = blocks.scene
    if scene.errors is None or scene.result is None or scene.returns is None:
        raise UntranslatedError("try in a handler that can't fail")
    if node.finalbody:
        return _finally(blocks, node, env, last=last)
    if node.orelse:
        return _else(blocks, node, env, last=last)
    if last or always_ends((node,)):
        return _answering(blocks, node, env, last=last)
    if _returns(node.body):
        raise UntranslatedError("a try that returns in some cases")
    return _passing(blocks, node, env)


def tried_alone(blocks: Blocks, node: ast.Try, env: Env, last: bool) -> Step:
    """A `try` that tells nobody of what it binds: these assignments aren't translated."""
    names = blocks.later(node, stored(node))
    if node.orelse:
        names |= blocks.later(_part(node, node.body, node.handlers), stored(node))
    names -= env.changeable(names)
    if not names:
        raise UntranslatedError("a try")
    with blocking(blocks, names):
        step = tried(blocks, node, env, last)
    if not blocks.is_any_done(node.body) and not any(
        blocks.is_any_done(one.body) for one in node.handlers
    ):
        raise UntranslatedError("a try of which nothing is known")
    return step


def _else(blocks: Blocks, node: ast.Try, env: Env, *, last: bool) -> Step:
    """With an `else`, which is what follows where every `except` ends."""
    if not all(always_ends(one.body) for one in node.handlers) or _returns(node.body):
        raise UntranslatedError("a try with an else")
    first = _passing(blocks, _part(node, node.body, node.handlers), env)
    keep = blocks.later(node, stored(node))
    rest = blocks.block(node.orelse, first.env, last=last, keep=keep)
    statements = (*first.statements, *rest.statements)
    return Step(statements, rest.env, rest.tail, rest.ends, first.left)


def _finally(blocks: Blocks, node: ast.Try, env: Env, *, last: bool) -> Step:
    """With a `finally`: it stands between the whole and its result."""
    inner: list[ast.stmt] = node.body
    if node.handlers:
        inner = [_part(node, node.body, node.handlers, node.orelse)]
    result = env.free("result")
    if last or always_ends(inner):
        body = _inside(blocks, inner, env, last=True)
        made = b.Let(b.Bind(result), _waited(body.block), blocks.scene.returns)
        left = _forgotten(blocks, node, inner)
        after = env.without(_bound(inner)).vague(mentioned(inner))
        final = blocks.block(node.finalbody, after, last=False)
        if final.ends:
            return Step((made, *final.statements), final.env, ends=True, left=left)
        whole = b.Name(result)
        if last:
            return Step((made, *final.statements), final.env, whole, True, left)
        jump = b.Do(b.Jump("return", whole))
        return Step((made, *final.statements, jump), final.env, ends=True, left=left)
    if _returns(inner):
        raise UntranslatedError("a try that returns in some cases")
    later = blocks.later(node, stored(node))
    with blocking(blocks, later - env.changeable(later)):
        body = _inside(blocks, inner, env, last=False)
        left = _forgotten(blocks, node, inner)
        after = env.without(stored(node)).vague(mentioned(inner))
        keep = blocks.later(node, stored(node))
        final = blocks.block(node.finalbody, after, last=False, keep=keep)
    made = b.Let(b.Bind(result), _passed(body), blocks.scene.result)
    asked = b.Do(b.Try(b.Name(result)))
    return Step((made, *final.statements, asked), final.env, left=left)


def _answering(blocks: Blocks, node: ast.Try, env: Env, *, last: bool) -> Step:
    """A `try` that is the end of the function, whichever way it goes."""
    name = env.free("result")
    body = _inside(blocks, node.body, env, last=True)
    found = caught(blocks, node, env, last=True)
    made = b.Let(b.Bind(name), _waited(body.block), blocks.scene.returns)
    error = _pattern(found)
    mapped = _mapped(found.step.block)
    result: b.Expr
    if mapped is not None:
        result = _map_err(b.Name(name), error, mapped)
    else:
        there = b.Call(b.Path(OK), (b.Name("answer"),))
        arms = (
            b.Arm(b.TuplePattern(OK, (b.Bind("answer"),)), there),
            b.Arm(b.TuplePattern(ERR, (error,)), _bare(found.step.block)),
        )
        result = b.Match(b.Name(name), arms)
    left = _ASKS if found.asks else ""
    if last:
        return Step((made,), env, result, ends=True, left=left)
    return Step((made, b.Do(b.Jump("return", result))), env, ends=True, left=left)


def _passing(blocks: Blocks, node: ast.Try, env: Env) -> Step:
    """A `try` behind which the function goes on."""
    scene = blocks.scene
    later = blocks.later(node, stored(node))
    names = tuple(sorted(later - blocks.blocked - env.changeable(later)))
    if names:
        return _giving(blocks, node, names, env)
    body = _inside(blocks, node.body, env, last=False)
    found = caught(blocks, node, env, last=False)
    name = env.free("result")
    made = b.Let(b.Bind(name), _passed(body), scene.result)
    binding = b.TuplePattern(ERR, (_pattern(found),))
    asked: b.Expr = b.If(b.Name(name), found.step.block, binding=binding)
    again = b.Jump("return", b.Call(b.Path(ERR), (b.Name(found.error),)))
    if found.step.statements == (b.Do(again),):
        asked = b.Try(b.Name(name))
    after = env.without(stored(node)).vague(mentioned((node,)))
    return Step((made, b.Do(asked)), after, left=_ASKS if found.asks else "")


def _giving(blocks: Blocks, node: ast.Try, names: tuple[str, ...], env: Env) -> Step:
    """A `try` that binds what is read behind it."""
    body = _inside(blocks, node.body, env, last=False, keep=names)
    found = caught(blocks, node, env, last=False, keep=names)
    moves, blocks.scene.may_move = blocks.scene.may_move, False
    try:
        made = joined(blocks, names, (body, found.step), env)
    finally:
        blocks.scene.may_move = moves
    name = env.free("result")
    given, other = made.blocks
    waited = _waited(b.Block(given.statements, _ok(given.tail)))
    assert blocks.scene.result is not None
    first = b.Let(b.Bind(name), waited, around(blocks.scene.result, made.type))
    value = _given(b.Name(name), found, other, made)
    after = made.env.without(stored(node) - set(names)).vague(mentioned((node,)) - set(names))
    left = _ASKS if found.asks else ""
    return Step((first, b.Let(made.pattern, value)), after, left=left)


def _given(result: b.Expr, found: Caught, other: b.Block, made: Joined) -> b.Expr:
    """The value of a result, whose error the `except`s make another of or end the function by."""
    error = _pattern(found)
    jump = other.statements[-1] if other.statements else None
    if isinstance(jump, b.Do) and isinstance(jump.expr, b.Jump) and jump.expr.word == "return":
        block = b.Block(other.statements[:-1], jump.expr.value)
        mapped = _mapped(block)
        if mapped is not None:
            return b.Try(_map_err(result, error, mapped))
    if not escapes(other):
        if isinstance(other.tail, b.Lit) and not other.statements:
            return b.Method(result, "unwrap_or", (other.tail,))
        return b.Method(result, "unwrap_or_else", (b.Closure((error,), _bare(other)),))
    there = b.TupleOf(tuple(map(b.Name, _names(made.pattern))))
    one = there.items[0] if len(there.items) == 1 else there
    arms = (
        b.Arm(b.TuplePattern(OK, (made.pattern,)), one),
        b.Arm(b.TuplePattern(ERR, (error,)), other),
    )
    return b.Match(result, arms)


def _map_err(result: b.Expr, error: b.Pattern, mapped: b.Expr) -> b.Expr:
    if isinstance(error, b.Bind) and mapped == b.Name(error.name):
        return result
    return b.Method(result, "map_err", (b.Closure((error,), mapped),))


def _names(pattern: b.Pattern) -> list[str]:
    items = pattern.items if isinstance(pattern, b.TuplePattern) else (pattern,)
    return [one.name for one in items if isinstance(one, b.Bind)]


def _returns(nodes: list[ast.stmt]) -> bool:
    return any(isinstance(one, ast.Return) for part in nodes for one in ast.walk(part))


def _bound(nodes: list[ast.stmt]) -> set[str]:
    return {name for one in nodes for name in stored(one)}


def _forgotten(blocks: Blocks, node: ast.Try, inner: list[ast.stmt]) -> str:
    """Takes back what was noted of a part of a `try` that isn't Python's own statement: where
    it ended."""
    return blocks.forget(inner[0]) if inner is not node.body else ""


def _part(
    node: ast.Try,
    body: list[ast.stmt],
    handlers: list[ast.ExceptHandler],
    orelse: Sequence[ast.stmt] = (),
) -> ast.Try:
    """A `try` of some of the parts of another."""
    made = ast.Try(body, handlers, list(orelse), [])
    end = (*body, *handlers, *orelse)[-1]
    made.lineno, made.col_offset = node.lineno, node.col_offset
    made.end_lineno = end.end_lineno
    return made


# Blocks


def _inside(
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


def _waited(block: b.Block) -> b.Expr:
    if not block.statements and isinstance(block.tail, b.Await) and not escapes(block.tail.of):
        return block.tail
    return b.Await(b.Block(block.statements, block.tail, "async"))


def _passed(body: Step) -> b.Expr:
    """An async block that gives nothing, where one gets to its end."""
    return _waited(b.Block(body.statements, None if body.ends else _ok(None)))


def _ok(value: b.Expr | None) -> b.Expr:
    alike = failing_alike(value)
    if alike is not None:
        return alike
    return b.Call(b.Path(OK), (value if value is not None else b.TupleOf(),))


def _pattern(found: Caught) -> b.Pattern:
    return b.Bind(found.error) if mentions(found.error, found.step.block) else b.Wild()


def _bare(block: b.Block) -> b.Expr:
    """What stands behind an arm: without braces around a value alone."""
    alone = block.tail is not None and not block.statements and not isinstance(block.tail, b.If)
    return block.tail if alone and block.tail is not None else block


def _mapped(block: b.Block) -> b.Expr | None:
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
