"""`for one in values` (`expressions/sources.py`): a loop with `break` and `continue`.

Names that were bound before a loop, or are read behind it, keep their Rust variable, which an
assignment in the loop would only shadow for the rest of its turn. So such an assignment isn't
translated.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from port_lsp.patterns.translate.binding import stored
from port_lsp.patterns.translate.expressions.sources import bind, of_value, source
from port_lsp.patterns.translate.queries.results import iterated
from port_lsp.patterns.translate.reading import is_read
from port_lsp.patterns.translate.scene import Env
from port_lsp.patterns.translate.statements.step import Blocks, Step, blocking
from port_lsp.patterns.translate.values import UntranslatedError
from port_lsp.writing.ir import body as b


def looped(blocks: Blocks, node: ast.For, env: Env, _: bool) -> Step:
    """The loop."""
    scene, target = blocks.scene, node.target
    if node.orelse:
        raise UntranslatedError("For")
    rows = iterated(scene, node.iter, env)
    of = of_value(scene, rows) if rows is not None else source(scene, node.iter, env)
    pattern, inner = bind(target, of.item, env)
    step = turn(blocks, node, env, inner)
    made = b.For(_read(pattern, step), of.over, step.block)
    names = {name for one in node.body for name in stored(one)}
    return Step((b.Do(made),), env.dropped(stored(target)).without(names))


def turn(blocks: Blocks, node: ast.For | ast.AsyncFor, env: Env, inner: Env) -> Step:
    """The body of a loop: `env` are the names in front of it, `inner` those of a turn. Raises
    UntranslatedError."""
    scene = blocks.scene
    if node.orelse:
        raise UntranslatedError("For")
    names = {name for one in node.body for name in stored(one)}
    kept = blocks.later(node, names) | (names & env.names.keys())
    kept -= env.changeable(kept)
    may_move, scene.may_move = scene.may_move, False
    blocks.jumps |= {id(one) for one in jumps(node.body)}
    try:
        with blocking(blocks, blocks.blocked | kept):
            step = blocks.block(node.body, inner, last=False)
    finally:
        scene.may_move = may_move
    if not blocks.is_any_done(node.body):
        raise UntranslatedError("For with nothing in it that is known")
    if step.ends and not isinstance(node.body[-1], ast.Continue):
        raise UntranslatedError("For that never comes to a second turn")
    return step


def _read(pattern: b.Pattern, step: Step) -> b.Pattern:
    """A pattern with an underscore before the names that nobody reads."""
    if isinstance(pattern, b.TuplePattern):
        return b.TuplePattern(None, tuple(_read(one, step) for one in pattern.items))
    if isinstance(pattern, b.Bind) and not is_read(pattern.name, step.statements, step.tail):
        return b.Wild() if pattern.name == "_" else b.Bind(f"_{pattern.name}")
    return pattern


def jumped(blocks: Blocks, node: ast.Break | ast.Continue, env: Env, _: bool) -> Step:
    """`break` and `continue` of a loop that is translated."""
    if id(node) not in blocks.jumps:
        raise UntranslatedError(type(node).__name__)
    word = "break" if isinstance(node, ast.Break) else "continue"
    return Step((b.Do(b.Jump(word)),), env, ends=True)


def jumps(nodes: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """The jumps of a loop that Rust can make: in a `try`, whose statements are a future of their
    own, there are none, but in its `except`s, which stand behind that."""
    for node in nodes:
        if isinstance(node, (ast.Break, ast.Continue)):
            yield node
        elif isinstance(node, ast.If):
            yield from jumps((*node.body, *node.orelse))
        elif isinstance(node, (ast.With, ast.AsyncWith)):
            yield from jumps(node.body)
        elif isinstance(node, ast.Try) and not node.finalbody:
            yield from jumps([each for one in node.handlers for each in one.body])
