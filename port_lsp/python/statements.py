"""Statements: run in a scope, both branches of an `if` under their condition, a loop once per item.

Rules are Python's own (The Python Language Reference, "Simple statements" and "Compound
statements").
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from port_lsp.facts.source import Place
from port_lsp.python import syntax as ir
from port_lsp.python.alternatives import iterate
from port_lsp.python.branches import merge
from port_lsp.python.calling import (
    call,
    call_alone,
    holds_native,
    may_register,
    wrapped_function,
)
from port_lsp.python.decided import decided
from port_lsp.python.definitions import decorates, leaves
from port_lsp.python.evaluate import evaluate, mentions
from port_lsp.python.imports import import_names
from port_lsp.python.operators import added, negated
from port_lsp.python.skipped import EMPTY, never, skip
from port_lsp.python.targets import bind
from port_lsp.python.values import (
    Alternatives,
    Arguments,
    Class,
    Function,
    Late,
    Scope,
    Unknown,
    Value,
)
from port_lsp.text import Span

if TYPE_CHECKING:
    from port_lsp.python.interpret import Interpreter


# What is only so where the module isn't imported, which it is where its application is served.
_MAIN = ('__name__ == "__main__"', "__name__ == '__main__'")


def execute(run: Interpreter, body: tuple[ir.Stmt, ...], scope: Scope) -> list[Value]:
    """Runs statements in a scope; gives the values that were returned."""
    returned: list[Value] = []
    depth = len(run.conditions)
    for index, statement in enumerate(body):
        run_statement(run, statement, scope, returned)
        if isinstance(statement, ir.If) and leaves(statement):
            if _decided(run, statement.test, scope):
                skip(run, body[index + 1 :], never(negated(statement.test.text)))
                break
            if _decided(run, statement.test, scope) is None:
                run.conditions.append(negated(statement.test.text))
    del run.conditions[depth:]
    return returned


def _alone(run: Interpreter, expr: ir.Expr, scope: Scope) -> None:
    """An expression as a statement: nobody asks what it is."""
    if isinstance(expr, ir.Call):
        call_alone(run, expr, scope)
    else:
        evaluate(run, expr, scope)


def run_statement(run: Interpreter, node: ir.Stmt, scope: Scope, returned: list[Value]) -> None:
    """Runs one statement; what it returns is put behind `returned`."""
    if isinstance(node, ir.Do):
        _move_to(run, node.span)
        if not isinstance(node.value, ir.Other):
            _alone(run, node.value, scope)
    elif isinstance(node, ir.Assign):
        _move_to(run, node.span)
        _assign(run, node, scope)
    elif isinstance(node, ir.Import):
        import_names(run, node, scope)
    elif isinstance(node, ir.FuncDef):
        _function(run, node, scope)
    elif isinstance(node, ir.ClassDef):
        _class(run, node, scope)
    elif isinstance(node, ir.If):
        _if(run, node, scope, returned)
    elif isinstance(node, ir.For):
        items = list(_items(run, node.iterable, scope))
        for item in items:
            bind(run, node.target, item, scope)
            returned += execute(run, node.body, scope)
        if not items:
            skip(run, node.body, EMPTY)
    elif isinstance(node, ir.Block):
        for expr, target in node.items:
            value = evaluate(run, expr, scope)
            if target is not None:
                bind(run, target, value, scope)
        returned += execute(run, node.body, scope)
    elif isinstance(node, ir.Try):
        returned += _try(run, node, scope)
    elif isinstance(node, ir.While):
        _if(run, ir.If(node.test, node.body), scope, returned)
    elif isinstance(node, ir.Return):
        returned.append(evaluate(run, node.value, scope))


def _items(run: Interpreter, iterable: ir.Expr, scope: Scope) -> Iterator[Value]:
    """What a loop goes over. A list of a class or a module that nothing seen here fills is filled
    by something that isn't seen (`__init_subclass__`): of its items one stands for all."""
    value = evaluate(run, iterable, scope)
    if isinstance(iterable, ir.Attr) and isinstance(value, (list, dict)) and not value:
        yield Unknown("an item of a list that nothing seen fills")
    else:
        yield from iterate(run, value)


def _move_to(run: Interpreter, span: Span) -> None:
    if span != ir.NOWHERE:
        run.at = Place(run.at.file, run.at.chunk, span)


def _assign(run: Interpreter, node: ir.Assign, scope: Scope) -> None:
    if node.value is None:
        return
    if node.operator != "=":
        target = node.targets[0]
        current = evaluate(run, target, scope)
        more = evaluate(run, node.value.expr, scope)
        if isinstance(current, list) and isinstance(more, (list, tuple)):
            current.extend(more)
            run.mutated()
        elif isinstance(current, (str, int, tuple, Alternatives)):
            # What it was before is not what it is now, also where the sum isn't known.
            plus = node.operator == "+="
            summed = added(run, current, more) if plus else Unknown(f"a {node.operator}")
            bind(run, target, summed, scope)
        return
    value = _assigned(run, node.value.expr, node.targets, scope)
    for target in node.targets:
        bind(run, target, value, scope)


