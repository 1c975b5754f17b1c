"""`row.column = value` of a row that a session has read: written by the `commit` that follows.

SQLAlchemy: its docs, "Session Basics", "Flushing" and "Committing": what was changed of a row is
written when its session commits, all of it in one statement. So only changes that nothing else of
the session stands between, up to their commit, are the same when the pool writes them alone.
"""

from __future__ import annotations

import ast

from port_lsp.patterns.translate.binding import walked
from port_lsp.patterns.translate.failing import broken, unsaid
from port_lsp.patterns.translate.ownclasses import acts_by_itself
from port_lsp.patterns.translate.ownership import fitting, owned
from port_lsp.patterns.translate.queries.clock import in_column
from port_lsp.patterns.translate.queries.inserts import called
from port_lsp.patterns.translate.queries.tables import Table, table_of_row
from port_lsp.patterns.translate.queries.updates import is_bound, updated
from port_lsp.patterns.translate.queries.writes import without_rows
from port_lsp.patterns.translate.scene import Env
from port_lsp.patterns.translate.statements.changes import assigned_to
from port_lsp.patterns.translate.statements.conditions import conditional
from port_lsp.patterns.translate.statements.copying import copied_to
from port_lsp.patterns.translate.statements.runs import (
    WITHOUT,
    adds,
    changed_columns,
    changed_rows,
    changes_from,
    statements_of,
)
from port_lsp.patterns.translate.statements.step import Blocks, Changes, Step
from port_lsp.patterns.translate.statements.transactions import region_at
from port_lsp.patterns.translate.values import (
    ERR,
    I64,
    SOME,
    NotMineError,
    UntranslatedError,
    Val,
    assigns,
    option_of,
    without_reference,
)
from port_lsp.patterns.translate.widening import NARROW
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import AnyType, Reference, Type


def changed(blocks: Blocks, node: ast.Assign | ast.AugAssign, env: Env, _: bool) -> Step:
    """`row.column = value`, `row.column += value`; the first of several makes the variable one
    that may be changed."""
    (name, column), *others = changed_columns(blocks.scene, node, env) or (("", ""),)
    if not name or others or name not in env.names:
        raise UntranslatedError("an assignment to an attribute")
    changes, before, env = _begun(blocks, node, name, env)
    value = node.value
    if isinstance(node, ast.AugAssign):
        value = ast.BinOp(_read(node.target), node.op, node.value)
    made = _put(blocks, env.names[name], column, blocks.scene.value(value, env))
    _note(blocks, changes)  # the first that is translated
    return Step((*before, made), env.vague((name,)))


def changed_each(blocks: Blocks, node: ast.For | ast.Expr, env: Env, _: bool) -> Step:
    """`for name, value in form.model_dump().items(): setattr(row, name, value)` and its like."""
    scene = blocks.scene
    copied = copied_to(scene, node, env)
    if copied is None or copied.row not in env.names:
        raise NotMineError("a loop")
    changes, before, env = _begun(blocks, node, copied.row, env)
    row = env.names[copied.row]
    made: list[b.Statement] = []
    for one in copied.fields:
        if one.given is None:
            made.append(_put(blocks, row, one.key, one.value))
            continue
        computed = isinstance(one.value.expr, b.Method)  # what is looked at has been copied
        held = one.given if computed and scene.shapes.has(one.given, "Copy") else None
        kind = held or Reference(one.given)
        value = Val(b.Name("value"), kind, place=True, root="value")
        inner = b.Block((_put(blocks, row, one.key, value),))
        binding: b.Pattern = b.Bind("value")
        for _depth in range(one.depth):
            binding = b.TuplePattern(SOME, (binding,))
        of = one.value.expr if computed else b.Unary("&", one.value.expr)
        made.append(b.Do(b.If(of, inner, binding=binding)))
    _note(blocks, changes)
    for inside in walked(node):
        if isinstance(inside, ast.stmt) and inside is not node:
            blocks.done(inside)
    return Step((*before, *made), env.vague((copied.row,)))


