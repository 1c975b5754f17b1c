"""`if` that assigns what is read behind it: a `let` of what its branches give."""

from __future__ import annotations

import ast

from port_lsp.patterns.translate.binding import always_ends, mentioned, reaching, stored
from port_lsp.patterns.translate.expressions.narrowing import narrowed
from port_lsp.patterns.translate.expressions.truth import looked_at, truth
from port_lsp.patterns.translate.reading import mentions
from port_lsp.patterns.translate.scene import Env
from port_lsp.patterns.translate.statements.joins import joined
from port_lsp.patterns.translate.statements.step import Blocks, Step
from port_lsp.patterns.translate.values import SOME, UntranslatedError, VagueError
from port_lsp.writing.ir import body as b


def choosing(blocks: Blocks, node: ast.If, names: list[str], env: Env) -> Step:
    """`let x = if … { … } else { … };`. Raises UntranslatedError where a branch doesn't say what a
    name is."""
    found = narrowed(blocks.scene, node.test, env)
    inside = env
    if found is not None:
        inside = found.owned(env) if found.copied else found.borrowed(env)
    turned = found is not None and not found.some
    there, missing = (node.orelse, node.body) if turned else (node.body, node.orelse)
    first, second = _branches(blocks, (there, inside), (missing, env), names)
    made = joined(blocks, names, (first, second), env)
    then, other = made.blocks
    if found is not None and mentions(found.rust, then):
        binding = b.TuplePattern(SOME, (b.Bind(found.rust),))
        whole = b.If(looked_at(blocks.scene, found), then, _flat(other), binding)
    else:
        if turned:
            then, other = other, then
        test = truth(blocks.scene, node.test, env)
        if isinstance(test, b.Lit):
            raise UntranslatedError("an if whose test is decided")
        whole = b.If(test, then, _flat(other))
    after = _behind(node, names, made.env)
    return Step((b.Let(made.pattern, whole),), after)


def chosen_by(blocks: Blocks, node: ast.If, names: list[str], test: b.Expr, env: Env) -> Step:
    """The same with a test that is translated already."""
    first, second = _branches(blocks, (node.body, env), (node.orelse, env), names)
    made = joined(blocks, names, (first, second), env)
    then, other = made.blocks
    after = _behind(node, names, made.env)
    return Step((b.Let(made.pattern, b.If(test, then, _flat(other))),), after)


def _behind(node: ast.If, names: list[str], env: Env) -> Env:
    rest = reaching(node) - set(names)
    return env.rebound(rest).vague(mentioned((node,)) - set(names))


_Branch = tuple[list[ast.stmt], Env]


def _branches(
    blocks: Blocks, first: _Branch, second: _Branch, names: list[str]
) -> tuple[Step, Step]:
    """Both, as far as they may be joined: what one of them leaves unknown for certain ends it
    before the other is translated."""
    for nodes, env in (first, second):
        bound = {name for one in nodes for name in stored(one)}
        unknown = [one for one in names if one not in env.names and one not in bound]
        if unknown and not always_ends(nodes):
            raise VagueError(unknown)
    made = _branch(blocks, *first, names)
    if not made.ends:
        unknown = [one for one in names if one not in made.env.names]
        if unknown:
            raise VagueError(unknown)
    return made, _branch(blocks, *second, names)


def _branch(blocks: Blocks, nodes: list[ast.stmt], env: Env, names: list[str]) -> Step:
    return blocks.block(nodes, env, last=False, keep=names) if nodes else Step((), env)


def _flat(block: b.Block) -> b.Block | b.If:
    """What stands behind `else`: another `if` without braces around it."""
    return block.tail if not block.statements and isinstance(block.tail, b.If) else block
