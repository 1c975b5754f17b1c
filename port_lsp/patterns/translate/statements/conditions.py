"""`if`: what is known behind a test for None is known in Rust, too, by `let … else`, `if let`."""

from __future__ import annotations

import ast

from port_lsp.patterns.translate.binding import reaching, stored
from port_lsp.patterns.translate.expressions.narrowing import Narrowed, narrowed
from port_lsp.patterns.translate.expressions.opposites import negated
from port_lsp.patterns.translate.expressions.truth import counts, looked_at, truth
from port_lsp.patterns.translate.ownership import fitting
from port_lsp.patterns.translate.reading import mentions
from port_lsp.patterns.translate.scene import Env
from port_lsp.patterns.translate.statements.choosing import choosing
from port_lsp.patterns.translate.statements.step import Blocks, Step
from port_lsp.patterns.translate.values import NONE, SOME, VALUE, UntranslatedError, Val, waits
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import Reference


def conditional(blocks: Blocks, node: ast.If, env: Env, last: bool) -> Step:
    """An `if` with its `elif`s and `else`."""
    scene = blocks.scene
    found = narrowed(scene, node.test, env)
    if found is not None and not found.some and not node.orelse:
        default = _default(blocks, node, found, env)
        if default is not None:
            return default
    later = env.own(blocks.later(node, reaching(node)))
    names = sorted(later - blocks.blocked - env.changeable(later))
    if names:
        return choosing(blocks, node, names, env)
    if found is not None:
        return _asked(blocks, node, found, env, last=last)
    test = node.test
    if isinstance(test, ast.BoolOp) and not node.orelse:
        first = narrowed(scene, test.values[0], env)
        rest = test.values[1:]
        others = rest[0] if len(rest) == 1 else ast.BoolOp(test.op, rest)
        if first is not None and first.some == isinstance(test.op, ast.And):
            return _more(blocks, node, first, others, env, last=last)
    return _plain(blocks, node, truth(scene, test, env), env, last=last)


def decided(blocks: Blocks, node: ast.If, env: Env, last: bool) -> Step:
    """An `if` of which it is known which way it goes: what is on that way."""
    test = truth(blocks.scene, node.test, env)
    if not isinstance(test, b.Lit):
        raise UntranslatedError("an if whose test is no constant")
    taken, other = node.body, node.orelse
    if test.text != "true":
        taken, other = other, taken
    for one in other:
        blocks.pass_over(one)
    step = blocks.block(taken, env, last=last, keep=blocks.later(node, stored(node)))
    return step if taken else Step((), env, ends=False)


def _plain(blocks: Blocks, node: ast.If, test: b.Expr, env: Env, *, last: bool) -> Step:
    if isinstance(test, b.Lit):
        raise UntranslatedError("an if whose test is decided")
    ends_here = last and bool(node.orelse)
    then = blocks.block(node.body, env, last=ends_here)
    if not node.orelse:
        return Step((b.Do(b.If(test, then.block)),), _after(node, env))
    other = blocks.block(node.orelse, env, last=ends_here)
    return both(node, b.If(test, then.block, behind_else(other)), then, other, env, last=last)


def both(node: ast.If, made: b.If, then: Step, other: Step, env: Env, *, last: bool) -> Step:
    """An `if` with an `else`; where both end the function and stand last, it is its value."""
    ends = then.ends and other.ends
    if ends and last:
        return Step((), env, made, ends=True)
    if last and (then.tail is not None or other.tail is not None):
        raise UntranslatedError("an if that ends the function in one branch")
    return Step((b.Do(made),), _after(node, env), ends=ends)


def behind_else(step: Step) -> b.Block | b.If:
    """What stands behind `else`: another `if` without braces around it."""
    if not step.statements and isinstance(step.tail, b.If):
        return step.tail
    if step.tail is None and len(step.statements) == 1:
        only = step.statements[0]
        if isinstance(only, b.Do) and isinstance(only.expr, b.If):
            return only.expr
    return step.block


