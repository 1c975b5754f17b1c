"""Constants, lists, dicts, strings with parts, comprehensions, assignments inside an expression."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from port_lsp.python import syntax as ir
from port_lsp.python.alternatives import iterate
from port_lsp.python.decided import decided
from port_lsp.python.evaluate import Computes, evaluate, written_kind
from port_lsp.python.operators import added
from port_lsp.python.targets import bind
from port_lsp.python.values import (
    Alternatives,
    External,
    Imported,
    Late,
    LateName,
    Scope,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from port_lsp.python.interpret import Interpreter


def _const(run: Interpreter, expr: ir.Const, scope: Scope) -> Value:
    value = expr.value
    if value is None or isinstance(value, (str, int, float, bytes)):
        return value
    return External("builtins.Ellipsis")


def _seq(run: Interpreter, expr: ir.Seq, scope: Scope) -> Value:
    items: list[Value] = []
    for item in expr.items:
        if isinstance(item, ir.Star):
            items += iterate(run, evaluate(run, item.value, scope))
        else:
            items.append(_bound_now(item, scope) or Late(item, scope, at=run.at))
    return tuple(items) if expr.kind == "tuple" else items


def _bound_now(expr: ir.Expr, scope: Scope) -> Value:
    """What a name is bound to right now: a loop binds it anew each time round."""
    value = scope.names.get(expr.id) if isinstance(expr, ir.Name) else None
    return None if isinstance(value, (Imported, LateName)) else value


def _dict(run: Interpreter, expr: ir.Dict, scope: Scope) -> Value:
    out: dict[object, Value] = {}
    for key, value in expr.items:
        if key is None:
            spread = evaluate(run, value, scope)
            if isinstance(spread, dict):
                out.update(spread)
        else:
            name = evaluate(run, key, scope)
            out[name if isinstance(name, (str, int)) else id(key)] = Late(value, scope, at=run.at)
    return out


def _joined(run: Interpreter, expr: ir.Joined, scope: Scope) -> Value:
    whole: Value = ""
    for part in expr.parts:
        value = evaluate(run, part, scope)
        if isinstance(value, int):
            value = str(value)
        if not isinstance(value, (str, Alternatives, Unknown)):
            value = Unknown(written_kind(part))
        whole = added(run, whole, value)
    return whole


def _walrus(run: Interpreter, expr: ir.Walrus, scope: Scope) -> Value:
    value = evaluate(run, expr.value, scope)
    bind(run, expr.target, value, scope)
    return value


def _comprehension(run: Interpreter, expr: ir.Comp, scope: Scope) -> Value:
    if expr.key is None:
        out: list[Value] = []
        for condition, inner in _turns(run, expr.clauses, scope):
            value = evaluate(run, expr.element, inner)
            out.append(Alternatives(((condition, value),)) if condition else value)
        return out
    named: dict[object, Value] = {}
    for condition, inner in _turns(run, expr.clauses, scope):
        key = evaluate(run, expr.key, inner)
        if condition or not isinstance(key, (str, int)):
            return Unknown("a comprehension")
        named[key] = evaluate(run, expr.element, inner)
    return named


def _turns(
    run: Interpreter, clauses: tuple[ir.Clause, ...], scope: Scope, under: str | None = None
) -> Iterator[tuple[str | None, Scope]]:
    """The turns of a comprehension: under which tests, None for always, and with which names."""
    if not clauses:
        yield under, scope
        return
    clause = clauses[0]
    for item in iterate(run, evaluate(run, clause.iterable, scope)):
        inner = Scope(scope.module, scope, scope.qualifier)
        bind(run, clause.target, item, inner)
        told = [(test.text, decided(run, test.expr, inner)) for test in clause.tests]
        if all(holds is not False for _, holds in told):
            open_tests = [text for text, holds in told if holds is None]
            joined = " and ".join(([under] if under else []) + open_tests)
            yield from _turns(run, clauses[1:], inner, joined or None)


COMPUTE: Computes = {
    ir.Const: _const,
    ir.Seq: _seq,
    ir.Dict: _dict,
    ir.Joined: _joined,
    ir.Comp: _comprehension,
    ir.Walrus: _walrus,
}
"""What computes which expression."""
