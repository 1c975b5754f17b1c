"""Which names a statement at the top of a module binds, read from the statement alone."""

from __future__ import annotations

from collections.abc import Iterable

from port_lsp.python import syntax as ir


def bound_by(body: Iterable[ir.Stmt]) -> set[str] | None:
    """The names that statements bind, those inside them too; None where they may change more: an
    attribute, an item, a list in its place, or what a decorator makes of it."""
    found: set[str] = set()
    for statement in body:
        names = _of_statement(statement)
        if names is None:
            return None
        found |= names
    return found


def _of_statement(node: ir.Stmt) -> set[str] | None:
    if isinstance(node, (ir.Do, ir.Return, ir.Stop)):
        return set()
    if isinstance(node, ir.Assign):
        return _of_targets(node.targets) if node.operator == "=" else None
    if isinstance(node, ir.Import):
        return imported_by(node)
    if isinstance(node, ir.FuncDef):
        return None if node.decorators else {node.name}
    if isinstance(node, ir.ClassDef):
        return None
    inner: list[ir.Stmt] = []
    targets: list[ir.Expr] = []
    if isinstance(node, ir.If):
        inner = [*node.body, *node.orelse]
    elif isinstance(node, ir.While):
        inner = [*node.body]
    elif isinstance(node, ir.For):
        targets, inner = [node.target], [*node.body]
    elif isinstance(node, ir.Block):
        targets = [target for _, target in node.items if target is not None]
        inner = [*node.body]
    else:
        inner = [*node.body, *node.orelse, *node.final]
        inner += [one for handler in node.handlers for one in handler]
    own, below = _of_targets(targets), bound_by(inner)
    return None if own is None or below is None else own | below


def _of_targets(targets: Iterable[ir.Expr]) -> set[str] | None:
    found: set[str] = set()
    for target in targets:
        names: set[str] | None = None
        if isinstance(target, ir.Name):
            names = {target.id}
        elif isinstance(target, ir.Seq):
            names = _of_targets(target.items)
        elif isinstance(target, ir.Star):
            names = _of_targets([target.value])
        if names is None:
            return None
        found |= names
    return found


def imported_by(node: ir.Import) -> set[str] | None:
    """The names that an import binds; None for a star's."""
    if not node.names:
        return {node.alias or node.module.partition(".")[0]}
    return None if any(name == "*" for name, _ in node.names) else {one for _, one in node.names}
