"""Several writes of one commit: a transaction of sqlx's, which begins in front of the first and is
committed where Python commits. What leaves the function before that takes all of them back, as a
session does that is closed.

SQLAlchemy: its docs, "Session Basics": a session's statements are one transaction until its commit.
`add` and `delete` wait for it, or for the next statement where the session flushes by itself; so
they only come last.
"""

from __future__ import annotations

import ast

from port_lsp.patterns.translate.binding import walked
from port_lsp.patterns.translate.queries.database import database_of, is_session
from port_lsp.patterns.translate.queries.links import chain_of
from port_lsp.patterns.translate.queries.writes import is_commit
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.statements.step import Blocks, Region
from port_lsp.writing.ir import body as b

TRANSACTION = "the transaction"
"""What an open transaction is called among Python's names: as none of them can be."""
_READS = ("query", "get", "execute", "scalars", "scalar", "flush")


def region_at(blocks: Blocks, node: ast.stmt) -> Region | None:
    """The transaction that a statement stands in."""
    for one in reversed(blocks.regions):
        if one.first <= node.lineno <= one.last:
            return one
    return None


def begins(blocks: Blocks, node: ast.stmt, env: Env) -> Region | None:
    """The transaction that begins with a statement: where something is written in it, and its
    commit doesn't follow at once."""
    scene = blocks.scene
    if region_at(blocks, node) is not None or not _calls(scene, node, env)[0]:
        return None
    between: list[ast.stmt] = [node]
    at = blocks.behind(node)
    while at is not None and not is_commit(scene, at, env):
        between.append(at)
        at = blocks.behind(at)
    if at is None or (len(between) == 1 and isinstance(node, (ast.Expr, ast.Assign))):
        return None
    before = blocks.before(node)
    if before is not None and _calls(scene, before, env)[0] and not is_commit(scene, before, env):
        return None
    waiting: list[str] = []
    for one in between:
        writes, others = _calls(scene, one, env)
        if others:
            return None
        for word in writes:
            if word in ("add", "remove"):
                waiting.append(word)
            elif waiting:
                return None
        given = any(isinstance(each, ast.Return) for each in walked(one))
        if given and any(name in scene.params for name in _sessions(scene, one, env)):
            return None
    if waiting and set(waiting) != {"remove"} and len(waiting) > 1:
        return None
    return Region(node.lineno, at.end_lineno or at.lineno, env.free("tx"), at)


def begun(scene: Scene, region: Region) -> b.Statement:
    """`let mut tx = state.db.begin().await?;`."""
    pool = database_of(scene).pool
    of = pool.of if isinstance(pool, b.Unary) else pool
    return b.Let(b.Bind(region.name, "mut "), b.Try(b.Await(b.Method(of, "begin"))))


def ended(region: Region) -> b.Statement:
    """`tx.commit().await?;`."""
    return b.Do(b.Try(b.Await(b.Method(b.Name(region.name), "commit"))))


def _sessions(scene: Scene, node: ast.stmt, env: Env) -> set[str]:
    return {
        one.id for one in walked(node) if isinstance(one, ast.Name) and is_session(scene, one, env)
    }


def _calls(scene: Scene, node: ast.stmt, env: Env) -> tuple[list[str], bool]:
    """The writes of a statement in order ("add", "remove" of a row, "now" for what is written at
    once), and whether a session is used for anything else but reading."""
    found: list[str] = []
    known: set[int] = set()
    others = False
    for one in sorted(
        (each for each in walked(node) if isinstance(each, ast.Call)),
        key=lambda each: (
            each.lineno,
            each.col_offset,
            -(each.end_lineno or 0),
            -(each.end_col_offset or 0),
        ),
    ):
        root, links = chain_of(one)
        if not links or not is_session(scene, root, env) or id(root) in known:
            continue
        known.add(id(root))
        first, last = links[0].name, links[-1].name
        if first == "add" and len(links) == 1:
            found.append("add")
        elif first == "delete" and len(links) == 1:
            found.append("remove")
        elif _writes_now(first, last, links[0].call):
            found.append("now")
        elif first not in _READS:
            others = True
    names = [each for each in walked(node) if isinstance(each, ast.Name)]
    used = {id(each) for each in names if is_session(scene, each, env)}
    return found, others or bool(used - known)


def _writes_now(first: str, last: str, call: ast.Call) -> bool:
    if first == "query":
        return last in ("update", "delete")
    return first == "execute" and _writes(call)


def _writes(call: ast.Call) -> bool:
    root, links = chain_of(call.args[0]) if call.args else (call, [])
    first = root if isinstance(root, ast.Call) else links[0].call if links else None
    if first is None:
        return True
    word = ast.unparse(first.func).rpartition(".")[2]
    return word != "select"
