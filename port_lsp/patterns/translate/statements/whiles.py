"""`while test`: a loop that asks anew before each turn; `while True` is `loop`.

What the test asks is bound by the time it is asked again only where the loop's assignments change
the variable itself (`variables.py`). Until that is learned, such a loop isn't translated.
"""

from __future__ import annotations

import ast
from typing import cast

import msgspec

from port_lsp.patterns.translate.binding import mentioned, stored
from port_lsp.patterns.translate.expressions.truth import truth
from port_lsp.patterns.translate.mutating import lent_in
from port_lsp.patterns.translate.objects.classes import objects_at
from port_lsp.patterns.translate.scene import Env
from port_lsp.patterns.translate.statements.loops import jumps
from port_lsp.patterns.translate.statements.step import Blocks, Step, blocking
from port_lsp.patterns.translate.values import UntranslatedError
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.names import uses
from port_lsp.writing.ir.types import Reference


def repeated(blocks: Blocks, node: ast.While, env: Env, last: bool) -> Step:
    """The loop; its `else` is what follows, where nothing leaves the loop before."""
    leaves = any(map(_breaks, node.body))
    if not node.orelse:
        return _loop(blocks, node, env, leaves=leaves)
    if leaves or _is_true(node.test):
        raise UntranslatedError("while with an else")
    first = _loop(blocks, node, env, leaves=False)
    keep = blocks.later(node, stored(node))
    rest = blocks.block(node.orelse, first.env, last=last, keep=keep)
    return Step((*first.statements, *rest.statements), rest.env, rest.tail, rest.ends)


def _loop(blocks: Blocks, node: ast.While, env: Env, *, leaves: bool) -> Step:
    scene = blocks.scene
    if stored(node.test):
        raise UntranslatedError("while that assigns in its test")
    names = {name for one in node.body for name in stored(one)}
    kept = blocks.later(node, names) | (names & (env.names.keys() | mentioned((node.test,))))
    kept -= env.changeable(kept)
    turn = env.vague(mentioned(node.body))
    blocks.jumps |= {id(one) for one in jumps(node.body)}
    may_move, scene.may_move = scene.may_move, False
    try:
        test = None if _is_true(node.test) else truth(scene, node.test, turn)
        with blocking(blocks, blocks.blocked | kept):
            step = blocks.block(node.body, turn, last=False)
    finally:
        scene.may_move = may_move
    if mentioned((node.test,)) & kept or isinstance(test, b.Lit):
        raise UntranslatedError("while of what isn't known in its second turn")
    asked = [env.names[one] for one in mentioned((node.test,)) if one in env.names]
    objects = [one for one in asked if objects_at(scene.desk).of_type(one.type) is not None]
    changed = lent_in(step.block)
    if test is not None and not all(
        uses(one.root, step.block) if isinstance(one.type, Reference) else one.root in changed
        for one in objects
    ):
        raise UntranslatedError("while of an object that nothing in it changes")
    if not blocks.is_any_done(node.body):
        raise UntranslatedError("While with nothing in it that is known")
    if step.ends and not isinstance(node.body[-1], ast.Continue):
        raise UntranslatedError("while that never comes to a second turn")
    if test is None and leaves and not _is_left(step.block):
        raise UntranslatedError("while that ends in a hole")
    made = b.While(test, step.block)
    return Step((b.Do(made),), turn.without(names), ends=test is None and not leaves)


def _breaks(node: ast.AST) -> bool:
    """Whether a statement may leave the loop that it stands in."""
    if isinstance(node, (ast.For, ast.AsyncFor, ast.While)):
        return any(map(_breaks, node.orelse))
    return isinstance(node, ast.Break) or any(map(_breaks, ast.iter_child_nodes(node)))


def _is_left(part: object) -> bool:
    """The same of Rust."""
    if isinstance(part, (b.For, b.While, b.Closure)):
        return False
    if isinstance(part, b.Jump):
        return part.word == "break"
    if isinstance(part, tuple):
        return any(map(_is_left, cast("tuple[object, ...]", part)))
    if isinstance(part, msgspec.Struct):
        return any(_is_left(getattr(part, name)) for name in part.__struct_fields__)
    return False


def _is_true(test: ast.expr) -> bool:
    return isinstance(test, ast.Constant) and bool(test.value)
