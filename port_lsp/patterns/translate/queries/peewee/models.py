"""Which names of a body are Peewee's: models, queries of them, rows."""

from __future__ import annotations

import ast
import re

from port_lsp.patterns.translate.queries.held import expanded
from port_lsp.patterns.translate.queries.links import Link, chain_of
from port_lsp.patterns.translate.queries.tables import Table, table_named, table_of
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.values import Held, UntranslatedError, Val, without_reference

_CHANGED = re.compile(r"playhouse\.signals|\bonly_save_dirty\b")


def asked_of(scene: Scene, node: ast.expr, env: Env) -> tuple[Table, list[Link]] | None:
    """The table of a Peewee model that a chain of calls begins with, and its links; also of a query
    that a variable holds. None for anything else. Raises UntranslatedError."""
    root, links = chain_of(node)
    held = isinstance(root, ast.Name) and isinstance(env.names.get(root.id), Held)
    if not links or not (held or _is_one(table_of(scene, root, env))):
        return None
    root, links = chain_of(expanded(scene, node, env))
    table = table_of(scene, root, env)
    if table is None or not is_model(table) or is_own(scene, table, links[0].name):
        return None
    if any("foreign_key" in dict(one.keys) for one in table.schema.fields):
        raise UntranslatedError("a model with a foreign key")  # which is a row to Python
    return table, links


def _is_one(table: Table | None) -> bool:
    return table is not None and is_model(table)


def is_model(table: Table) -> bool:
    """Whether a table is one of Peewee's models."""
    return table.schema.kind == "peewee"


def row_of(scene: Scene, val: Val | None) -> Table | None:
    """The table of which a value is a row that was read, or is None."""
    if val is None or val.wrapped or not val.place:
        return None
    key = scene.tables.get(without_reference(val.type))
    table = table_named(scene, key) if key is not None else None
    return table if table is not None and is_model(table) else None


def is_own(scene: Scene, table: Table, method: str) -> bool:
    """Whether the backend says itself what a method of a model does."""
    file, _, name = table.key.partition("::")
    return scene.desk.backend.meaning(file, f"{name}.{method}") is not None


def is_watched(scene: Scene, table: Table) -> bool:
    """Whether something may happen to a row when it is written, or not all of it is."""
    source = scene.desk.snapshot.backend_files.get(table.key.partition("::")[0])
    text = source.text.data.decode("utf-8", "replace") if source is not None else ""
    return _CHANGED.search(text) is not None
