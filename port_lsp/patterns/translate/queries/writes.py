"""What is written by a session: `session.query(Model)….update({…})` and `….delete()`, each with the
`commit` behind it, which the pool does by itself.

A session's writes are one transaction until its `commit`; so only a single write that is committed
by the very next statement is the same when the pool runs it alone.
"""

from __future__ import annotations

import ast
from collections.abc import Collection

from port_lsp.patterns.names import snake
from port_lsp.patterns.translate.failing import or_broken
from port_lsp.patterns.translate.queries.changes import changed, executed
from port_lsp.patterns.translate.queries.database import is_session
from port_lsp.patterns.translate.queries.held import expanded, expanded_call
from port_lsp.patterns.translate.queries.links import chain_of
from port_lsp.patterns.translate.queries.relations import takes_along
from port_lsp.patterns.translate.queries.selects import Select
from port_lsp.patterns.translate.queries.tables import (
    table_named,
    table_of,
    table_of_row,
)
from port_lsp.patterns.translate.queries.updates import deleted
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.values import (
    UntranslatedError,
    Val,
    option_of,
    without_reference,
)
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import UNIT, AnyType, Reference, Type

_WRITES = ("add", "add_all", "update", "delete", "merge", "execute", "bulk_save_objects", "flush")


def is_commit(scene: Scene, node: ast.stmt | None, env: Env) -> bool:
    """`session.commit()` as a statement."""
    value = node.value if isinstance(node, ast.Expr) else None
    root, links = chain_of(value) if value is not None else (value, [])
    return (
        root is not None
        and [one.name for one in links] == ["commit"]
        and is_session(scene, root, env)
    )


def is_write(scene: Scene, node: ast.stmt, env: Env) -> bool:
    """Whether something may be written by a session in a statement, and isn't committed by it."""
    chains = [chain_of(one) for one in ast.walk(node) if isinstance(one, ast.Call)]
    return any(
        links and links[-1].name in _WRITES and is_session(scene, root, env)
        for root, links in chains
    )  # fmt: skip


def write_of(scene: Scene, node: ast.expr, env: Env) -> Val | None:
    """The value of a single write; None for what is none. Raises UntranslatedError."""
    root, links = chain_of(node)
    if links and isinstance(root, ast.Name) and root.id in env.names:
        node = expanded(scene, node, env)
        root, links = chain_of(node)
    names = [one.name for one in links]
    if names == ["execute"] and is_session(scene, root, env):
        return executed(scene, expanded_call(scene, links[0].call, env), env)
    if names == ["delete"] and is_session(scene, root, env):
        return _removed(scene, links[0].call, env)
    if names == ["add"] and is_session(scene, root, env):
        return _inserted(scene, links[0].call, env)
    if len(links) < 2 or names[0] != "query" or names[-1] not in ("update", "delete"):
        return None
    first, last = links[0].call, links[-1].call
    if not is_session(scene, root, env) or len(first.args) != 1:
        return None
    table = table_of(scene, first.args[0], env)
    if table is None:
        raise UntranslatedError("a query of what is no table")
    if names[-1] == "delete":
        if not _says_nothing(last, 0):
            raise UntranslatedError("delete of a query")
        select = Select(scene, table, env)
        for one in links[1:-1]:
            select.add(one)
        return select.delete()
    if not _says_nothing(last, 1):
        raise UntranslatedError("update of a query by what isn't known")
    return changed(scene, table, last.args[0], links[1:-1], env)


def _says_nothing(call: ast.Call, given: int) -> bool:
    """Whether a write has so many arguments and nothing that says otherwise: how the session's own
    objects follow it (`synchronize_session`) is the same here, as rows that were read are unknown
    behind each write."""
    words = {one.arg for one in call.keywords}
    constant = all(isinstance(one.value, ast.Constant) for one in call.keywords)
    return len(call.args) == given and words <= {"synchronize_session"} and constant


