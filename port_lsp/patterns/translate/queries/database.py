"""How the crate reaches its database from a body: the pool that the state holds, and whether its
error type takes sqlx's errors."""

from __future__ import annotations

import ast

from port_lsp.facts.source import Record
from port_lsp.patterns.translate.queries.links import is_called_so
from port_lsp.patterns.translate.queries.reaching import held, is_pool, takes_errors
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.values import UntranslatedError, Val
from port_lsp.types.databases import Database
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import named

SESSION = named("port::session")
"""The type of what a body calls its session, which is nothing in Rust: queries go to the pool."""


class Reached(Record, frozen=True):
    """The pool, or the transaction that is open, as an executor, and what it is of."""

    pool: b.Expr
    database: Database


def database_of(scene: Scene) -> Reached:
    """The crate's database. Raises UntranslatedError where a body can't reach it."""
    database = scene.desk.database
    state = scene.state
    if state is None or database is None:
        raise UntranslatedError("a query without a database")
    pool = held(scene, lambda kind: is_pool(scene.desk, kind))
    if pool is None:
        raise UntranslatedError("a query without a pool in the state")
    if not takes_errors(scene):
        raise UntranslatedError("a query whose errors the crate's error type doesn't take")
    if scene.transaction:
        return Reached(b.Unary("&mut ", b.Unary("*", b.Name(scene.transaction))), database)
    return Reached(pool.lent, database)


def is_session(scene: Scene, node: ast.expr, env: Env) -> bool:
    """Whether a name is a session of the body: one that a `with` gave it, or a parameter."""
    if not isinstance(node, ast.Name):
        return False
    known = env.names.get(node.id)
    if known is not None:
        return known.type == SESSION
    return node.id in scene.params and is_called_so(node.id)


def gives_session(node: ast.expr, target: ast.expr | None) -> bool:
    """Whether `with node as target` opens a session: `get_db()`, `SessionLocal()`."""
    if not isinstance(target, ast.Name) or not isinstance(node, ast.Call) or node.args:
        return False
    name = ast.unparse(node.func).rpartition(".")[2]
    return is_called_so(name) and is_called_so(target.id)


def session() -> Val:
    """What stands for a session."""
    return Val(b.TupleOf(), SESSION)
