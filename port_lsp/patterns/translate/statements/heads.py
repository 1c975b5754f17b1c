"""Statements whose head isn't translated, but what is in their blocks: the head is a gap.

An `if` with a test that isn't known asks a `bool` that the gap gives. What a branch binds and the
function reads behind it isn't translated there: of such names nothing is known afterwards.
"""

from __future__ import annotations

import ast

from port_lsp.patterns.translate.binding import mentioned, stored
from port_lsp.patterns.translate.gaps import REASON, touched
from port_lsp.patterns.translate.scene import Env
from port_lsp.patterns.translate.statements.conditions import behind_else, both
from port_lsp.patterns.translate.statements.step import Blocks, Step
from port_lsp.patterns.translate.values import BOOL, UntranslatedError
from port_lsp.writing.ir import body as b


def asked_in_a_gap(blocks: Blocks, node: ast.If, env: Env, last: bool) -> Step:
    """An `if` whose test is a gap; where nothing in it is translated, it is none."""
    known = env.vague(mentioned((node.test,))).without(stored(node.test))
    asked = env.free("asked")
    kept = set(blocks.blocked)
    blocks.blocked |= blocks.later(node, stored(node))
    ends_here = last and bool(node.orelse)
    try:
        then = blocks.block(node.body, known, last=ends_here)
        other = blocks.block(node.orelse, known, last=ends_here) if node.orelse else None
    finally:
        blocks.blocked = kept
    if not blocks.is_any_done((*node.body, *node.orelse)):
        raise UntranslatedError("an if of which nothing is known")
    python = blocks.text(node.lineno, node.test.end_lineno or node.lineno)
    gap = b.Gap(python, REASON, touched([node.test], env), b.Bind(asked), BOOL)
    after = known.without(stored(node))
    if other is None:
        return Step((gap, b.Do(b.If(b.Name(asked), then.block))), after)
    made = b.If(b.Name(asked), then.block, behind_else(other))
    step = both(node, made, then, other, known, last=last)
    return Step((gap, *step.statements), step.env, step.tail, step.ends)
