"""Columns that a class sets whenever one of its rows is updated (`onupdate`).

SQLAlchemy: its docs, "Column INSERT/UPDATE Defaults": where a statement gives no value for the
column, a callable is called for each statement.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection

from port_lsp.patterns.translate.queries.tables import Table
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.values import UntranslatedError, Val
from port_lsp.types import meanings as m

_LISTENS = re.compile(
    rb"(?:listens_for|event\.listen)\(\s*[^)]*?[\"'](?:before|after)_(?:update|insert|delete|flush)"
    rb"|do_orm_execute|eager_defaults"
)


def set_by_updates(scene: Scene, table: Table, given: Collection[str]) -> dict[str, Val]:
    """The values of columns (by Python's names) that an update sets by itself, without those that
    it is given. Raises UntranslatedError where that can't be known."""
    files = scene.desk.snapshot.backend_files
    if any(_LISTENS.search(one.text.data) for one in files.values()):
        raise UntranslatedError("update of a table that changes by itself")
    found: dict[str, Val] = {}
    for one in table.schema.fields:
        file, _, name = one.owner.partition("::")
        source = files.get(file)
        text = source.text.data.decode("utf-8", "replace") if source is not None else ""
        if source is None:
            raise UntranslatedError("update of a table that isn't known")
        if "onupdate" not in text:
            continue
        node = _declared(text, name, one.name)
        if node is None or one.name in given:
            if node is None and re.search(rf"\b{re.escape(one.name)}\b[^\n]*onupdate", text):
                raise UntranslatedError("update of a table that changes by itself")
            continue
        found[one.name] = _value(scene.elsewhere(file), node)
    return found


def _declared(text: str, owner: str, column: str) -> ast.expr | None:
    """The `onupdate` of a column that a class declares."""
    try:
        tree = ast.parse(text)
    except SyntaxError:
        raise UntranslatedError("update of a table that isn't known") from None
    for cls in (one for one in ast.walk(tree) if isinstance(one, ast.ClassDef)):
        if cls.name != owner.rpartition(".")[2]:
            continue
        for one in cls.body:
            targets = one.targets if isinstance(one, ast.Assign) else []
            if isinstance(one, ast.AnnAssign):
                targets = [one.target]
            named = any(isinstance(each, ast.Name) and each.id == column for each in targets)
            value = one.value if isinstance(one, (ast.Assign, ast.AnnAssign)) else None
            if named and isinstance(value, ast.Call):
                words = {word.arg: word.value for word in value.keywords}
                if None in words:
                    raise UntranslatedError("update of a table that changes by itself")
                return words.get("onupdate")
    return None


def _value(scene: Scene, node: ast.expr) -> Val:
    """What is set: a constant, or what a callable gives."""
    env = Env({}, ())
    if isinstance(node, ast.Lambda) and not node.args.args:
        return scene.value(node.body, env)
    if isinstance(node, ast.Constant):
        return scene.value(node, env)
    call = node if isinstance(node, ast.Call) else ast.Call(node, [], [])
    meaning = scene.meaning(call.func, env)
    if isinstance(node, ast.Call) or isinstance(meaning, m.Kind):
        raise UntranslatedError("update of a table that changes by itself")
    return scene.value(call, env)
