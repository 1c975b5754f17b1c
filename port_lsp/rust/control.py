"""`if`, `match`, loops and `cfg`: every branch is taken, each under its condition."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from port_lsp.rust import expressions as ir
from port_lsp.rust.branches import Branch, joined
from port_lsp.rust.frames import Frame
from port_lsp.rust.values import DIVERGED, NOTHING, UNKNOWN, Many, Routes, Struct, Value

if TYPE_CHECKING:
    from port_lsp.rust.interpret import Interpreter

_MOST_ITEMS = 200  # items of a list that a loop runs over


def conditional(run: Interpreter, expr: ir.Conditional, frame: Frame) -> Value:
    """A statement, a `let` or an argument under `#[cfg(…)]`."""
    body = expr.body
    if not isinstance(body, ir.Let):
        return _choose(run, [(expr.condition, body)], frame, None)
    pattern = body.pattern
    before = frame.lookup(pattern.name) if pattern.kind == "name" else None
    run.conditions.append(expr.condition)
    run.let(body, frame)
    run.conditions.pop()
    after = frame.lookup(pattern.name) if pattern.kind == "name" else None
    if before is not None and after is not None and before is not after:
        either = joined([(f"!({expr.condition})", before), (expr.condition, after)])
        if isinstance(either, Routes):
            run.born(either, before, after)
        frame.bind(pattern.name, either)
    return NOTHING


def if_else(run: Interpreter, expr: ir.If, frame: Frame) -> Value:
    """`if … { } else { }`, also `if let`."""
    condition = run.text(frame, *expr.condition)
    frame.scopes.append({})
    for pattern, value in expr.lets:
        run.bind(pattern, run.evaluate(value, frame), frame)
    if expr.test is not None:
        run.evaluate(expr.test, frame)
    branches: list[tuple[str, ir.Statement]] = [(condition, expr.then)]
    otherwise = f"!({condition})"
    if expr.other is not None:
        branches.append((otherwise, expr.other))
    value = _choose(run, branches, frame, None if expr.other is not None else otherwise)
    frame.scopes.pop()
    return value


def match_arms(run: Interpreter, expr: ir.Match, frame: Frame) -> Value:
    """`match … { }`: an arm's condition is that its pattern matches."""
    subject = run.evaluate(expr.value, frame)
    if isinstance(subject, Struct) and subject.variant:
        chosen = _arm_of(run, expr, subject.variant, frame)
        if chosen is not None:
            return run.statement(chosen, frame)
    named = run.text(frame, expr.value.start, expr.value.end)
    branches: list[tuple[str, ir.Statement]] = []
    binders: list[Callable[[], None]] = []
    for arm in expr.arms:
        end = arm.guard[1] if arm.guard else arm.pattern_text[1]
        pattern = run.text(frame, arm.pattern_text[0], end)
        branches.append((f"matches!({named}, {pattern})", arm.value))
        binders.append(lambda arm=arm: run.bind(arm.pattern, subject, frame))
    return _choose(run, branches, frame, None, binders)


def _arm_of(run: Interpreter, expr: ir.Match, variant: str, frame: Frame) -> ir.Statement | None:
    """What the arm gives that takes a variant; None where that isn't certain."""
    for arm in expr.arms:
        text = run.text(frame, *arm.pattern_text)
        names = {part.strip().lstrip("&").rpartition("::")[2] for part in text.split("|")}
        if variant in names or "_" in names:
            return arm.value if not arm.guard else None
        if not all(name[:1].isupper() and name.isidentifier() for name in names):
            return None
    return None


def _choose(
    run: Interpreter,
    branches: list[tuple[str, ir.Statement]],
    frame: Frame,
    otherwise: str | None,
    binders: list[Callable[[], None]] | None = None,
) -> Value:
    """Takes every branch from the same state, then joins values and variables.

    `otherwise` is the condition under which none of them is taken, None where one always is.
    """
    before = [dict(scope) for scope in frame.scopes]
    ends: list[tuple[str | None, list[dict[str, Value]]]] = []
    values: list[Branch] = []
    for index, (condition, body) in enumerate(branches):
        frame.scopes.append({})
        if binders is not None:
            binders[index]()
        value = branch(run, body, frame, condition)
        frame.scopes.pop()
        values.append((condition, value))
        if not frame.diverged:
            ends.append((condition, [dict(scope) for scope in frame.scopes]))
        frame.diverged = False
        for scope, old in zip(frame.scopes, before, strict=True):
            scope.clear()
            scope.update(old)
    alone = len(branches) == 1 and otherwise is None  # a statement under a `cfg`
    if otherwise is not None or alone:
        values.append((otherwise, NOTHING))
        ends.append((otherwise or f"!({branches[0][0]})", before))
    if not ends:
        frame.diverged = True
        return DIVERGED
    _join_scopes(run, frame, ends)
    value = joined(values)
    _reborn(run, value, [of for _, of in values])
    return value


def branch(run: Interpreter, body: ir.Statement, frame: Frame, condition: str) -> Value:
    """One branch under its condition."""
    run.conditions.append(condition)
    frame.conditions.append(condition)
    value = run.statement(body, frame)
    frame.conditions.pop()
    run.conditions.pop()
    return DIVERGED if frame.diverged else value


def _join_scopes(
    run: Interpreter, frame: Frame, ends: list[tuple[str | None, list[dict[str, Value]]]]
) -> None:
    for index, scope in enumerate(frame.scopes):
        for name in scope:
            found: list[Branch] = [(condition, end[index][name]) for condition, end in ends]
            value = joined(found)
            if value is not scope[name]:
                scope[name] = value
                _reborn(run, value, [of for _, of in found])


def _reborn(run: Interpreter, value: Value, parts: list[Value]) -> None:
    """A router that came of several branches is alive where one of them was."""
    if isinstance(value, Many):
        kept = {id(item) for item in value.items}
        before = [item for part in parts if isinstance(part, Many) for item in part.items]
        gone = [item for item in before if id(item) not in kept]
        new = kept - {id(item) for item in before}
        for item in value.items:
            if isinstance(item, Routes) and id(item) in new:
                run.born(item, *gone)
    if not isinstance(value, Routes) or any(value is part for part in parts):
        return
    if any(id(part) in run.live for part in parts):
        run.born(value, *parts)


def loop(run: Interpreter, expr: ir.For, frame: Frame) -> Value:
    """A loop: over the items of a list that we know, else once."""
    items: list[Value] = [UNKNOWN]
    if expr.iterable is not None:
        over = run.evaluate(expr.iterable, frame)
        if isinstance(over, Many):
            items = list(over.items[:_MOST_ITEMS])
    for item in items:
        frame.scopes.append({})
        if expr.pattern is not None:
            run.bind(expr.pattern, item, frame)
        run.evaluate(expr.body, frame)
        frame.scopes.pop()
        frame.diverged = False
    return NOTHING
