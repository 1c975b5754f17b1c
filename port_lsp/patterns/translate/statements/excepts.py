"""What the `except`s of a `try` do with an error: a block that knows it by a variable.

Errors are of one type in Rust: which of several `except`s is meant is asked of it
(`exceptions.py`) or by a gap, but for the one that takes whatever comes.
"""

from __future__ import annotations

import ast
from collections.abc import Generator, Set
from contextlib import contextmanager
from typing import NamedTuple

from port_lsp.patterns.translate.binding import stored
from port_lsp.patterns.translate.gaps import REASON
from port_lsp.patterns.translate.raising import classes_taken
from port_lsp.patterns.translate.scene import ERROR, Env
from port_lsp.patterns.translate.statements.ends import CAUGHT, ended
from port_lsp.patterns.translate.statements.exceptions import asked
from port_lsp.patterns.translate.statements.joins import joined
from port_lsp.patterns.translate.statements.step import Blocks, Step
from port_lsp.patterns.translate.statements.witnesses import behind
from port_lsp.patterns.translate.values import BOOL, ERR, UntranslatedError, Val
from port_lsp.types import meanings as m
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import Type

ASKS = "except for certain exceptions"
"""What a gap stands for that asks which error it is."""
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
    error = env.free(ERROR)
    val = Val(b.Name(error), Type(blocks.scene.errors.symbol), True, error)
    bound = {name for one in node.body for name in stored(one)}
    names = env.without(bound - blocks.scene.witnessed).names
    inside = Env({**names, CAUGHT: val}, (*env.bound, error))
    closed = blocks.scene.closed
    blocks.scene.closed |= bound & blocks.scene.witnessed
    try:
        step = _of(blocks, node.handlers, inside, last=last, keep=keep)
    finally:
        blocks.scene.closed = closed
    return Caught(step, error, _asks(blocks, node.handlers, val, env))


def _asks(blocks: Blocks, handlers: list[ast.ExceptHandler], error: Val, env: Env) -> bool:
    """Whether a gap asks which of them takes an error."""
    before: set[str] = set()
    for one in handlers:
        if takes_all(blocks, one, env):
            return False
        if asked(blocks.scene, one.type, error, env, before) is None:
            return True
        before |= _taken(blocks, one, env)
    return False


def takes_all(blocks: Blocks, handler: ast.ExceptHandler, env: Env) -> bool:
    """Whether a handler takes whatever comes."""
    if handler.type is None:
        return True
    meaning = blocks.scene.meaning(handler.type, env)
    return isinstance(meaning, m.Outside) and meaning.name in _EVERY


class _Branch(NamedTuple):
    """What an `except` does; the question whether it is the one, with the gap that answers it
    where nothing else does; no question where it takes what is left."""

    step: Step
    question: b.Expr | None = None
    gap: b.Gap | None = None


def _of(
    blocks: Blocks,
    handlers: list[ast.ExceptHandler],
    env: Env,
    *,
    last: bool,
    keep: tuple[str, ...],
) -> Step:
    error = env.names[CAUGHT]
    branches: list[_Branch] = []
    vague, before = blocks.scene.vague, set[str]()
    for one in handlers:
        known = env if one.name is None else env.knowing(one.name, error)
        every = takes_all(blocks, one, env)
        branch = None if every else _question(blocks, one, env, before)
        taken = vague if branch is None else vague & _taken(blocks, one, env)
        is_known = branch is None or branch[1] is None
        with _telling(blocks, taken if is_known else vague):
            then = _done(blocks, one.body, known, last=last, keep=keep)
        if branch is None:
            branches.append(_Branch(then))
            break
        if is_known:
            vague -= taken
            before |= _taken(blocks, one, env)
        branches.append(_Branch(then, *branch))
    else:
        if blocks.scene.is_read and vague:
            raise UntranslatedError("what another library raises, which somebody else may read")
        again = ended(b.Call(b.Path(ERR), (error.expr,)), env, last=last)
        if len(branches) == 1 and not last and branches[0].gap is None:
            return _guarded(branches[0], again)
        branches.append(_Branch(again))
    if len(branches) == 1:
        return branches[0].step
    reached = [one for one in branches if not one.step.ends]
    if keep and len(reached) == 1 and reached[0] is branches[-1] and not _gaps(branches):
        return _behind(branches)
    if keep and reached:
        return _joined(blocks, branches, keep, env)
    return _chain(branches, [one.step.block for one in branches], env, last=last)


