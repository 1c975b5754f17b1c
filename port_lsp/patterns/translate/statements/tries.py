"""`try` (the guide's pattern 4): an async block, whose errors are mapped, by `map_err` where the
function only fails with something else.

What is raised inside is an error of the crate's, too, as what the crate's functions fail with.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from port_lsp.patterns.translate.binding import always_ends, mentioned, stored
from port_lsp.patterns.translate.calls import around as result_around
from port_lsp.patterns.translate.scene import RESULT, Env
from port_lsp.patterns.translate.statements.attempts import (
    bare,
    inside_of,
    mapped,
    mapped_by,
    ok,
    passed,
    pattern_of,
    waited,
)
from port_lsp.patterns.translate.statements.excepts import ASKS, Caught, caught
from port_lsp.patterns.translate.statements.joins import Joined, joined
from port_lsp.patterns.translate.statements.returning import returning, returns
from port_lsp.patterns.translate.statements.step import Blocks, Step, blocking
from port_lsp.patterns.translate.statements.witnesses import around, witnessed
from port_lsp.patterns.translate.values import (
    ERR,
    OK,
    UntranslatedError,
    Val,
    escapes,
)
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import named


def tried(blocks: Blocks, node: ast.Try, env: Env, last: bool) -> Step:
    """A `try`; what others raise in it is one matter of it and of those around it."""
    vague, blocks.scene.vague = blocks.scene.vague, frozenset()
    before, unbound = blocks.scene.witnessed, blocks.scene.unbound
    names = witnessed(blocks, node, env)
    for name, kind in names.items():
        rust = env.free(name)
        env = env.bind(name, Val(b.Name(rust), named("Option", kind), True, rust), rust)
    blocks.scene.witnessed |= frozenset(names)
    try:
        return around(blocks.scene, _tried(blocks, node, env, last), names, env)
    finally:
        blocks.scene.vague |= vague
        blocks.scene.witnessed, blocks.scene.unbound = before, unbound


def _tried(blocks: Blocks, node: ast.Try, env: Env, last: bool) -> Step:
    scene = blocks.scene
    if scene.errors is None or scene.result is None or scene.returns is None:
        raise UntranslatedError("try in a handler that can't fail")
    if node.finalbody:
        step = _finally(blocks, node, env, last=last)
        if not node.handlers and scene.vague and scene.is_read:
            raise UntranslatedError("a request whose exception somebody else may read")
        return step
    if node.orelse:
        return _else(blocks, node, env, last=last)
    if last or always_ends((node,)):
        return _answering(blocks, node, env, last=last)
    if returns(node.body):
        return returning(blocks, node, env)
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
    if not all(always_ends(one.body) for one in node.handlers) or returns(node.body):
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
    result = env.free(RESULT)
    if last or always_ends(inner):
        body = inside_of(blocks, inner, env, last=True)
        made = b.Let(b.Bind(result), waited(body.block), blocks.scene.returns)
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
    if returns(inner):
        raise UntranslatedError("a try that returns in some cases")
    later = blocks.later(node, stored(node))
    with blocking(blocks, later - env.changeable(later)):
        body = inside_of(blocks, inner, env, last=False)
        left = _forgotten(blocks, node, inner)
        after = env.without(stored(node)).vague(mentioned(inner))
        keep = blocks.later(node, stored(node))
        final = blocks.block(node.finalbody, after, last=False, keep=keep)
    made = b.Let(b.Bind(result), passed(body), blocks.scene.result)
    asked = b.Do(b.Try(b.Name(result)))
    return Step((made, *final.statements, asked), final.env, left=left)


def _answering(blocks: Blocks, node: ast.Try, env: Env, *, last: bool) -> Step:
    """A `try` that is the end of the function, whichever way it goes."""
    name = env.free(RESULT)
    body = inside_of(blocks, node.body, env, last=True)
    found = caught(blocks, node, env, last=True)
    made = b.Let(b.Bind(name), waited(body.block), blocks.scene.returns)
    error = pattern_of(found)
    other_error = mapped_by(found.step.block)
    result: b.Expr
    if other_error is not None:
        result = mapped(b.Name(name), error, other_error)
    else:
        there = b.Call(b.Path(OK), (b.Name("answer"),))
        arms = (
            b.Arm(b.TuplePattern(OK, (b.Bind("answer"),)), there),
            b.Arm(b.TuplePattern(ERR, (error,)), bare(found.step.block)),
        )
        result = b.Match(b.Name(name), arms)
    left = ASKS if found.asks else ""
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
    body = inside_of(blocks, node.body, env, last=False)
    found = caught(blocks, node, env, last=False)
    name = env.free(RESULT)
    made = b.Let(b.Bind(name), passed(body), scene.result)
    binding = b.TuplePattern(ERR, (pattern_of(found),))
    asked: b.Expr = b.If(b.Name(name), found.step.block, binding=binding)
    again = b.Jump("return", b.Call(b.Path(ERR), (b.Name(found.error),)))
    if found.step.statements == (b.Do(again),):
        asked = b.Try(b.Name(name))
    after = env.without(stored(node)).vague(mentioned((node,)))
    return Step((made, b.Do(asked)), after, left=ASKS if found.asks else "")


def _giving(blocks: Blocks, node: ast.Try, names: tuple[str, ...], env: Env) -> Step:
    """A `try` that binds what is read behind it."""
    body = inside_of(blocks, node.body, env, last=False, keep=names)
    found = caught(blocks, node, env, last=False, keep=names)
    moves, blocks.scene.may_move = blocks.scene.may_move, False
    try:
        made = joined(blocks, names, (body, found.step), env)
    finally:
        blocks.scene.may_move = moves
    name = env.free(RESULT)
    given, other = made.blocks
    made_of = waited(b.Block(given.statements, ok(given.tail)))
    assert blocks.scene.result is not None
    first = b.Let(b.Bind(name), made_of, result_around(blocks.scene.result, made.type))
    value = _given(b.Name(name), found, other, made)
    after = made.env.without(stored(node) - set(names)).vague(mentioned((node,)) - set(names))
    left = ASKS if found.asks else ""
    return Step((first, b.Let(made.pattern, value)), after, left=left)


def _given(result: b.Expr, found: Caught, other: b.Block, made: Joined) -> b.Expr:
    """The value of a result, whose error the `except`s make another of or end the function by."""
    error = pattern_of(found)
    jump = other.statements[-1] if other.statements else None
    if isinstance(jump, b.Do) and isinstance(jump.expr, b.Jump) and jump.expr.word == "return":
        block = b.Block(other.statements[:-1], jump.expr.value)
        other_error = mapped_by(block)
        if other_error is not None:
            return b.Try(mapped(result, error, other_error))
    if not escapes(other):
        if isinstance(other.tail, b.Lit) and not other.statements:
            return b.Method(result, "unwrap_or", (other.tail,))
        return b.Method(result, "unwrap_or_else", (b.Closure((error,), bare(other)),))
    there = b.TupleOf(tuple(map(b.Name, _names(made.pattern))))
    one = there.items[0] if len(there.items) == 1 else there
    arms = (
        b.Arm(b.TuplePattern(OK, (_unchanged(made.pattern),)), one),
        b.Arm(b.TuplePattern(ERR, (error,)), other),
    )
    return b.Match(result, arms)


def _unchanged(pattern: b.Pattern) -> b.Pattern:
    """A pattern of variables that only hand on what they hold."""
    if isinstance(pattern, b.TuplePattern):
        return b.TuplePattern(
            pattern.symbol, tuple(map(_unchanged, pattern.items)), pattern.members
        )
    return b.Bind(pattern.name) if isinstance(pattern, b.Bind) else pattern


def _names(pattern: b.Pattern) -> list[str]:
    items = pattern.items if isinstance(pattern, b.TuplePattern) else (pattern,)
    return [one.name for one in items if isinstance(one, b.Bind)]


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
