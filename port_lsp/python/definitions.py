"""Statements looked at as a whole: which end a function, which define what."""

from __future__ import annotations

from collections.abc import Iterator

from port_lsp.python import syntax as ir


def leaves(node: ir.If) -> bool:
    """Whether an `if` without `else` ends its function: what follows holds where it isn't taken."""
    last = node.body[-1] if node.body else None
    return not node.orelse and isinstance(last, ir.Return) and not last.yields


def decorates(node: ir.ClassDef) -> bool:
    """Whether a class body has a method under a decorator that is called."""
    return any(
        isinstance(statement, ir.FuncDef)
        and any(isinstance(d.expr, ir.Call) for d in statement.decorators)
        for statement in node.body
    )


def find(body: tuple[ir.Stmt, ...], path: list[str], like: ir.FuncDef) -> ir.FuncDef | None:
    """The definition at a qualified name inside a chunk; of several, the one at `like`'s place."""
    same: list[ir.FuncDef] = []
    for statement in _flat(body):
        if isinstance(statement, ir.FuncDef) and statement.name == path[0]:
            if len(path) == 1:
                same.append(statement)
            elif found := find(statement.body or (), path[1:], like):
                return found
        elif isinstance(statement, ir.ClassDef) and statement.name == path[0] and path[1:]:
            found = find(statement.body, path[1:], like)
            if found is not None:
                return found
    return next((s for s in same if s.span == like.span), same[0] if same else None)


def _flat(body: tuple[ir.Stmt, ...]) -> Iterator[ir.Stmt]:
    for statement in body:
        yield statement
        if isinstance(statement, ir.If):
            yield from _flat((*statement.body, *statement.orelse))
        elif isinstance(statement, (ir.Try, ir.Block, ir.For)):
            yield from _flat(statement.body)