def _inserted(scene: Scene, call: ast.Call, env: Env) -> Val:
    """`session.add(row)` of a row that the function has made itself."""
    name = call.args[0] if len(call.args) == 1 and not call.keywords else None
    val = env.names.get(name.id) if isinstance(name, ast.Name) else None
    table = table_named(scene, scene.fresh.get(val.root, "")) if val is not None else None
    shape = scene.shapes.of(val.type) if val is not None else None
    if val is None or table is None or shape is None or "FromRow" not in shape.traits:
        raise UntranslatedError("add of a session")
    select = Select(scene, table, env)
    names: list[str] = []
    numbers: list[str] = []
    for each, column in table.columns:
        found = shape.field(each) or shape.field(snake(each))
        if found is None:
            raise UntranslatedError("a column that isn't known")
        of = b.Access(val.expr, found[0])
        copied = scene.shapes.has(found[1], "Copy")
        names.append(column.sql)
        numbers.append(select.binds.number(of if copied else b.Unary("&", of)))
    listed, values = ", ".join(names), ", ".join(numbers)
    sql = f"INSERT INTO {table.sql} ({listed}) VALUES ({values})"  # noqa: S608 - names quoted, values bound
    return Val(select.executed(sql).expr, UNIT)


def _removed(scene: Scene, call: ast.Call, env: Env) -> Val:
    """`session.delete(row)` of a row that was read."""
    name = call.args[0] if len(call.args) == 1 and not call.keywords else None
    val = env.names.get(name.id) if isinstance(name, ast.Name) else None
    if val is not None and (inner := option_of(val.type)) is not None and val.place:
        text = "Class 'builtins.NoneType' is not mapped"
        there = or_broken(scene, b.Method(val.expr, "as_ref"), "UnmappedInstanceError", text)
        val = Val(there, Reference(inner), True, val.root)
    table = table_of_row(scene, val.type) if val is not None and not option_of(val.type) else None
    if val is None or table is None or takes_along(scene.desk, table.key):
        raise UntranslatedError("delete of a session")
    return Val(deleted(scene, table, val, env).expr, UNIT)


def is_refresh(scene: Scene, node: ast.stmt, env: Env) -> bool:
    """`session.refresh(row)` of a row that the function has made or changed itself: it holds what
    was written already."""
    value = node.value if isinstance(node, ast.Expr) else None
    root, links = chain_of(value) if value is not None else (None, [])
    if root is None or [one.name for one in links] != ["refresh"] or len(links[0].call.args) != 1:
        return False
    name = links[0].call.args[0]
    val = env.names.get(name.id) if isinstance(name, ast.Name) else None
    return val is not None and _holds_all(scene, val) and is_session(scene, root, env)


def without_rows(scene: Scene, env: Env) -> Env:
    """The names when something was written: of rows that were read before, nothing is known, as
    SQLAlchemy reads them again."""
    return env.without([
        name for name, val in env.names.items()
        if not _holds_all(scene, val) and _is_row(scene, val.type)
    ])  # fmt: skip


def without_written(scene: Scene, node: ast.stmt, env: Env) -> Env:
    """The names when a statement wrote within a transaction: of rows of the tables that it speaks
    of nothing is known; others stay until the commit."""
    found = (table_of(scene, one, env) for one in ast.walk(node) if isinstance(one, ast.Name))
    keys = {one.key for one in found if one is not None}
    return env.without([
        name for name, val in env.names.items()
        if not _holds_all(scene, val) and _is_row(scene, val.type, keys)
    ])  # fmt: skip


def _holds_all(scene: Scene, val: Val) -> bool:
    """Whether a variable has all that the database has of its row: it was written from there."""
    return val.root in scene.fresh or val.root in scene.kept


def _is_row(scene: Scene, kind: AnyType, keys: Collection[str] | None = None) -> bool:
    """Whether a value is, or has in it, a row: of one of these tables, where some are said."""
    kind = without_reference(kind)
    if isinstance(kind, Type) and kind.args:
        return any(_is_row(scene, one, keys) for one in kind.args)
    shape = scene.shapes.of(kind)
    key = scene.tables.get(kind, shape.key if shape is not None else "")
    own = keys is None or not key or key in keys
    return shape is not None and "FromRow" in shape.traits and own
