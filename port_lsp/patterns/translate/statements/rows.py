"""`row.column = value` of a row that a session has read: written by the `commit` that follows.

SQLAlchemy: its docs, "Session Basics", "Flushing" and "Committing": what was changed of a row is
written when its session commits, all of it in one statement. So only changes that nothing else of
the session stands between, up to their commit, are the same when the pool writes them alone.
"""

from __future__ import annotations

import ast

from port_lsp.patterns.translate.binding import walked
from port_lsp.patterns.translate.failing import failure
from port_lsp.patterns.translate.ownership import fitting
from port_lsp.patterns.translate.queries.database import is_session
from port_lsp.patterns.translate.queries.tables import Table, changes_itself, table_named
from port_lsp.patterns.translate.queries.updates import is_bound, updated
from port_lsp.patterns.translate.queries.writes import is_commit, is_write, without_rows
from port_lsp.patterns.translate.scene import Env
from port_lsp.patterns.translate.statements.step import Blocks, Changes, Step
from port_lsp.patterns.translate.values import (
    ERR,
    SOME,
    UntranslatedError,
    Val,
    known,
    option_of,
    without_reference,
)
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import Reference


def changed(blocks: Blocks, node: ast.Assign, env: Env, _: bool) -> Step:
    """`row.column = value`; the first of several makes the variable one that may be changed."""
    scene, (target, name) = blocks.scene, _changed(node)
    if target is None or name not in env.names:
        raise UntranslatedError("an assignment to an attribute")
    changes = blocks.changes.get(id(node))
    before: tuple[b.Statement, ...] = ()
    if changes is None or changes.nodes[0] is node:
        if not blocks.is_own(env.names[name].root):
            raise UntranslatedError("an assignment to a row of the block around it")
        changes = _changes(blocks, node, name, env)
        for one in changes.nodes:  # of an attempt that was given up
            blocks.changes.pop(id(one), None)
        env, before = _mutable(blocks, name, target.attr, env)
    val = env.names[name]
    shape = scene.shapes.of(val.type)
    found = shape.field(target.attr) if shape is not None else None
    if found is None or not is_bound(scene, found[1]):
        raise UntranslatedError("an assignment to an attribute")
    value = fitting(scene, scene.value(node.value, env), found[1])
    blocks.changes |= {id(one): changes for one in changes.nodes}  # the first that is translated
    made = b.Assign(b.Access(val.expr, found[0]), value)
    return Step((*before, made), env.vague((name,)))


def committed(blocks: Blocks, node: ast.Expr, env: Env, _: bool) -> Step:
    """The commit of what was changed of a row."""
    scene, changes = blocks.scene, blocks.changes.get(id(node))
    val = env.names.get(changes.name) if changes is not None else None
    table = _table(blocks, val) if val is not None else None
    if changes is None or val is None or table is None:
        raise UntranslatedError("a commit of what isn't known")
    made = updated(scene, table, val, changes.columns, env)
    scene.kept.add(val.root)
    blocks.committed.append(node)
    return Step((b.Do(made),), without_rows(scene, env))


def _changed(node: ast.stmt) -> tuple[ast.Attribute | None, str]:
    """The attribute of a name that a statement assigns to, and that name."""
    targets = node.targets if isinstance(node, ast.Assign) else []
    target = targets[0] if len(targets) == 1 else None
    if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
        return target, target.value.id
    return None, ""


def _changes(blocks: Blocks, node: ast.stmt, name: str, env: Env) -> Changes:
    """The changes of a row from a statement on to their commit. Raises UntranslatedError."""
    scene, table = blocks.scene, _table(blocks, env.names[name])
    if table is None or changes_itself(scene, table):
        raise UntranslatedError("an assignment to an attribute")
    before = blocks.before(node)
    if before is not None and is_write(scene, before, env):
        raise UntranslatedError("several writes of one commit")
    nodes: list[ast.stmt] = []
    columns: list[str] = []
    at: ast.stmt | None = node
    while at is not None and not is_commit(scene, at, env):
        target, root = _changed(at)
        asks = any(is_session(scene, one, env) for one in walked(at) if isinstance(one, ast.Name))
        if target is None or root != name or asks or table.column(target.attr).is_key:
            raise UntranslatedError("an assignment without its commit")
        nodes.append(at)
        columns.append(target.attr)
        at = blocks.behind(at)
    if at is None:
        raise UntranslatedError("an assignment without its commit")
    return Changes(name, tuple(dict.fromkeys(columns)), (*nodes, at))


def _table(blocks: Blocks, val: Val) -> Table | None:
    """The table that a variable has a row of, or may have."""
    kind = without_reference(option_of(val.type) or val.type)
    key = blocks.scene.tables.get(kind)
    own = val.place and not val.wrapped and isinstance(val.expr, b.Name)
    return table_named(blocks.scene, key) if key is not None and own else None


def _mutable(
    blocks: Blocks, name: str, attribute: str, env: Env
) -> tuple[Env, tuple[b.Statement, ...]]:
    """The row as a variable that may be changed. Where there may be none, Python's AttributeError
    is what nobody expected: an error of status 500."""
    scene, val = blocks.scene, env.names[name]
    if isinstance(val.type, Reference):
        if not val.type.mutable:
            raise UntranslatedError("an assignment to a row that is only borrowed")
        return env, ()
    inner = option_of(val.type)
    bind = b.Bind(val.root, "mut ")
    if inner is None:
        return env, (b.Let(bind, val.expr),)
    text = f"'NoneType' object has no attribute '{attribute}'"
    error = b.Call(b.Path(ERR), (failure(scene, 500, known(text)),))
    otherwise = b.Block((b.Do(b.Jump("return", error)),))
    there = Val(b.Name(val.root), inner, place=True, root=val.root)
    made = b.Let(b.TuplePattern(SOME, (bind,)), val.expr, otherwise=otherwise)
    return env.bind(name, there, val.root), (made,)
