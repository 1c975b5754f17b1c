"""Operators, subscripts, comparisons and conditional expressions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from port_lsp.python import syntax as ir
from port_lsp.python.alternatives import choices
from port_lsp.python.classes import class_member
from port_lsp.python.decided import decided
from port_lsp.python.evaluate import Computes, evaluate, force, mentions
from port_lsp.python.folders import divided
from port_lsp.python.values import Alternatives, Class, External, Generic, Scope, Unknown, Value

if TYPE_CHECKING:
    from port_lsp.python.interpret import Interpreter


_MAX_ALTERNATIVES = 16


def added(run: Interpreter, left: Value, right: Value) -> Value:
    """`left + right`; of alternatives each with each."""
    if isinstance(left, str) and isinstance(right, str):
        return left + right
    if isinstance(left, int) and isinstance(right, int):
        return left + right
    if isinstance(left, list) and isinstance(right, list):
        return [*left, *right]
    if isinstance(left, tuple) and isinstance(right, tuple):
        return (*left, *right)
    if isinstance(left, Alternatives) or isinstance(right, Alternatives):
        combined: list[tuple[str | None, Value]] = []
        for first, one in choices(run, left):
            for second, other in choices(run, right):
                condition = " and ".join(text for text in (first, second) if text)
                combined.append((condition or None, added(run, one, other)))
        return Alternatives(tuple(combined[:_MAX_ALTERNATIVES]))
    return next((v for v in (left, right) if isinstance(v, Unknown)), Unknown("a +"))


def _binary(run: Interpreter, expr: ir.Binary, scope: Scope) -> Value:
    left = evaluate(run, expr.left, scope)
    if expr.op == "or":
        if left and not isinstance(left, Unknown):
            return left
        right = evaluate(run, expr.right, scope)
        return left if right is None and isinstance(left, Unknown) else right
    if expr.op == "and":
        ends = not isinstance(left, Unknown) and decided(run, expr.left, scope) is False
        return left if ends else evaluate(run, expr.right, scope)
    right = evaluate(run, expr.right, scope)
    if expr.op == "/" and (path := divided(left, right)) is not None:
        return path
    if expr.op == "+":
        return added(run, left, right)
    if expr.op == "%" and isinstance(left, str):
        values = right if isinstance(right, tuple) else (right,)
        known = tuple(force(run, item) for item in values)
        if all(isinstance(item, (str, int)) for item in known):
            try:
                return left % known
            except (TypeError, ValueError):
                return Unknown("a % that doesn't fit its values")
    if expr.op == "|":
        union = External("typing.Union")
        return Generic(union, (expr.left, expr.right), scope)
    return next((v for v in (left, right) if isinstance(v, Unknown)), Unknown(f"a {expr.op}"))


def _index(run: Interpreter, expr: ir.Index, scope: Scope) -> Value:
    owner = evaluate(run, expr.value, scope)
    if isinstance(owner, str) and len(expr.items) == 1 and isinstance(expr.items[0], ir.Slice):
        return _sliced(run, owner, expr.items[0], scope)
    if isinstance(owner, dict) and len(expr.items) == 1:
        key = evaluate(run, expr.items[0], scope)
        if isinstance(key, (str, int)) and key in owner:
            return force(run, owner[key])
        return Unknown("a key that isn't known")
    if isinstance(owner, (list, tuple)) and len(expr.items) == 1:
        if isinstance(expr.items[0], ir.Slice):
            return _sliced(run, owner, expr.items[0], scope)
        at = evaluate(run, expr.items[0], scope)
        if isinstance(at, int) and -len(owner) <= at < len(owner):
            return force(run, owner[at])
        return Unknown("an index that isn't known")
    if isinstance(owner, Class) and len(expr.items) == 1:
        key = evaluate(run, expr.items[0], scope)
        if isinstance(key, str) and (member := class_member(run, owner, key)) is not None:
            return member  # `Color["RED"]` of an Enum
    if isinstance(owner, (External, Class)):
        return Generic(owner, expr.items, scope)
    return owner if isinstance(owner, Unknown) else Unknown("a subscript")


def _sliced(
    run: Interpreter, owner: list[Value] | tuple[Value, ...] | str, expr: ir.Slice, scope: Scope
) -> Value:
    lower = evaluate(run, expr.lower, scope) if expr.lower is not None else None
    upper = evaluate(run, expr.upper, scope) if expr.upper is not None else None
    if isinstance(lower, (int, type(None))) and isinstance(upper, (int, type(None))):
        return owner[lower:upper]
    return Unknown("a slice that isn't known")


def _ifelse(run: Interpreter, expr: ir.IfElse, scope: Scope) -> Value:
    holds = decided(run, expr.test.expr, scope)
    if holds is None:
        holds = _whether_there(run, expr, scope)
    if holds is not None:
        return evaluate(run, expr.body if holds else expr.orelse, scope)
    run.conditions.append(expr.test.text)
    body = evaluate(run, expr.body, scope)
    run.conditions[-1] = negated(expr.test.text)
    orelse = evaluate(run, expr.orelse, scope)
    run.conditions.pop()
    return Alternatives(((expr.test.text, body), (negated(expr.test.text), orelse)))


def _whether_there(run: Interpreter, expr: ir.IfElse, scope: Scope) -> bool | None:
    """Whether the text is there that `f"/{PREFIX}" if PREFIX else ""` both asks for and is made of:
    as with `PREFIX or ""`, its default decides; None for other tests."""
    test, made = expr.test.expr, expr.body
    if isinstance(test, ir.Negated):
        test, made = test.value, expr.orelse
    if not ir.dotted(test) or not mentions(made, test):
        return None
    value = evaluate(run, test, scope)
    if value is not None and not isinstance(value, str):
        return None
    return bool(value) == (test is expr.test.expr)


def negated(test: str) -> str:
    """The source text of the other branch's condition."""
    return f"not ({test})" if " " in test else f"not {test}"


def _compare(run: Interpreter, expr: ir.Compare, scope: Scope) -> Value:
    evaluate(run, expr.left, scope)
    return Unknown(expr.text)


def _negated(run: Interpreter, expr: ir.Negated, scope: Scope) -> Value:
    evaluate(run, expr.value, scope)
    holds = decided(run, expr.value, scope)
    return Unknown(expr.text) if holds is None else not holds


COMPUTE: Computes = {
    ir.Binary: _binary,
    ir.Index: _index,
    ir.IfElse: _ifelse,
    ir.Compare: _compare,
    ir.Negated: _negated,
}
"""What computes which expression."""
