"""Which statements change a row that a session has read, up to the commit that writes it.

SQLAlchemy: its docs, "Session Basics", "Flushing": nothing is written before the commit where
nothing is read between. So what stands between may say something, compute or refuse, and changes
may stand under conditions; `session.add(row)` does nothing to a row that the session has.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from port_lsp.patterns.translate.backendfunctions import functions_at
from port_lsp.patterns.translate.binding import stored, walked
from port_lsp.patterns.translate.queries.database import is_session
from port_lsp.patterns.translate.queries.links import chain_of
from port_lsp.patterns.translate.queries.tables import Table, has_listeners
from port_lsp.patterns.translate.queries.writes import is_commit, is_write
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.statements.copying import copied_to
from port_lsp.patterns.translate.statements.step import Blocks, Changes
from port_lsp.patterns.translate.values import Held, UntranslatedError
from port_lsp.types import meanings as m

WITHOUT = "an assignment without its commit"
"""The construct that changes are which nobody is seen to commit."""
_PLAIN = (ast.Assign, ast.AnnAssign, ast.Raise, ast.Pass)


def changes_from(blocks: Blocks, node: ast.stmt, name: str, table: Table, env: Env) -> Changes:
    """The changes of a row (its name) from a statement on to their commit. Raises
    UntranslatedError."""
    scene = blocks.scene
    if has_listeners(scene, table):
        raise UntranslatedError("an assignment to an attribute")
    before = blocks.before(node)
    if before is not None and is_write(scene, before, env) and before not in blocks.committed:
        raise UntranslatedError("several writes of one commit")
    nodes: list[ast.stmt] = []
    columns: list[str] = []
    at: ast.stmt | None = node
    while at is not None and not is_commit(scene, at, env):
        for one in _leaves(at):
            every = changed_columns(scene, one, env)
            known = all(root == name and not table.column(each).is_key for root, each in every)
            if not known or (not every and not _stands_between(scene, one, name, env)):
                raise UntranslatedError(WITHOUT)
            columns += [column for _, column in every]
        nodes.append(at)
        at = blocks.behind(at)
    if at is None:
        raise UntranslatedError(WITHOUT)
    return Changes(name, tuple(dict.fromkeys(columns)), (*nodes, at))


def statements_of(changes: Changes) -> Iterator[ast.stmt]:
    """All statements of some changes, also those in branches."""
    for one in changes.nodes:
        yield from (inside for inside in _leaves(one) if not isinstance(inside, _Test))
        yield one


def changed_columns(scene: Scene, node: ast.stmt, env: Env) -> list[tuple[str, str]]:
    """The rows (their names) and columns (Python's names) that a statement itself assigns to."""
    if isinstance(node, (ast.For, ast.Expr)):
        copied = copied_to(scene, node, env)
        return [(copied.row, one.key) for one in copied.fields] if copied is not None else []
    targets = node.targets if isinstance(node, ast.Assign) else []
    if isinstance(node, ast.AugAssign):
        targets = [node.target]
    target = targets[0] if len(targets) == 1 else None
    if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
        return [(target.value.id, target.attr)]
    return []


def changed_rows(scene: Scene, node: ast.If, env: Env) -> set[str]:
    """The names whose attributes an `if` assigns to on some of its ways."""
    return {name for one in _leaves(node) for name, _ in changed_columns(scene, one, env)}


class _Test(ast.Expr):
    """The test of an `if`, as a statement that isn't Python's: nobody may know it by its identity,
    which the next one may have."""


def _leaves(node: ast.stmt) -> Iterator[ast.stmt]:
    """A statement, or those in the branches of an `if`; its tests stand as expressions."""
    if not isinstance(node, ast.If):
        yield node
        return
    yield ast.copy_location(_Test(node.test), node)
    for one in (*node.body, *node.orelse):
        yield from _leaves(one)


def _stands_between(scene: Scene, node: ast.stmt, name: str, env: Env) -> bool:
    """Whether a statement that isn't a change may stand before the commit: it asks nothing of a
    session, gives the row to nobody, and neither ends the function well nor binds the row anew."""
    if adds(scene, node, name, env):
        return name in env.names and env.names[name].root in scene.read | scene.stored
    if not isinstance(node, (*_PLAIN, ast.Expr)) or name in stored(node):
        return False
    inside = walked(node)
    if any(is_session(scene, one, env) for one in inside if isinstance(one, ast.expr)):
        return False
    asked = {id(one.value) for one in inside if isinstance(one, ast.Attribute)}
    called = {id(root) for root in map(_root_of_call, inside) if root is not None}
    return not any(
        isinstance(one, ast.Name) and one.id == name and (id(one) not in asked or id(one) in called)
        for one in inside
    )


def _root_of_call(node: ast.AST) -> ast.expr | None:
    """Whose method is called, be it of a part of it."""
    of = node.func if isinstance(node, ast.Call) else None
    while isinstance(of, (ast.Attribute, ast.Subscript)):
        of = of.value
    return of


def adds(scene: Scene, node: ast.stmt, name: str, env: Env) -> bool:
    """Whether a statement is `session.add(name)`."""
    root, links = chain_of(node.value) if isinstance(node, ast.Expr) else (None, [])
    if root is None or [one.name for one in links] != ["add"] or not is_session(scene, root, env):
        return False
    given = links[0].call.args
    return len(given) == 1 and isinstance(given[0], ast.Name) and given[0].id == name


def is_read(scene: Scene, node: ast.expr, env: Env) -> bool:
    """Whether what an expression gives comes from a session, if it is a row: of a query, or of a
    function of the backend that has the session and makes no rows itself."""
    root, links = chain_of(node)
    if links and (is_session(scene, root, env) or _is_query(env, root)):
        return True
    call = node.value if isinstance(node, ast.Await) else node
    meaning = scene.meaning(call.func, env) if isinstance(call, ast.Call) else None
    if not isinstance(call, ast.Call) or not isinstance(meaning, m.Callable):
        return False
    given = [*call.args, *(one.value for one in call.keywords)]
    return any(is_session(scene, one, env) for one in given) and _makes_none(scene, meaning.key)


def _is_query(env: Env, node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and isinstance(env.names.get(node.id), Held)


def _makes_none(scene: Scene, key: str) -> bool:
    """Whether a function of the backend (item key) makes no row by itself."""
    backend = scene.desk.snapshot.backend
    node = functions_at(scene.desk).node(key)
    models = {one.name for one in (backend.models if backend is not None else ())}
    return node is not None and not any(
        isinstance(one, ast.Call) and ast.unparse(one.func).rpartition(".")[2] in models
        for one in walked(node)
    )
