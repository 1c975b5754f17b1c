"""`row = Model(…)`, `session.add(row)` and its commit, where a column is filled in by the class or
the database: one statement that writes the row and gives it (`queries/inserts.py`).

SQLAlchemy fills them in when it writes the row, and reads it again when somebody asks behind the
commit: so nothing may stand between.
"""

from __future__ import annotations

import ast

from port_lsp.patterns.translate.expressions.given import given_to
from port_lsp.patterns.translate.queries.database import is_session
from port_lsp.patterns.translate.queries.inserts import has_narrow, inserted, is_filled_in
from port_lsp.patterns.translate.queries.links import chain_of
from port_lsp.patterns.translate.queries.tables import table_named
from port_lsp.patterns.translate.queries.writes import is_commit, is_write, without_rows
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.schemas import schema_of
from port_lsp.patterns.translate.statements.step import Blocks, Step
from port_lsp.patterns.translate.values import UntranslatedError, Val
from port_lsp.types import meanings as m
from port_lsp.writing.ir import body as b


def filled_in(blocks: Blocks, node: ast.Assign, env: Env, _: bool) -> Step:
    """`row = Model(…)` with what writes it."""
    target = node.targets[0] if len(node.targets) == 1 else None
    if not isinstance(target, ast.Name) or target.id in blocks.blocked:
        raise UntranslatedError("an assignment")
    added = blocks.behind(node)
    given = _added(blocks.scene, added, env) if added is not None else None
    if added is None or not isinstance(given, ast.Name) or given.id != target.id:
        raise UntranslatedError("a row that isn't added")
    before = blocks.before(node)
    val = _written(blocks, node.value, before, added, env, asked=True)
    after = without_rows(blocks.scene, env)
    rust = after.free(target.id)
    blocks.scene.fresh.pop(rust, None)
    blocks.scene.kept.add(rust)
    blocks.committed.append(added)
    bound = Val(b.Name(rust), val.type, place=True, root=rust)
    return Step((b.Let(b.Bind(rust), val.expr),), after.bind(target.id, bound, rust))


def added(blocks: Blocks, node: ast.Expr, env: Env, _: bool) -> Step:
    """`session.add(Model(…))` with its commit."""
    given = _added(blocks.scene, node, env)
    if given is None:
        raise UntranslatedError("a call")
    count = _written(blocks, given, blocks.before(node), node, env, asked=False).expr
    assert isinstance(count, b.Cast)
    assert isinstance(count.of, b.Method)
    return Step((b.Do(count.of.receiver),), without_rows(blocks.scene, env))


def _added(scene: Scene, node: ast.stmt, env: Env) -> ast.expr | None:
    """What a statement adds to a session."""
    value = node.value if isinstance(node, ast.Expr) else None
    root, links = chain_of(value) if value is not None else (None, [])
    if root is None or [one.name for one in links] != ["add"] or not is_session(scene, root, env):
        return None
    call = links[0].call
    return call.args[0] if len(call.args) == 1 and not call.keywords else None


def _written(
    blocks: Blocks,
    value: ast.expr,
    before: ast.stmt | None,
    node: ast.stmt,
    env: Env,
    *,
    asked: bool,
) -> Val:
    """The row that a call makes, which `node` adds; the commit behind that is done with it. Raises
    UntranslatedError."""
    scene, commit = blocks.scene, blocks.behind(node)
    meaning = scene.meaning(value.func, env) if isinstance(value, ast.Call) else None
    table = table_named(scene, meaning.key) if isinstance(meaning, m.Kind) else None
    if table is None or not isinstance(value, ast.Call) or commit is None:
        raise UntranslatedError("a row that isn't known")
    if not is_commit(scene, commit, env):
        raise UntranslatedError("a write without its commit")
    if before is not None and is_write(scene, before, env) and before not in blocks.committed:
        raise UntranslatedError("several writes of one commit")
    given = given_to(scene, value, env, schema_of(scene, table.key))
    # an object of the row's own type can't be made of integers that are wider than its columns
    if asked and not is_filled_in(table, given) and not has_narrow(scene, table):
        raise UntranslatedError("a row that is whole")
    val = inserted(scene, table, given, env, asked=asked)
    blocks.committed.append(commit)
    return val
