"""What branches bind and the function reads behind them: they give it as their values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from msgspec.structs import replace

from port_lsp.patterns.translate.enums import of_both
from port_lsp.patterns.translate.ownership import fitting
from port_lsp.patterns.translate.reading import mentions, without_unused
from port_lsp.patterns.translate.scene import Env
from port_lsp.patterns.translate.statements.step import Blocks, Step
from port_lsp.patterns.translate.values import (
    UntranslatedError,
    VagueError,
    Val,
    waits,
)
from port_lsp.patterns.translate.variables import common
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.names import bound
from port_lsp.writing.ir.types import AnyType, Reference, Tuple


class Joined(NamedTuple):
    """The blocks with their values as tails; what is bound to them, of which type; the names
    behind it."""

    blocks: tuple[b.Block, ...]
    pattern: b.Pattern
    type: AnyType
    env: Env


def joined(blocks: Blocks, names: Sequence[str], steps: Sequence[Step], env: Env) -> Joined:
    """Branches, each translated with `keep=names`, joined behind a statement. Raises
    VagueError where it isn't known what some of the names are at the end of a branch."""
    reached = [one for one in steps if not one.ends]
    if not reached:
        raise UntranslatedError("names behind branches that end")
    tails: list[list[b.Expr]] = [[] for _ in reached]
    kinds: list[AnyType] = []
    borrowed = any(isinstance(val.type, Reference) for val in env.names.values())
    vague: list[str] = []
    for name in names:
        vals = [one.env.names.get(name) for one in reached]
        known = [one for one in vals if one is not None]
        try:
            kind = blocks.scene.variables.types.get(name)
            kind = kind or of_both(blocks.scene, known) or common(known)
            if len(known) < len(vals):
                raise UntranslatedError("a name that is unknown in a branch")
            given = [
                _given(blocks, step, val, kind, may_move=not borrowed)
                for step, val in zip(reached, known, strict=True)
            ]
        except UntranslatedError:
            vague.append(name)
            continue
        kinds.append(kind)
        for tail, one in zip(tails, given, strict=True):
            tail.append(one)
    if vague:
        raise VagueError(vague)
    patterns: list[b.Pattern] = []
    for name, kind in zip(names, kinds, strict=True):
        free = env.free(name)
        if name in blocks.scene.variables.types:
            blocks.scene.variables.rust.add(free)
            val = Val(b.Name(free), kind, True, free, mutable=True)
            patterns.append(b.Bind(free, "mut "))
        else:
            val = Val(b.Name(free), kind, True, free)
            patterns.append(b.Bind(free))
        env = env.bind(name, val, free)
    rest = iter(tails)
    made = tuple(one.block if one.ends else _giving(one, next(rest)) for one in steps)
    if len(patterns) == 1:
        return Joined(made, patterns[0], kinds[0], env)
    pattern = b.TuplePattern(None, tuple(patterns))
    return Joined(made, pattern, Tuple(tuple(kinds)), env)


def _given(blocks: Blocks, step: Step, val: Val, kind: AnyType, *, may_move: bool) -> b.Expr:
    """A value at the end of a branch: moved out of what that branch has bound itself."""
    scene = blocks.scene
    own = any(
        isinstance(one, (b.Let, b.Gap)) and val.root in bound(one.pattern)
        for one in step.statements
    )
    if not own:
        last = bool(val.root) and blocks.is_own(val.root) and may_move
        return fitting(scene, val, kind, last=last)
    moves, scene.may_move = scene.may_move, True
    try:
        return fitting(scene, val, kind, last=True)
    finally:
        scene.may_move = moves


def _giving(step: Step, tails: list[b.Expr]) -> b.Block:
    """A block with its values behind it; what is bound only for that is put in its place."""
    tail = tails[0] if len(tails) == 1 else b.TupleOf(tuple(tails))
    statements = list(step.statements)
    only = statements[-1] if statements else None
    if isinstance(only, b.Let) and isinstance(only.pattern, b.Bind) and only.value is not None:
        put = None if only.type or only.otherwise else _put(tail, only.pattern.name, only.value)
        if put is not None:
            tail = put
            statements.pop()
    return b.Block(tuple(without_unused(statements, tail)), tail)


def _put(tail: b.Expr, name: str, value: b.Expr) -> b.Expr | None:
    """A tail with a value in the place of a variable; None where it isn't all that it is of."""
    if tail == b.Name(name):
        return value
    if isinstance(tail, b.Method) and not tail.args and tail.receiver == b.Name(name):
        made = isinstance(value, b.Lit) or tail.name != "clone"
        return replace(tail, receiver=value) if made and not waits(value) else None
    if isinstance(tail, b.Call) and tail.args == (b.Name(name),) and not mentions(name, value):
        return replace(tail, args=(value,))
    return None
