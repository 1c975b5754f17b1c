"""What a dump of a model is copied to a row by: `for name, value in form.model_dump().items():
setattr(row, name, value)`, and SQLModel's `row.sqlmodel_update(…)`.

What isn't a column is an attribute that nobody stores. SQLModel: docs, "Update Data with FastAPI",
`SQLModel.sqlmodel_update`: what `update` says is taken instead of what the object has.
"""

from __future__ import annotations

import ast

from port_lsp.facts.source import Record
from port_lsp.patterns.translate.expressions.dumps import Dump, Entry, dump_of, entries
from port_lsp.patterns.translate.queries.tables import table_of_row
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.values import UntranslatedError

_NULL = "a model that is copied to what isn't known"


class Copied(Record, frozen=True):
    """What is copied to a row (its name in Python): by its columns' names."""

    row: str
    fields: tuple[Entry, ...]


class Loop(Record, frozen=True):
    """A loop that sets attributes of a row (its name): what it goes through, and whether it leaves
    out what is None; `columns` is a dump of the row itself, of which only the names are asked."""

    row: str
    of: ast.expr
    some: bool
    columns: ast.expr | None = None


def copied_to(scene: Scene, node: ast.stmt, env: Env) -> Copied | None:
    """What a statement copies; None for another one. Raises UntranslatedError."""
    if isinstance(node, ast.Expr):
        return _updated(scene, node.value, env)
    loop = copying_loop(node)
    if loop is None or loop.row not in env.names:
        return None
    dump = dump_of(scene, loop.of, env)
    if dump is None:
        return None
    if loop.columns is not None:
        own = dump_of(scene, loop.columns, env)
        if own is None or own.name != loop.row:
            return None
    return _to(scene, loop.row, dump.leaving_none() if loop.some else dump, env)


def _to(scene: Scene, row: str, dump: Dump, env: Env) -> Copied | None:
    table = table_of_row(scene, env.names[row].type)
    if table is None:
        raise UntranslatedError(_NULL)
    columns = {name for name, _ in table.columns}
    found = tuple(one for one in entries(scene, dump) if one.key in columns)
    return Copied(row, found) if found else None


def copying_loop(node: ast.stmt) -> Loop | None:
    """A loop whose only statement sets an attribute of a row by the loop's own names."""
    if not isinstance(node, ast.For) or node.orelse or len(node.body) != 1:
        return None
    if isinstance(node.target, ast.Name):
        return _by_names(node, node.target.id)
    names = node.target.elts if isinstance(node.target, ast.Tuple) else []
    if len(names) != 2:
        return None
    key, value = [one.id if isinstance(one, ast.Name) else "" for one in names]
    of = _items(node.iter)
    only, some = node.body[0], False
    if isinstance(only, ast.If) and not only.orelse and len(only.body) == 1:
        some = _is_there(only.test, value)
        only = only.body[0] if some else only
    call = only.value if isinstance(only, ast.Expr) else None
    if of is None or not isinstance(call, ast.Call) or call.keywords or len(call.args) != 3:
        return None
    given = [one.id if isinstance(one, ast.Name) else "" for one in call.args]
    named = isinstance(call.func, ast.Name) and call.func.id == "setattr"
    return Loop(given[0], of, some) if named and all(given) and given[1:] == [key, value] else None


def _by_names(node: ast.For, key: str) -> Loop | None:
    """`for name in columns: if name in dump: setattr(row, name, dump[name])`, where `columns` are
    a dump of the row itself."""
    test = node.body[0]
    if not isinstance(node.iter, ast.Name) or not isinstance(test, ast.If) or test.orelse:
        return None
    only = test.body[0] if len(test.body) == 1 else None
    call = only.value if isinstance(only, ast.Expr) else None
    if not isinstance(call, ast.Call) or call.keywords or len(call.args) != 3:
        return None
    row, name, value = call.args
    if not isinstance(row, ast.Name) or not isinstance(value, ast.Subscript):
        return None
    of = value.value
    same = isinstance(of, ast.Name) and [ast.unparse(one) for one in (test.test, name, value)] == [
        f"{key} in {of.id}", key, f"{of.id}[{key}]",
    ]  # fmt: skip
    named = isinstance(call.func, ast.Name) and call.func.id == "setattr"
    return Loop(row.id, of, some=False, columns=node.iter) if same and named else None


def _items(node: ast.expr) -> ast.expr | None:
    """What `.items()` is called of."""
    if not isinstance(node, ast.Call) or node.args or node.keywords:
        return None
    of = node.func
    return of.value if isinstance(of, ast.Attribute) and of.attr == "items" else None


def _is_there(test: ast.expr, name: str) -> bool:
    """Whether a test is `name is not None`."""
    return (
        isinstance(test, ast.Compare)
        and isinstance(test.ops[0], ast.IsNot)
        and isinstance(test.left, ast.Name)
        and test.left.id == name
        and len(test.comparators) == 1
        and isinstance(test.comparators[0], ast.Constant)
        and test.comparators[0].value is None
    )


def _updated(scene: Scene, node: ast.expr, env: Env) -> Copied | None:
    """`row.sqlmodel_update(…)`."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return None
    row = node.func.value
    if node.func.attr != "sqlmodel_update" or not isinstance(row, ast.Name):
        return None
    words = {one.arg: one.value for one in node.keywords}
    if row.id not in env.names or len(node.args) != 1 or not set(words) <= {"update"}:
        return None
    dump = dump_of(scene, node.args[0], env)
    if dump is None:
        return None
    more = words.get("update", ast.Dict([], []))
    if not isinstance(more, ast.Dict):
        raise UntranslatedError(_NULL)
    for key, value in zip(more.keys, more.values, strict=True):
        if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
            raise UntranslatedError(_NULL)
        dump = dump.with_key(key.value, scene.value(value, env))
    return _to(scene, row.id, dump, env)
