"""What SQLModel's table models have beside SQLAlchemy's, as SQLAlchemy would say it.

`Table.model_validate(model, update={…})` is a new row of what a model holds, and more:

sqlmodel/_compat.py, `sqlmodel_validate`: each field is read from `update`, else from the attribute
of its name, and checked; what neither has gets its default. So it is `Table(field=model.field, …)`
where all that is read has been checked by the same limits before. That is put in its place before
anything is translated, as rows are known by such calls. `session.exec(…)` whose result nobody takes
is `session.execute(…)` (sqlmodel/orm/session.py).
"""

from __future__ import annotations

import ast
import copy

from msgspec.structs import replace

from port_lsp.patterns.translate.binding import walked
from port_lsp.patterns.translate.bodytext import Body
from port_lsp.patterns.translate.queries.database import is_session
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.schemas import schema_at
from port_lsp.patterns.translate.values import without_reference
from port_lsp.types import meanings as m
from port_lsp.types.schema import FieldSchema

_NAME, _EXEC = "model_validate", "exec"
_LIMITS = frozenset((
    "min_length", "max_length", "ge", "gt", "le", "lt", "multiple_of", "max_digits",
    "decimal_places", "pattern", "regex",
))  # fmt: skip


def with_rows(scene: Scene, body: Body, env: Env) -> Body:
    """A body in which such calls are those of the class."""
    names = {one.attr for one in walked(*body.nodes) if isinstance(one, ast.Attribute)}
    if names.isdisjoint((_NAME, _EXEC)):
        return body
    rows = _Rows(scene, env)
    nodes = tuple(rows.visit(copy.deepcopy(one)) for one in body.nodes)
    return replace(body, nodes=nodes) if rows.found else body


class _Rows(ast.NodeTransformer):
    def __init__(self, scene: Scene, env: Env) -> None:
        self._scene, self._env = scene, env
        self.found = False

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        """`session.exec(…)` as a statement."""
        self.generic_visit(node)
        call = node.value.value if isinstance(node.value, ast.Await) else node.value
        func = call.func if isinstance(call, ast.Call) else None
        if not isinstance(func, ast.Attribute) or func.attr != _EXEC:
            return node
        if is_session(self._scene, func.value, self._env):
            func.attr, self.found = "execute", True
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Also those inside of it."""
        self.generic_visit(node)
        func = node.func
        if not isinstance(func, ast.Attribute) or func.attr != _NAME:
            return node
        words = self._words(node, func)
        if words is None:
            return node
        self.found = True
        made = ast.Call(func.value, [], words)
        return ast.fix_missing_locations(ast.copy_location(made, node))

    def _words(self, node: ast.Call, func: ast.Attribute) -> list[ast.keyword] | None:
        """The arguments of the class; None where they aren't known."""
        meaning = self._scene.meaning(func.value, self._env)
        table = schema_at(self._scene.desk, meaning.key) if isinstance(meaning, m.Kind) else None
        of = node.args[0] if len(node.args) == 1 else None
        val = self._env.names.get(of.id) if isinstance(of, ast.Name) else None
        if table is None or not table.is_row or val is None or not isinstance(of, ast.Name):
            return None
        shape = self._scene.shapes.of(without_reference(val.type))
        model = schema_at(self._scene.desk, shape.key) if shape is not None else None
        update = _update(node)
        if model is None or model.is_row or update is None:
            return None
        if any(one.kind == "validator" for one in table.methods):
            return None
        there = {one.name: one for one in model.fields}
        words = [ast.keyword(name, value) for name, value in update.items()]
        for one in table.fields:
            if one.name in update:
                if _limits(one):
                    return None
            elif one.name in there:
                if not _is_checked(one, there[one.name]):
                    return None
                words.append(ast.keyword(one.name, ast.Attribute(of, one.name, ast.Load())))
        known = {one.name for one in table.fields}
        return words if update.keys() <= known else None


def _update(node: ast.Call) -> dict[str, ast.expr] | None:
    """What `update` says; None where that isn't written out."""
    if not node.keywords:
        return {}
    word = node.keywords[0]
    if len(node.keywords) != 1 or word.arg != "update" or not isinstance(word.value, ast.Dict):
        return None
    found: dict[str, ast.expr] = {}
    for key, value in zip(word.value.keys, word.value.values, strict=True):
        if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
            return None
        found[key.value] = value
    return found


def _is_checked(column: FieldSchema, field: FieldSchema) -> bool:
    """Whether what a field holds has been checked as the column asks it."""
    said = {(one.name, one.value) for one in field.limits}
    same = column.owner == field.owner or _limits(column) == said
    return same and column.wire == field.wire


def _limits(column: FieldSchema) -> set[tuple[str, str]]:
    """The limits of a table's field, which are words of its `Field` among others."""
    return {one for one in column.keys if one[0] in _LIMITS}