def _after(node: ast.If, env: Env) -> Env:
    return env.rebound(reaching(node))


# With a test for None


def _asked(blocks: Blocks, node: ast.If, found: Narrowed, env: Env, *, last: bool) -> Step:
    """`if x`, `if x is None` and the like."""
    if not found.some and not node.orelse:
        filters = not found.asks_nothing_more and not found.copied
        left = env.gone(found.python, found.rust) if filters and found.is_variable else env
        refuse = blocks.block(node.body, left, last=False)
        if refuse.ends:
            return _let_else(blocks, found, None, refuse, env)
    ends_here = last and bool(node.orelse)
    there, missing = (node.body, node.orelse) if found.some else (node.orelse, node.body)
    binding = b.TuplePattern(SOME, (b.Bind(found.rust),))
    if not there:
        then = blocks.block(node.body, env, last=False)
        test = negated(truth(blocks.scene, node.test, env))
        return Step((b.Do(b.If(negated(test), then.block)),), _after(node, env))
    inside = found.owned(env) if found.copied else found.borrowed(env)
    then = blocks.block(there, inside, last=ends_here)
    if not mentions(found.rust, then.block):
        return _plain(blocks, node, truth(blocks.scene, node.test, env), env, last=last)
    of = looked_at(blocks.scene, found)
    if not missing:
        made = b.If(of, then.block, binding=binding)
        return Step((b.Do(made),), _after(node, env))
    other = blocks.block(missing, env, last=ends_here)
    made = b.If(of, then.block, behind_else(other), binding)
    return both(node, made, then, other, env, last=last)


def _reads(nodes: list[ast.stmt], name: str) -> bool:
    return any(
        isinstance(one, ast.Name) and one.id == name for node in nodes for one in ast.walk(node)
    )


def _more(
    blocks: Blocks, node: ast.If, found: Narrowed, rest: ast.expr, env: Env, *, last: bool
) -> Step:
    """`if x and test(x)`, `if not x or test(x)`."""
    scene = blocks.scene
    inside = found.owned(env) if found.copied else found.borrowed(env)
    if not found.asks_nothing_more:
        return _plain(blocks, node, truth(scene, node.test, env), env, last=last)
    if not found.some:
        several = _missing(blocks, node, found, rest, env)
        if several is not None:
            return several
        moved = _may_move(blocks, found) and not found.copied
        left = env.gone(found.python, found.rust) if moved else env
        refuse = blocks.block(node.body, left, last=False)
        if refuse.ends and _may_move(blocks, found):
            kept = negated(truth(scene, rest, found.borrowed(env)))
            if not waits(kept):
                return _let_else(blocks, found, kept, refuse, env)
            first = _let_else(blocks, found, None, refuse, env)
            second = b.Do(b.If(truth(scene, rest, first.env), refuse.block))
            return Step((*first.statements, second), first.env)
        return _plain(blocks, node, truth(scene, node.test, env), env, last=last)
    if not _reads(node.body, found.python):
        return _plain(blocks, node, truth(scene, node.test, env), env, last=last)
    then = blocks.block(node.body, inside, last=False)
    if not mentions(found.rust, then.block):
        return _plain(blocks, node, truth(scene, node.test, env), env, last=last)
    inner = b.Do(b.If(truth(scene, rest, inside), then.block))
    binding = b.TuplePattern(SOME, (b.Bind(found.rust),))
    of = found.val.expr if found.copied else b.Unary("&", found.val.expr)
    made = b.If(of, b.Block((inner,)), binding=binding)
    return Step((b.Do(made),), _after(node, env))


