"""SQLModel's own `session.exec(select(Model))`: SQLAlchemy's `session.scalars` of the same.

`exec` gives scalars for a `select` of SQLModel's of one thing (`SelectOfScalar`), rows for one of
several and for SQLAlchemy's own (sqlmodel/orm/session.py): those stay what isn't known.
"""

from __future__ import annotations

import ast
import copy

from port_lsp.patterns.translate.queries.database import is_session
from port_lsp.patterns.translate.queries.held import expanded
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.values import Held
from port_lsp.types import meanings as m


def with_scalars(scene: Scene, node: ast.Call, env: Env) -> ast.Call:
    """A chain of calls, with `scalars` where it begins with such an `exec`."""
    first = _first(node)
    root = first.func.value if isinstance(first.func, ast.Attribute) else None
    if isinstance(root, ast.Name) and isinstance(env.names.get(root.id), Held):
        whole = expanded(scene, node, env)  # `result = session.exec(…)` and what asks it
        made = with_scalars(scene, whole, env) if isinstance(whole, ast.Call) else node
        return made if made is not whole else node
    if not isinstance(first.func, ast.Attribute) or first.func.attr != "exec":
        return node
    if len(first.args) != 1 or first.keywords or not is_session(scene, first.func.value, env):
        return node
    given = expanded(scene, first.args[0], env)
    selected = _first(given) if isinstance(given, ast.Call) else None
    if selected is None or len(selected.args) != 1:
        return node
    meaning = scene.meaning(selected.func, env)
    if not isinstance(meaning, m.Outside) or not _is_select(meaning.name):
        return node
    return _replaced(node, first)


def _is_select(name: str) -> bool:
    return name.startswith("sqlmodel.") and name.rpartition(".")[2] == "select"


def _first(node: ast.Call) -> ast.Call:
    """The call that a chain begins with."""
    while isinstance(node.func, ast.Attribute):
        inner = _waited(node.func.value)
        if not isinstance(inner, ast.Call):
            break
        node = inner
    return node


def _waited(node: ast.expr) -> ast.expr:
    return node.value if isinstance(node, ast.Await) else node


def _replaced(node: ast.Call, first: ast.Call) -> ast.Call:
    made, func = copy.copy(node), copy.copy(node.func)
    if isinstance(func, ast.Attribute):
        if node is first:
            func.attr = "scalars"
        elif isinstance(inner := _waited(func.value), ast.Call):
            func.value = _replaced(inner, first)
    made.func = func
    return made
