"""Sessions of a database: `with` that opens one, and what is written by it.

A session that is opened is nothing in Rust: the pool that the state holds opens a connection for
each statement. A write must be followed by its `commit` (`queries/writes.py`), which is nothing,
too.
"""

from __future__ import annotations

import ast

from port_lsp.patterns.translate.binding import stored
from port_lsp.patterns.translate.failing import broken
from port_lsp.patterns.translate.queries.chains import chain_of
from port_lsp.patterns.translate.queries.database import (
    database_of,
    gives_session,
    is_session,
    session,
)
from port_lsp.patterns.translate.queries.writes import (
    is_commit,
    is_refresh,
    is_write,
    without_rows,
    without_written,
    write_of,
)
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.statements.step import Blocks, Step
from port_lsp.patterns.translate.statements.transactions import TRANSACTION, ended, region_at
from port_lsp.patterns.translate.values import ERR, SOME, UntranslatedError, Val, option_of
from port_lsp.writing.ir import body as b


def opened(blocks: Blocks, node: ast.With | ast.AsyncWith, env: Env, last: bool) -> Step:
    """`with get_db() as db: …`: what is in it."""
    known = env
    for one in node.items:
        target = one.optional_vars
        if not gives_session(one.context_expr, target) or not isinstance(target, ast.Name):
            raise UntranslatedError(type(node).__name__)
        known = known.knowing(target.id, session())
    database_of(blocks.scene)
    return blocks.block(node.body, known, last=last, keep=blocks.later(node, stored(node)))


def written(blocks: Blocks, node: ast.Expr, env: Env, _: bool) -> Step:
    """A write, where its `commit` follows, and that commit."""
    scene = blocks.scene
    if node in blocks.committed:
        return Step((), env)
    region = region_at(blocks, node)
    if region is not None and region.commit is node:
        return Step((ended(region),), without_rows(scene, env).gone(TRANSACTION, region.name))
    if is_commit(scene, node, env):
        raise UntranslatedError("a commit of what isn't known")
    if is_refresh(scene, node, env):
        if blocks.before(node) in blocks.committed:
            return Step((), env)
        raise UntranslatedError("refresh of a session")
    name = _deleted(scene, node, env)
    before, env = _there(blocks, name, env) if name else ((), env)
    val = _committed(blocks, node, node.value, env)
    count = val.expr.of if isinstance(val.expr, b.Cast) else val.expr
    made = count.receiver if isinstance(count, b.Method) else count
    after = _behind(blocks, node, env)
    if name and region is None:  # nobody reads it again: it is no row of the session's any more
        after = after.knowing(name, env.names[name])
    return Step((*before, b.Do(made)), after)


def _deleted(scene: Scene, node: ast.Expr, env: Env) -> str:
    """The name of the row that `session.delete(row)` takes away; "" for another write."""
    root, links = chain_of(node.value)
    args = links[0].call.args if [one.name for one in links] == ["delete"] else []
    if len(args) != 1 or not is_session(scene, root, env):
        return ""
    return args[0].id if isinstance(args[0], ast.Name) and args[0].id in env.names else ""


def _there(blocks: Blocks, name: str, env: Env) -> tuple[tuple[b.Statement, ...], Env]:
    """A row that may be None as one that is there: SQLAlchemy refuses to delete None."""
    val = env.names[name]
    inner = option_of(val.type)
    if inner is None or not isinstance(val.expr, b.Name) or not blocks.is_own(val.root):
        return (), env
    scene = blocks.scene
    if scene.result is None or not scene.may_move:
        return (), env
    text = "Class 'builtins.NoneType' is not mapped"
    error = b.Jump("return", b.Call(b.Path(ERR), (broken(scene, "UnmappedInstanceError", text),)))
    pattern = b.TuplePattern(SOME, (b.Bind(val.root),))
    let = b.Let(pattern, val.expr, otherwise=b.Block((b.Do(error),)))
    found = Val(b.Name(val.root), inner, True, val.root)
    return (let,), env.bind(name, found, val.root)


def counted(blocks: Blocks, node: ast.Assign, env: Env, _: bool) -> Step:
    """`name = session.query(…).update(…)` and its commit: how many rows were written."""
    target = node.targets[0] if len(node.targets) == 1 else None
    if not isinstance(target, ast.Name) or target.id in blocks.blocked:
        raise UntranslatedError("an assignment")
    val = _committed(blocks, node, node.value, env)
    rust = env.free(target.id)
    after = _behind(blocks, node, env)
    bound = Val(b.Name(rust), val.type, True, rust)
    return Step((b.Let(b.Bind(rust), val.expr),), after.bind(target.id, bound, rust))


def _behind(blocks: Blocks, node: ast.stmt, env: Env) -> Env:
    """The names behind a write."""
    if region_at(blocks, node) is not None:
        return without_written(blocks.scene, node, env)
    return without_rows(blocks.scene, env)


def _committed(blocks: Blocks, node: ast.stmt, value: ast.expr, env: Env) -> Val:
    """The value of a write that is the only one of its commit, which is the next statement."""
    if region_at(blocks, node) is not None:
        val = write_of(blocks.scene, value, env)
        if val is None:
            raise UntranslatedError("a write that isn't known")
        return val
    following, before = blocks.behind(node), blocks.before(node)
    if following in blocks.committed:
        blocks.committed.remove(following)
    val = write_of(blocks.scene, value, env)
    if val is None or following is None or not is_commit(blocks.scene, following, env):
        raise UntranslatedError("a write without its commit")
    if before is not None and is_write(blocks.scene, before, env):
        raise UntranslatedError("several writes of one commit")
    blocks.committed.append(following)
    return val
