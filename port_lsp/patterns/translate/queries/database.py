"""How the crate reaches its database from a body: the pool that the state holds, and whether its
error type takes sqlx's errors."""

from __future__ import annotations

import ast
import re

from port_lsp.facts.source import Record
from port_lsp.patterns.endpoints.written import alias_of
from port_lsp.patterns.translate.queries.reaching import held
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.values import UntranslatedError, Val
from port_lsp.types.databases import Database
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import AnyType, Type, named

SESSION = named("port::session")
"""The type of what a body calls its session, which is nothing in Rust: queries go to the pool."""
# What a session, or a function that gives one, is usually called.
_CALLED = re.compile(r"(?:^|_)(?:db|database|session|sessionlocal|conn|connection)$", re.I)
_POOL = re.compile(r"(?:^|::)(?:SqlitePool|PgPool|Pool\s*<\s*(?:sqlx::)?(?:Sqlite|Postgres)\s*>)$")


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
    pool = held(scene, lambda kind: _is_pool(scene, kind))
    if pool is None:
        raise UntranslatedError("a query without a pool in the state")
    if not takes_errors(scene):
        raise UntranslatedError("a query whose errors the crate's error type doesn't take")
    if scene.transaction:
        return Reached(b.Unary("&mut ", b.Unary("*", b.Name(scene.transaction))), database)
    return Reached(b.Unary("&", pool), database)


def _is_pool(scene: Scene, kind: AnyType) -> bool:
    if not isinstance(kind, Type):
        return False
    if _POOL.search("::".join(kind.head.path)):
        return True
    if kind.head.name == "Pool" and kind.args:
        inner = kind.args[0]
        return isinstance(inner, Type) and inner.head.name in ("Sqlite", "Postgres")
    alias = alias_of(scene.desk.workshop.scopes, kind.head)
    return alias is not None and _POOL.search((alias[1].target or "").strip()) is not None


def takes_errors(scene: Scene) -> bool:
    """Whether `?` makes the crate's error of one of sqlx's."""
    if scene.errors is None:
        return False
    path = scene.errors.symbol.path
    found = scene.desk.workshop.scopes.type_item(path)
    source = scene.desk.snapshot.crate_files.get(found[0]) if found is not None else None
    text = source.text.data.decode("utf-8", "replace") if source is not None else ""
    made = (
        rf"impl\s+From<\s*sqlx::Error\s*>\s+for\s+{re.escape(path[-1])}\b|#\[from\]\s*sqlx::Error"
    )
    return re.search(made, text) is not None


def is_session(scene: Scene, node: ast.expr, env: Env) -> bool:
    """Whether a name is a session of the body: one that a `with` gave it, or a parameter."""
    if not isinstance(node, ast.Name):
        return False
    known = env.names.get(node.id)
    if known is not None:
        return known.type == SESSION
    return node.id in scene.params and _CALLED.search(node.id) is not None


def is_called_so(name: str) -> bool:
    """Whether a name is what a session is usually called."""
    return _CALLED.search(name) is not None


def gives_session(node: ast.expr, target: ast.expr | None) -> bool:
    """Whether `with node as target` opens a session: `get_db()`, `SessionLocal()`."""
    if not isinstance(target, ast.Name) or not isinstance(node, ast.Call) or node.args:
        return False
    name = ast.unparse(node.func).rpartition(".")[2]
    return _CALLED.search(name) is not None and _CALLED.search(target.id) is not None


def session() -> Val:
    """What stands for a session."""
    return Val(b.TupleOf(), SESSION)
