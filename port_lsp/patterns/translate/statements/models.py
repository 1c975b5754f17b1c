"""Statements of Peewee: what writes, a row's columns, and `with` of its databases.

Its docs, "Querying": each write is committed by itself; a row that was read is an object like any
other, which `save` writes. "Managing your Database", "connection_context": a connection is opened
and closed, which the pool does. "atomic": what is in it is written together or not at all.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from port_lsp.patterns.translate.binding import stored, walked
from port_lsp.patterns.translate.ownership import fitting
from port_lsp.patterns.translate.queries.database import database_of
from port_lsp.patterns.translate.queries.peewee.models import row_of
from port_lsp.patterns.translate.queries.peewee.writes import model_written
from port_lsp.patterns.translate.queries.updates import is_bound
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.statements.step import Blocks, Step
from port_lsp.patterns.translate.values import NotMineError, UntranslatedError, Val, option_of
from port_lsp.patterns.translate.values import without_reference as bare
from port_lsp.types import meanings as m
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import AnyType, Type

_LOOPS = (ast.For, ast.AsyncFor, ast.While, ast.ListComp, ast.SetComp, ast.DictComp,
          ast.GeneratorExp)  # fmt: skip
_ENDS = (ast.Return, ast.Pass)


def model_executed(blocks: Blocks, node: ast.Expr, env: Env, _: bool) -> Step:
    """A write of which nobody asks what it gives."""
    val = model_written(blocks.scene, node.value, env, asked=False)
    if val is None:
        raise NotMineError("an expression that stands alone")
    count = val.expr.of if isinstance(val.expr, b.Cast) else val.expr
    made = count.receiver if isinstance(count, b.Method) else count
    return Step((b.Do(made),), env)


def model_changed(blocks: Blocks, node: ast.Assign, env: Env, _: bool) -> Step:
    """`row.column = value` of a row that Peewee has read or made."""
    scene = blocks.scene
    target = node.targets[0] if len(node.targets) == 1 else None
    if not isinstance(target, ast.Attribute) or not isinstance(target.value, ast.Name):
        raise UntranslatedError("an assignment to an attribute")
    name = target.value.id
    val = env.names.get(name)
    table, shape = row_of(scene, val), scene.shapes.of(val.type) if val is not None else None
    found = shape.field(target.attr) if shape is not None else None
    if val is None or table is None or found is None or not is_bound(scene, found[1]):
        raise UntranslatedError("an assignment to an attribute")
    column = next((one for each, one in table.columns if each == target.attr), None)
    if column is None or column.is_key or not isinstance(val.expr, b.Name):
        raise UntranslatedError("an assignment to an attribute")
    if not blocks.is_own(val.root) or _is_shared(env, name, val):
        raise UntranslatedError("an assignment to a row that others have")
    before = () if _follows(blocks, node, name) else (b.Let(b.Bind(val.root, "mut "), val.expr),)
    value = fitting(scene, scene.value(node.value, env), found[1])
    made = b.Assign(b.Access(val.expr, found[0]), value)
    return Step((*before, made), env.vague((name,)))


def connected(blocks: Blocks, node: ast.With | ast.AsyncWith, env: Env, last: bool) -> Step:
    """`with db.connection_context(): …` and `with db.atomic(): …`: what is in it."""
    for one in node.items:
        word = _context(blocks.scene, one.context_expr, env)
        if not word or one.optional_vars is not None:
            raise UntranslatedError(type(node).__name__)
        if word == "atomic" and not _is_one_write(blocks.scene, node.body, env):
            raise UntranslatedError("several writes of one transaction")
    database_of(blocks.scene)
    return blocks.block(node.body, env, last=last, keep=blocks.later(node, stored(node)))


def _context(scene: Scene, node: ast.expr, env: Env) -> str:
    """`connection_context`, `connection` or `atomic` of a database of Peewee's; "" for anything
    else."""
    if isinstance(node, ast.Call) and (node.args or node.keywords):
        return ""
    meaning = scene.meaning(node.func if isinstance(node, ast.Call) else node, env)
    if not isinstance(meaning, m.Outside):
        return ""
    maker, _, word = meaning.name.rpartition(".")
    known = maker.startswith(("peewee.", "playhouse.")) and maker.endswith(("()", "(…)"))
    return word if known and word in ("connection_context", "atomic") else ""


def _is_one_write(scene: Scene, nodes: Sequence[ast.stmt], env: Env) -> bool:
    """Whether nothing is written, or by the last statement alone, behind which nothing can fail."""
    *before, last = nodes
    if isinstance(last, _ENDS) and before and not _calls(last):
        *before, last = before
    if any(_may_write(scene, one, env) for node in before for one in _calls(node)):
        return False
    writes = [one for one in _calls(last) if _may_write(scene, one, env)]
    loops = any(isinstance(one, (*_LOOPS, ast.If, ast.Try, ast.With)) for one in walked(last))
    outermost = {id(one) for one in writes} - {
        id(each) for one in writes for each in ast.walk(one) if each is not one
    }
    return not writes or (len(outermost) == 1 and not loops)


def _calls(node: ast.AST) -> list[ast.Call]:
    return [one for one in ast.walk(node) if isinstance(one, ast.Call)]


def _may_write(scene: Scene, node: ast.Call, env: Env) -> bool:
    """Whether a call may write: a write of Peewee's, or what isn't known not to."""
    if isinstance(node.func, ast.Attribute):
        word = node.func.attr
        if word in ("execute", "create", "save", "delete_instance", "delete_by_id", "set_by_id"):
            return True
        if word.startswith(("insert", "bulk_", "replace", "get_or_create")):
            return True
    return isinstance(scene.meaning(node.func, env), m.Callable)


def _follows(blocks: Blocks, node: ast.stmt, name: str) -> bool:
    """Whether the statement in front of it has made the row one that may be changed."""
    before = blocks.before(node)
    targets = before.targets if isinstance(before, ast.Assign) else []
    target = targets[0] if len(targets) == 1 else None
    of = target.value if isinstance(target, ast.Attribute) else None
    return isinstance(of, ast.Name) and of.id == name


def _is_shared(env: Env, name: str, val: Val) -> bool:
    """Whether another name may stand for the same row, which it would see changed."""
    kind = bare(val.type)
    return any(
        each != name and not each.startswith(f"{name}.") and _holds(other.type, kind)
        for each, other in env.names.items()
    )  # fmt: skip


def _holds(kind: AnyType, wanted: AnyType) -> bool:
    kind = bare(kind)
    inner = option_of(kind)
    if kind == wanted or inner == wanted:
        return True
    return isinstance(kind, Type) and any(_holds(one, wanted) for one in kind.args)