def _done(
    blocks: Blocks, nodes: list[ast.stmt], env: Env, *, last: bool, keep: tuple[str, ...]
) -> Step:
    """What one of them does; it fails where it reads what nothing has bound."""
    unbound = blocks.scene.unbound & blocks.scene.closed
    parts = behind(blocks, nodes, unbound, env) if unbound else None
    if parts is None:
        return blocks.block(nodes, env.without(unbound), last=last, keep=keep)
    before, failing, after, known = parts
    first = blocks.block(before, env, last=False)
    if first.ends:
        for one in after:
            blocks.pass_over(one)
        return first
    there = {name: val for name, val in known.names.items() if env.names.get(name) is not val}
    bound = tuple(dict.fromkeys((*first.env.bound, *known.bound)))
    known = Env({**first.env.names, **there}, bound)
    rest = blocks.block(after, known, last=last, keep=keep)
    statements = (*first.statements, failing, *rest.statements)
    return Step(statements, rest.env, rest.tail, rest.ends, rest.left)


@contextmanager
def _telling(blocks: Blocks, vague: frozenset[str]) -> Generator[None]:
    """Where what was caught may be of these classes, whose text isn't known, and of no other such;
    what is raised there may be more."""
    before, blocks.scene.vague = blocks.scene.vague, vague
    try:
        yield
    finally:
        blocks.scene.vague |= before


def _taken(blocks: Blocks, handler: ast.ExceptHandler, env: Env) -> set[str]:
    """The classes that a handler takes, as far as they are known."""
    of = handler.type
    several = of.elts if isinstance(of, ast.Tuple) else [of] if of is not None else []
    found = [blocks.scene.meaning(one, env) for one in several]
    return {name for one in found for name in classes_taken(blocks.scene.desk, one)}


def _question(
    blocks: Blocks, handler: ast.ExceptHandler, env: Env, before: Set[str]
) -> tuple[b.Expr, b.Gap | None]:
    """Whether a handler takes the error: a question, or the variable of a gap."""
    error = env.names[CAUGHT]
    question = asked(blocks.scene, handler.type, error, env, before)
    if question is not None:
        return question, None
    name = env.free("asked")
    head = handler.type.end_lineno if handler.type is not None else None
    python = blocks.text(handler.lineno, head or handler.lineno)
    return b.Name(name), b.Gap(python, REASON, (error.root,), b.Bind(name), BOOL)


def _guarded(branch: _Branch, again: Step) -> Step:
    """The only `except`: another error ends the function first."""
    assert branch.question is not None
    first = b.Do(b.If(b.Unary("!", branch.question), again.block))
    step = branch.step
    return Step((first, *step.statements), step.env, step.tail, step.ends)


def _gaps(branches: list[_Branch]) -> bool:
    return any(one.gap is not None for one in branches)


def _behind(branches: list[_Branch]) -> Step:
    """Where all end but the last, that one stands behind the others."""
    asked_first = [
        b.Do(b.If(one.question, one.step.block)) for one in branches[:-1] if one.question
    ]
    step = branches[-1].step
    return Step((*asked_first, *step.statements), step.env, step.tail, step.ends)


def _joined(blocks: Blocks, branches: list[_Branch], keep: tuple[str, ...], env: Env) -> Step:
    """Branches that bind what is read behind them."""
    if _gaps(branches):
        raise UntranslatedError("a name that only some excepts bind")
    moves, blocks.scene.may_move = blocks.scene.may_move, False
    try:
        made = joined(blocks, keep, [one.step for one in branches], env)
    finally:
        blocks.scene.may_move = moves
    value = _nested(branches, list(made.blocks))
    assert isinstance(value, b.If)
    return Step((b.Let(made.pattern, value),), made.env)


def _chain(branches: list[_Branch], made: list[b.Block], env: Env, *, last: bool) -> Step:
    """`if … else if … else`, with the gaps in front of their questions."""
    ends = all(one.step.ends for one in branches)
    value = _nested(branches, made)
    gap = (branches[0].gap,) if branches[0].gap is not None else ()
    if ends and last:
        return Step(gap, env, value, ends=True)
    return Step((*gap, b.Do(value)), env, ends=ends)


def _nested(branches: list[_Branch], made: list[b.Block]) -> b.Expr:
    """The chain, without the gap of its first question."""
    otherwise: b.Block | b.If = made[-1]
    for at in range(len(branches) - 2, -1, -1):
        question = branches[at].question
        assert question is not None
        whole = b.If(question, made[at], otherwise)
        gap = branches[at].gap
        otherwise = whole if gap is None or at == 0 else b.Block((gap,), whole)
    return otherwise
