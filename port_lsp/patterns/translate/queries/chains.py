"""Chains of calls, as queries are written: `session.query(Model).filter(…).all()`."""

from __future__ import annotations

import ast

from port_lsp.patterns.translate.binding import dotted
from port_lsp.patterns.translate.queries.database import is_session
from port_lsp.patterns.translate.queries.links import Link, chain_of
from port_lsp.patterns.translate.queries.tables import table_of
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.types import meanings as m

OURS = ("sqlalchemy.", "sqlmodel.")
"""What names of the library begin with."""
_BUILDS = frozenset((
    "filter", "where", "filter_by", "order_by", "limit", "offset", "join", "outerjoin", "distinct",
    "group_by", "having", "select_from", "with_entities", "with_only_columns", "values",
    "execution_options", "yield_per", "options", "returning", "correlate", "paginate",
    "order_by_extend",
))  # fmt: skip
_LOADS = frozenset((
    "selectinload", "joinedload", "subqueryload", "immediateload", "lazyload", "load_only", "defer",
    "undefer",
))  # fmt: skip
_STATEMENTS = frozenset(("select", "update", "delete", "insert"))


def builder_of(scene: Scene, node: ast.expr, env: Env) -> tuple[str, ast.Call, list[Link]] | None:
    """What a statement is made by (`select`, `update`…, of SQLAlchemy's own functions, a session's
    `query`, or `peewee` for a model's `select`), that call, and what is called on it; None for
    anything else."""
    root, links = chain_of(node)
    if isinstance(root, ast.Call):
        word = outside(scene, root.func, env)
        return (word, root, links) if word in _STATEMENTS else None
    if links and links[0].name == "query" and is_session(scene, root, env):
        return "query", links[0].call, links[1:]
    if links and links[0].name == "select":
        table = table_of(scene, root, env)
        if table is not None and table.schema.kind == "peewee":
            return "peewee", links[0].call, links[1:]
    word = outside(scene, links[0].call.func, env) if links else ""
    return (word, links[0].call, links[1:]) if word in _STATEMENTS else None


def is_unfinished(scene: Scene, node: ast.expr, env: Env) -> bool:
    """Whether something is a statement that isn't run yet."""
    found = builder_of(scene, node, env)
    return found is not None and all(one.name in _BUILDS for one in found[2])


def loads_only(scene: Scene, call: ast.Call, env: Env) -> bool:
    """Whether the options of a query say nothing but when the attributes of its rows are loaded
    (SQLAlchemy's docs, "Relationship Loading Techniques", "Column Loading Options")."""
    for one in call.args:
        root, links = chain_of(one)
        calls = [link.call for link in links]
        if isinstance(root, ast.Call):
            calls.append(root)
            words = [outside(scene, root.func, env), *(link.name for link in links)]
        else:  # by the name of a module
            words = [outside(scene, links[0].call.func, env) if links else ""]
            words += [link.name for link in links[1:]]
        parts = [part for each in calls for part in each.args]
        if not _LOADS.issuperset(words) or any(each.keywords for each in calls):
            return False
        if not all(isinstance(part, ast.Attribute) and dotted(part) for part in parts):
            return False
    return not call.keywords


def outside(scene: Scene, node: ast.expr, env: Env) -> str:
    """The last name of a function of SQLAlchemy's, or of SQLModel's, which are the same; "" for
    anything else."""
    meaning = scene.meaning(node, env)
    if not isinstance(meaning, m.Outside) or not meaning.name.startswith(OURS):
        return ""
    return meaning.name.rpartition(".")[2]
