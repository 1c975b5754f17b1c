"""`for one in list`: a loop over what a Vec holds, with `break` and `continue`.

Names that were bound before a loop, or are read behind it, keep their Rust variable, which an
assignment in the loop would only shadow for the rest of its turn. So such an assignment isn't
translated.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from port_lsp.patterns.translate.binding import stored
from port_lsp.patterns.translate.queries.results import iterated
from port_lsp.patterns.translate.reading import is_read
from port_lsp.patterns.translate.scene import Env
from port_lsp.patterns.translate.statements.step import Blocks, Step, blocking
from port_lsp.patterns.translate.values import COPIED, UntranslatedError, Val, inside
from port_lsp.patterns.translate.values import without_reference as bare
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import AnyType, Reference, Slice


def looped(blocks: Blocks, node: ast.For, env: Env, _: bool) -> Step:
    """The loop. Raises UntranslatedError for one over anything but a Vec."""
    scene, target = blocks.scene, node.target
    if node.orelse or not isinstance(target, ast.Name):
        raise UntranslatedError("For")
    val = iterated(scene, node.iter, env) or scene.value(node.iter, env)
    item = _item(val.type)
    if item is None or val.wrapped:
        raise UntranslatedError("For over what is no list")
    rust = env.free(target.id)
    of, kind = _over(val, item)
    names = {name for one in node.body for name in stored(one)}
    kept = blocks.later(node, names) | (names & env.names.keys())
    inner = env.bind(target.id, Val(b.Name(rust), kind, place=True, root=rust), rust)
    may_move, scene.may_move = scene.may_move, False
    blocks.jumps |= {id(one) for one in _jumps(node.body)}
    try:
        with blocking(blocks, blocks.blocked | kept):
            step = blocks.block(node.body, inner, last=False)
    finally:
        scene.may_move = may_move
    if not blocks.is_any_done(node.body):
        raise UntranslatedError("For with nothing in it that is known")
    if step.ends and not isinstance(node.body[-1], ast.Continue):
        raise UntranslatedError("For that never comes to a second turn")
    read = is_read(rust, step.statements, step.tail)
    made = b.For(b.Bind(rust if read else f"_{rust}"), of, step.block)
    return Step((b.Do(made),), env.without(names | {target.id}))


def jumped(blocks: Blocks, node: ast.Break | ast.Continue, env: Env, _: bool) -> Step:
    """`break` and `continue` of a loop that is translated."""
    if id(node) not in blocks.jumps:
        raise UntranslatedError(type(node).__name__)
    word = "break" if isinstance(node, ast.Break) else "continue"
    return Step((b.Do(b.Jump(word)),), env, ends=True)


def _item(kind: AnyType) -> AnyType | None:
    """What a Vec, or a slice of one, holds."""
    held = bare(kind)
    return held.item if isinstance(held, Slice) else inside(held, "Vec")


def _over(val: Val, item: AnyType) -> tuple[b.Expr, AnyType]:
    """What is gone through, and the type of what comes of it."""
    borrowed = isinstance(val.type, Reference)
    if item in COPIED:
        if not val.place and not borrowed:
            return val.expr, item
        return b.Method(b.Method(val.expr, "iter"), "copied"), item
    if borrowed:
        return val.expr, Reference(item)
    return (b.Unary("&", val.expr), Reference(item)) if val.place else (val.expr, item)


def _jumps(nodes: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """The jumps of a loop that Rust can make: in a `try`, whose statements are a future of their
    own, there are none."""
    for node in nodes:
        if isinstance(node, (ast.Break, ast.Continue)):
            yield node
        elif isinstance(node, ast.If):
            yield from _jumps((*node.body, *node.orelse))
        elif isinstance(node, (ast.With, ast.AsyncWith)):
            yield from _jumps(node.body)
