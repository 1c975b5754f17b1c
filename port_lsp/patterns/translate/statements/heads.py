"""Statements whose head isn't translated, but what is in their blocks: the head is a gap.

An `if` with a test that isn't known asks a `bool` that the gap gives. What a branch binds and the
function reads behind it isn't translated there: of such names nothing is known afterwards.
"""

from __future__ import annotations

import ast

from port_lsp.patterns.translate.binding import mentioned, reaching, stored
from port_lsp.patterns.translate.clients.kinds import answer_of
from port_lsp.patterns.translate.clients.once import need_reqwest
from port_lsp.patterns.translate.expressions.truth import truth
from port_lsp.patterns.translate.gaps import REASON, touched
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.statements.choosing import chosen_by
from port_lsp.patterns.translate.statements.conditions import behind_else, both
from port_lsp.patterns.translate.statements.loops import turn
from port_lsp.patterns.translate.statements.step import Blocks, Step, blocking
from port_lsp.patterns.translate.values import BOOL, UntranslatedError, Val
from port_lsp.types import meanings as m
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import UNIT, named


def chosen_in_a_gap(blocks: Blocks, node: ast.If, env: Env, _: bool) -> Step:
    """An `if` whose test is a gap and that assigns."""
    later = env.own(blocks.later(node, reaching(node)))
    names = sorted(later - blocks.blocked - env.changeable(later))
    if not names:
        raise UntranslatedError("an if that doesn't assign")
    before, test, known, left = _test(blocks, node, env)
    step = chosen_by(blocks, node, names, test, known)
    return Step((*before, *step.statements), step.env, left=left)


def asked_in_a_gap(blocks: Blocks, node: ast.If, env: Env, last: bool) -> Step:
    """An `if` whose test is a gap, or what it binds; where nothing in it is translated, it is
    none."""
    before, test, known, left = _test(blocks, node, env)
    ends_here = last and bool(node.orelse)
    later = known.own(blocks.later(node, reaching(node)))
    with blocking(blocks, later - env.changeable(later)):
        then = blocks.block(node.body, known, last=ends_here)
        other = blocks.block(node.orelse, known, last=ends_here) if node.orelse else None
    if not blocks.is_any_done((*node.body, *node.orelse)):
        raise UntranslatedError("an if of which nothing is known")
    if other is None:
        return Step(
            (*before, b.Do(b.If(test, then.block))), known.rebound(reaching(node)), left=left
        )
    made = b.If(test, then.block, behind_else(other))
    step = both(node, made, then, other, known, last=last)
    return Step((*before, *step.statements), step.env, step.tail, step.ends, left)


def looped_in_a_gap(blocks: Blocks, node: ast.For, env: Env, _: bool) -> Step:
    """A `for` over what isn't translated: the gap says how often, its body stands in the loop. What
    it goes through isn't known there."""
    scene, left = blocks.scene, "For"
    needed, called = scene.needs.mark(), scene.functions.mark() if scene.functions else None
    try:
        scene.value(node.iter, env)
    except UntranslatedError as error:
        left = error.construct
    scene.needs.back(needed)
    if scene.functions is not None and called is not None:
        scene.functions.back(called)
    known = env.vague(mentioned((node.iter,))).without(stored(node.target))
    each = env.free("each")
    python = blocks.text(node.lineno, node.iter.end_lineno or node.lineno)
    kind = named("Vec", UNIT)
    gap = b.Gap(python, REASON, touched([node.iter], env), b.Bind(each), kind)
    step = turn(blocks, node, known, known)
    made = b.For(b.TuplePattern(None, ()), b.Name(each), step.block)
    names = {name for one in node.body for name in stored(one)}
    after = known.dropped(stored(node.target)).without(names)
    return Step((gap, b.Do(made)), after, left=left)


def entered_in_a_gap(blocks: Blocks, node: ast.With | ast.AsyncWith, env: Env, last: bool) -> Step:
    """A `with` whose context is a gap, and what is in it behind that."""
    scene = blocks.scene
    if any(_swallows(scene, one.context_expr, env) for one in node.items):
        raise UntranslatedError("with of what may swallow errors")
    targets = {name for one in node.items for name in stored(one)}
    known = env.without(targets).vague(mentioned(node.items))
    python = blocks.text(node.lineno, node.body[0].lineno - 1)
    unused = touched([one.context_expr for one in node.items], env)
    gap = b.Gap(python, REASON, unused)
    only = node.items[0]
    answer = answer_of(scene, only.context_expr, env) if len(node.items) == 1 else None
    if answer is not None and isinstance(only.optional_vars, ast.Name):
        need_reqwest(scene)
        rust = known.free(only.optional_vars.id)
        gap = b.Gap(python, REASON, unused, b.Bind(rust), answer)
        known = known.bind(only.optional_vars.id, Val(b.Name(rust), answer, True, rust), rust)
    step = blocks.block(node.body, known, last=last, keep=blocks.later(node, stored(node)))
    if not blocks.is_any_done(node.body):
        raise UntranslatedError(type(node).__name__)
    return Step((gap, *step.statements), step.env, step.tail, step.ends, type(node).__name__)


def _swallows(scene: Scene, node: ast.expr, env: Env) -> bool:
    """Whether a context may end an error: what isn't known to end none, but a method's answer."""
    call = node.func if isinstance(node, ast.Call) else node
    meaning = scene.meaning(call, env)
    if isinstance(meaning, m.Outside):
        return meaning.name.rpartition(".")[2] in ("suppress", "ExitStack", "AsyncExitStack")
    return not isinstance(call, ast.Attribute) or meaning is not None


def _test(
    blocks: Blocks, node: ast.If, env: Env
) -> tuple[tuple[b.Statement, ...], b.Expr, Env, str]:
    """What stands in front of the `if`, its test, the names inside of it, and the construct that
    the gap stands for."""
    left = "an if whose test is decided"
    functions, needs = blocks.scene.functions, blocks.scene.needs
    needed, called = needs.mark(), functions.mark() if functions is not None else None
    try:
        test = truth(blocks.scene, node.test, env)
        if not isinstance(test, b.Lit):
            return (), test, env, ""
    except UntranslatedError as error:
        left = error.construct
        needs.back(needed)
        if functions is not None and called is not None:
            functions.back(called)
    known = env.vague(mentioned((node.test,))).without(stored(node.test))
    asked = env.free("asked")
    python = blocks.text(node.lineno, node.test.end_lineno or node.lineno)
    gap = b.Gap(python, REASON, touched([node.test], env), b.Bind(asked), BOOL)
    return (gap,), b.Name(asked), known, left