def changed_under(blocks: Blocks, node: ast.If, env: Env, last: bool) -> Step:
    """An `if` that is the first to change a row, on some of its ways."""
    names = changed_rows(blocks.scene, node, env) & env.names.keys()
    known = blocks.changes.get(id(node))
    if len(names) != 1 or (known is not None and known.nodes[0] is not node):
        raise NotMineError("an if")
    (name,) = names
    if _table(blocks, env.names[name]) is None or option_of(env.names[name].type) is not None:
        raise NotMineError("an if")  # one that isn't there is only missed where it is changed
    changes, before, env = _begun(blocks, node, name, env)
    _note(blocks, changes)
    try:
        step = conditional(blocks, node, env, last)
        if not assigns(step.block):
            raise UntranslatedError(WITHOUT)
    except UntranslatedError:
        _forget(blocks, changes)
        raise
    return step._replace(statements=(*before, *step.statements))


def added_again(blocks: Blocks, node: ast.Expr, env: Env, _: bool) -> Step:
    """`session.add(row)` of a row that the session has, before the commit of its changes."""
    changes = blocks.changes.get(id(node))
    if changes is None or not adds(blocks.scene, node, changes.name, env):
        raise NotMineError("a call")
    return Step((), env)


def _note(blocks: Blocks, changes: Changes) -> None:
    blocks.changes |= {id(one): changes for one in statements_of(changes)}


def _forget(blocks: Blocks, changes: Changes) -> None:
    for one in statements_of(changes):
        blocks.changes.pop(id(one), None)


def _read(node: ast.expr) -> ast.expr:
    """What is assigned to, as it is read."""
    assert isinstance(node, ast.Attribute)
    return ast.Attribute(node.value, node.attr, ast.Load())


def _begun(
    blocks: Blocks, node: ast.stmt, name: str, env: Env
) -> tuple[Changes, tuple[b.Statement, ...], Env]:
    """The changes that a statement is one of; what stands before the first of them."""
    if region_at(blocks, node) is not None:
        raise UntranslatedError("several writes of one commit")
    changes = blocks.changes.get(id(node))
    if changes is not None and changes.nodes[0] is not node:
        return changes, (), env
    if not blocks.is_own(env.names[name].root):
        raise UntranslatedError("an assignment to a row of the block around it")
    table = _table(blocks, env.names[name])
    if table is None:
        raise UntranslatedError("an assignment to an attribute")
    if acts_by_itself(blocks.scene.desk, table.key):
        raise UntranslatedError("a row that changes what it is given")
    changes = changes_from(blocks, node, name, table, env)
    _forget(blocks, changes)  # those of an attempt that was given up
    if env.names[name].root in blocks.scene.handed:
        raise UntranslatedError("a row that an object has, too")
    env, before = _mutable(blocks, name, changes.columns[0], env)
    if not any(one.on_update for one in table.schema.fields):
        return changes, before, env
    val = env.names[name]
    if not all(blocks.scene.shapes.has(val.type, one) for one in ("Clone", "PartialEq")):
        raise UntranslatedError("a row that can't be compared")
    old = env.free("before")
    kept = b.Let(b.Bind(old), b.Method(val.expr, "clone"))
    return changes._replace(before=old), (*before, kept), env


def _put(blocks: Blocks, row: Val, column: str, value: Val) -> b.Statement:
    """A column of a row gets a value."""
    shape = blocks.scene.shapes.of(row.type)
    found = shape.field(column) if shape is not None else None
    narrow = found is not None and (option_of(found[1]) or found[1]) in NARROW
    if found is None or not (narrow or is_bound(blocks.scene, found[1])):
        raise UntranslatedError("an assignment to an attribute")
    given = option_of(without_reference(value.type))
    given = without_reference(given) if given is not None else None
    made = in_column(blocks.scene, value, found[1])
    if made is None and narrow:
        made = _narrow(blocks, value, found[1])
    if made is None:
        there = given == found[1]
        made = _there(blocks, value) if there else fitting(blocks.scene, value, found[1])
    target = b.Access(row.expr, found[0])
    return assigned_to(target, made)