def _missing(
    blocks: Blocks, node: ast.If, found: Narrowed, rest: ast.expr, env: Env
) -> Step | None:
    """`if x is None or y is None or test(x, y)` where nothing follows: all are taken out at once,
    and asked then. None where only one may be."""
    tests = rest.values if isinstance(rest, ast.BoolOp) and isinstance(rest.op, ast.Or) else [rest]
    heads, inside = [found], found.owned(env)
    for one in tests:
        another = narrowed(blocks.scene, one, inside)
        if another is None or another.some or not another.asks_nothing_more:
            break
        if any(mentions(before.rust, another.val.expr) for before in heads):
            break  # a part of what is taken out together with it
        heads.append(another)
        inside = another.owned(inside)
    if len(heads) < 2 or not all(_may_move(blocks, one) for one in heads):
        return None
    left = env
    for one in heads:
        left = left if one.copied else left.gone(one.python, one.rust)
    refuse = blocks.block(node.body, left, last=False)
    if not refuse.ends:
        return None
    patterns = tuple(b.TuplePattern(SOME, (b.Bind(one.rust),)) for one in heads)
    values = b.TupleOf(tuple(one.val.expr for one in heads))
    first = b.Let(b.TuplePattern(None, patterns), values, otherwise=refuse.block)
    asked = tests[len(heads) - 1 :]
    if not asked:
        return Step((first,), inside)
    test = asked[0] if len(asked) == 1 else ast.BoolOp(ast.Or(), asked)
    second = b.Do(b.If(truth(blocks.scene, test, inside), refuse.block))
    return Step((first, second), inside)


def _let_else(blocks: Blocks, found: Narrowed, kept: b.Expr | None, refuse: Step, env: Env) -> Step:
    """`let Some(x) = x else { … };`; with `kept`, only where that holds of it."""
    own = _may_move(blocks, found)
    of: b.Expr = found.val.expr
    after = found.owned(env) if own else found.borrowed(env)
    if kept is None and not found.asks_nothing_more:
        given = Val(b.Name(found.rust), Reference(found.inner))
        kept = counts(blocks.scene, given)
        if not own:
            raise UntranslatedError("a test of what is borrowed")
    if kept is not None:
        asked: b.Expr = b.Closure((b.Bind(found.rust),), kept)
        if found.inner == VALUE and isinstance(kept, b.Call) and kept.args == (b.Name(found.rust),):
            asked = kept.function  # by itself, as clippy asks for: `redundant_closure`
        of = b.Method(of, "filter", (asked,))
    elif not own:
        of = b.Unary("&", of)
    pattern = b.TuplePattern(SOME, (b.Bind(found.rust),))
    return Step((b.Let(pattern, of, otherwise=refuse.block),), after)


def _may_move(blocks: Blocks, found: Narrowed) -> bool:
    """Whether the value may be taken out of where it is for good: what can be copied, or a
    variable of the same block."""
    return found.copied or (found.is_variable and blocks.is_own(found.rust))


def _default(blocks: Blocks, node: ast.If, found: Narrowed, env: Env) -> Step | None:
    """`if x is None: x = value`."""
    only = node.body[0] if len(node.body) == 1 else None
    if not isinstance(only, ast.Assign) or len(only.targets) != 1 or found.truthy:
        return None
    target = only.targets[0]
    if not isinstance(target, ast.Name) or "." in found.python or target.id != found.python:
        return None
    if not _may_move(blocks, found):
        return None
    scene = blocks.scene
    val = scene.value(only.value, env)
    value = fitting(scene, val, found.inner)
    if waits(value):
        there = b.Arm(b.TuplePattern(SOME, (b.Bind(found.rust),)), b.Name(found.rust))
        arms = (there, b.Arm(b.PathPattern(NONE), value))
        blocks.done(only)
        made = b.Let(b.Bind(found.rust), b.Match(found.val.expr, arms))
        return Step((made,), found.owned(env))
    name = "unwrap_or" if isinstance(value, b.Lit) else "unwrap_or_else"
    given = value if isinstance(value, b.Lit) else b.Closure((), value)
    made = b.Let(b.Bind(found.rust), b.Method(found.val.expr, name, (given,)))
    blocks.done(only)
    return Step((made,), found.owned(env))