def _assigned(run: Interpreter, expr: ir.Expr, targets: tuple[ir.Expr, ...], scope: Scope) -> Value:
    """The value of an assignment: at once where computing it may register something, else
    when somebody asks, for most of what a function computes nobody here asks for."""
    if not isinstance(expr, (ir.Call, ir.Attr, ir.Index)) or scope.parent is None:
        return evaluate(run, expr, scope)
    if any(mentions(expr, target) for target in targets):
        return evaluate(run, expr, scope)
    if isinstance(expr, ir.Call) and may_register(run, expr, scope):
        return evaluate(run, expr, scope)
    return Late(expr, scope, at=run.at)


def _function(run: Interpreter, node: ir.FuncDef, scope: Scope) -> None:
    at = run.at
    owner = scope.names.get("__class__")
    key = f"{scope.module.path}::{scope.qualifier}{node.name}"
    place = Place(at.file, at.chunk, node.span)
    function = Function(node, scope, key, place, owner if isinstance(owner, Class) else None)
    scope.bind(node.name, function)
    # Python applies the lowest decorator first.
    for decorator in reversed(node.decorators):
        run.at = Place(at.file, at.chunk, decorator.span)
        before = run.framework.unfollowed.met(run)
        value = evaluate(run, decorator.expr, scope)
        if run.framework.decorate(run, value, function, run.at):
            continue
        if isinstance(wrapped := wrapped_function(run, value), Function):
            # Name and signature of a wrapper are those of what it wraps.
            scope.bind(node.name, wrapped)
        else:
            _own_decorator(run, value, function)
            made = decorator.expr.func if isinstance(decorator.expr, ir.Call) else None
            if isinstance(made, ir.Attr) and run.framework.unfollowed.met(run) == before:
                owner = evaluate(run, made.value, scope)
                run.framework.unfollowed.undone(run, owner, made.name, run.at)
    run.at = at


def _own_decorator(run: Interpreter, decorator: Value, function: Function) -> None:
    """A decorator of the backend's own is followed where its text registers something, or
    where it was made with a router or a method of one (`@protected(router.get, "/x")`)."""
    if isinstance(decorator, Function) and (
        run.registers(decorator) or holds_native(decorator.scope)
    ):
        with run.registering(run.at):
            call(run, decorator, Arguments([function]), run.at)


def _class(run: Interpreter, node: ir.ClassDef, scope: Scope) -> None:
    at = run.at
    key = f"{scope.module.path}::{scope.qualifier}{node.name}"
    cls = Class(node, scope, key, Place(at.file, at.chunk, node.span), at.chunk)
    scope.bind(node.name, cls)
    run.classes[key] = cls
    for decorator in node.decorators:
        # What it does to the class is read from the class itself (class-based views).
        made = decorator.expr.func if isinstance(decorator.expr, ir.Call) else decorator.expr
        function = evaluate(run, made, scope)
        if isinstance(function, Function):
            run.decorating.add(run.owner, function.key)
    if decorates(node):
        run.members(cls)
    run.at = at


def _if(run: Interpreter, node: ir.If, scope: Scope, returned: list[Value]) -> None:
    if node.test.text in ("TYPE_CHECKING", "typing.TYPE_CHECKING", "True"):
        returned += execute(run, node.body, scope)
        return
    known = _decided(run, node.test, scope)
    if known is not None:
        returned += execute(run, node.body if known else node.orelse, scope)
        other, test = (
            (node.orelse, negated(node.test.text)) if known else (node.body, node.test.text)
        )
        skip(run, other, never(test))
        return
    before, outer = dict(scope.names), scope.bound
    scope.bound = set()
    run.conditions.append(node.test.text)
    returned += execute(run, node.body, scope)
    run.conditions.pop()
    taken = {name: scope.names[name] for name in scope.bound if name in scope.names}
    for name in taken:
        if name in before:
            scope.names[name] = before[name]
        else:
            del scope.names[name]
    scope.bound = set()
    if node.orelse:
        run.conditions.append(negated(node.test.text))
        returned += execute(run, node.orelse, scope)
        run.conditions.pop()
    merge(scope, taken, node.test.text)
    scope.bound |= outer | taken.keys()


def _decided(run: Interpreter, test: ir.Typed, scope: Scope) -> bool | None:
    """What a test is where the function's own names decide it; else None."""
    if ":=" in test.text:
        evaluate(run, test.expr, scope)
    if test.text in _MAIN:
        return False
    return decided(run, test.expr, scope)


def _try(run: Interpreter, node: ir.Try, scope: Scope) -> list[Value]:
    returned = execute(run, node.body, scope)
    for handler in node.handlers:
        bound = {name: scope.names[name] for name in scope.bound if name in scope.names}
        returned += execute(run, handler, scope)
        # What the body bound stands; a handler's name counts where the body bound none.
        scope.names.update(bound)
    return returned + execute(run, (*node.orelse, *node.final), scope)