def _narrow(blocks: Blocks, value: Val, kind: AnyType) -> b.Expr | None:
    """An integer for a narrow column: the database refuses one that doesn't fit, and nobody expects
    that. None for what is no integer, or may be missing."""
    if without_reference(value.type) != I64:
        return None
    inner, number = option_of(kind) or kind, value.known.value if value.known is not None else None
    if isinstance(number, int) and abs(number) < 2**15:
        return value.expr if inner == kind else b.Call(b.Path(SOME), (value.expr,))
    if not blocks.scene.may_move or not isinstance(inner, Type):
        raise UntranslatedError("a narrow column, inside of a try")
    given = b.Call(b.Path(inner.head, ("try_from",)), (owned(blocks.scene, value),))
    wrong = b.Closure((b.Wild(),), unsaid(blocks.scene, "DataError"))
    made = b.Try(b.Method(given, "map_err", (wrong,)))
    return made if inner == kind else b.Call(b.Path(SOME), (made,))


def _there(blocks: Blocks, value: Val) -> b.Expr:
    """A value for a column that mustn't be null: the database refuses null, and nobody expects
    that."""
    if not blocks.scene.may_move:
        raise UntranslatedError("a column that may not be null, inside of a try")
    kept = owned(blocks.scene, value)
    if isinstance(option_of(value.type), Reference):
        kept = b.Method(kept, "cloned")
    return b.Try(
        b.Method(kept, "ok_or_else", (b.Closure((), unsaid(blocks.scene, "IntegrityError")),))
    )


def committed(blocks: Blocks, node: ast.Expr, env: Env, _: bool) -> Step:
    """The commit of what was changed of a row."""
    scene, changes = blocks.scene, blocks.changes.get(id(node))
    val = env.names.get(changes.name) if changes is not None else None
    table = _table(blocks, val) if val is not None else None
    if changes is None or val is None or table is None:
        raise UntranslatedError("a commit of what isn't known")
    made: b.Statement
    if changes.before:
        made = _where_changed(blocks, table, val, changes, env)
    else:
        made = b.Do(updated(scene, table, val, changes.columns, env))
    scene.kept.add(val.root)
    blocks.committed.append(node)
    return Step((made,), without_rows(scene, env))


def _where_changed(
    blocks: Blocks, table: Table, row: Val, changes: Changes, env: Env
) -> b.Statement:
    """The commit of a row with columns that get values by themselves (SQLAlchemy's docs,
    `Column.onupdate`): it is only written where it isn't as it was."""
    scene = blocks.scene
    shape = scene.shapes.of(row.type)
    statements: list[b.Statement] = []
    columns = list(changes.columns)
    for one in table.schema.fields:
        field = shape.field(one.name) if shape is not None else None
        if one.on_update and one.name not in columns and field is not None:
            value = called(scene, one.on_update, one, field[1])
            statements.append(b.Assign(b.Access(row.expr, field[0]), value))
            columns.append(one.name)
    statements.append(b.Do(updated(scene, table, row, columns, env)))
    old: b.Expr = b.Name(changes.before)
    now = b.Unary("*", row.expr) if isinstance(row.type, Reference) else row.expr
    return b.Do(b.If(b.Binary(now, "!=", old), b.Block(tuple(statements))))


def _table(blocks: Blocks, val: Val) -> Table | None:
    """The table that a variable has a row of, or may have."""
    own = val.place and not val.wrapped and isinstance(val.expr, b.Name)
    return table_of_row(blocks.scene, val.type) if own else None


def _mutable(
    blocks: Blocks, name: str, attribute: str, env: Env
) -> tuple[Env, tuple[b.Statement, ...]]:
    """The row as a variable that may be changed. Where there may be none, Python's AttributeError
    is what nobody expected: an error of status 500."""
    scene, val = blocks.scene, env.names[name]
    if isinstance(val.type, Reference):
        if not val.type.mutable:
            raise UntranslatedError("an assignment to a row that is only borrowed")
        return env, ()
    inner = option_of(val.type)
    bind = b.Bind(val.root, "mut ")
    if inner is None:
        return env, (b.Let(bind, val.expr),)
    text = f"'NoneType' object has no attribute '{attribute}'"
    error = b.Call(b.Path(ERR), (broken(scene, "AttributeError", text),))
    otherwise = b.Block((b.Do(b.Jump("return", error)),))
    there = Val(b.Name(val.root), inner, place=True, root=val.root)
    made = b.Let(b.TuplePattern(SOME, (bind,)), val.expr, otherwise=otherwise)
    return env.bind(name, there, val.root), (made,)
