"""Variables that are changed where they stand (`variables.py`): `=`, `+=`, `append`, keys."""

from __future__ import annotations

import ast
from typing import TypeVar, cast

import msgspec
from msgspec.structs import replace

from port_lsp.patterns.translate.aliases import CHANGES
from port_lsp.patterns.translate.expressions.displays import all_of
from port_lsp.patterns.translate.expressions.sources import source
from port_lsp.patterns.translate.expressions.tokens import claim
from port_lsp.patterns.translate.ownership import as_entries, fitting
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.statements.step import Blocks, Step
from port_lsp.patterns.translate.values import (
    EMPTY,
    NUMBERS,
    OBJECT,
    STRING,
    VALUE,
    NotMineError,
    UntranslatedError,
    Val,
    escapes,
    inside,
    is_none,
    is_text,
    without_reference,
)
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.names import bound
from port_lsp.writing.ir.types import Reference

_SIGNS: dict[type[ast.operator], str] = {ast.Add: "+=", ast.Sub: "-=", ast.Mult: "*="}
_Part = TypeVar("_Part")


def own_params(
    scene: Scene, env: Env, params: frozenset[str]
) -> tuple[tuple[b.Statement, ...], Env]:
    """Parameters that are changed, as variables of the body; the names behind that."""
    before: list[b.Statement] = []
    for name in sorted(params & env.names.keys()):
        val = env.names[name]
        scene.variables.saw(name, val)
        kind = scene.variables.types.get(name)
        if kind is None:
            continue
        try:
            value = fitting(scene, val, kind, last=True)
        except UntranslatedError:
            continue
        rust = env.free(name)
        before.append(b.Let(b.Bind(rust, "mut "), value))
        env = declared(scene, env, name, rust)
    return tuple(before), env


def declared(scene: Scene, env: Env, name: str, rust: str) -> Env:
    """The names with a variable more that is changed where it stands."""
    kind = scene.variables.types[name]
    scene.variables.rust.add(rust)
    return env.bind(name, Val(b.Name(rust), kind, True, rust, mutable=True), rust)


def put(blocks: Blocks, node: ast.stmt, name: str, val: Val, env: Env) -> Step | None:
    """An assignment to a variable that is changed where it stands; None for another one. Raises
    UntranslatedError."""
    scene, known = blocks.scene, env.names.get(name)
    scene.variables.saw(name, val)
    kind = scene.variables.types.get(name)
    if kind is None:
        return None
    if known is not None and not known.mutable:
        raise UntranslatedError("an assignment to what is known by another variable")
    if known is None and name in blocks.blocked:
        return None
    if known is None and not blocks.later(node, {name}):
        return None
    value = fitting(scene, val, kind)
    if known is not None and not blocks.is_own(known.root):
        return Step((assigned_to(known.expr, value),), env.vague((name,)))
    rust = known.root if known is not None else env.free(name)
    bare = val.type == EMPTY or is_none(val) or (isinstance(value, b.Call) and kind == OBJECT)
    made = b.Let(b.Bind(rust, "mut "), value, kind if bare else None)
    return Step((made,), declared(scene, env, name, rust))


def assigned_to(target: b.Expr, value: b.Expr) -> b.Assign:
    """An assignment, `+=` where the value is made of what was there."""
    own = isinstance(value, b.Binary) and value.left == target
    if isinstance(value, b.Binary) and own and f"{value.operator}=" in _SIGNS.values():
        return b.Assign(target, value.right, f"{value.operator}=")
    return b.Assign(target, value)


def increased(blocks: Blocks, node: ast.AugAssign, env: Env, _: bool) -> Step:
    """`name += value`."""
    scene, target = blocks.scene, node.target
    if not isinstance(target, ast.Name):
        raise UntranslatedError("AugAssign")
    known = env.names.get(target.id)
    if known is None:
        raise UntranslatedError("AugAssign")
    read = ast.Name(target.id, ast.Load())
    if without_reference(known.type) not in (*NUMBERS, STRING) and not is_text(known):
        raise UntranslatedError("AugAssign")
    val = scene.value(ast.BinOp(read, node.op, node.value), env)
    scene.variables.saw(target.id, val)
    if not known.mutable:
        scene.variables.wants(target.id)
        raise UntranslatedError("an assignment that is read elsewhere")
    sign = _SIGNS.get(type(node.op))
    if known.type in NUMBERS and sign is not None and isinstance(val.expr, b.Binary):
        return Step((b.Assign(known.expr, val.expr.right, sign),), env.vague((target.id,)))
    value = fitting(scene, val, known.type)
    return Step((b.Assign(known.expr, value),), env.vague((target.id,)))


def filled(blocks: Blocks, node: ast.Expr, env: Env, _: bool) -> Step:
    """`list.append(value)`, `list.extend(values)`, `dict.update(other)`."""
    scene, call = blocks.scene, node.value
    func = call.func if isinstance(call, ast.Call) else None
    if not isinstance(call, ast.Call) or not isinstance(func, ast.Attribute):
        raise NotMineError("an expression that stands alone")
    name = func.value.id if isinstance(func.value, ast.Name) else ""
    if func.attr not in CHANGES or len(call.args) != 1 or call.keywords:
        raise NotMineError("an expression that stands alone")
    known = env.names.get(name)
    if known is None:
        raise UntranslatedError(f"a call of {func.attr}")
    if func.attr == "update":
        return _updated(scene, name, known, call.args[0], env)
    if func.attr == "extend":
        return _extended(scene, name, known, call.args[0], env)
    val = scene.value(call.args[0], env)
    item = inside(known.type, "Vec")
    if not known.mutable or item is None:
        gives = scene.answer.type is not None and inside(scene.answer.type, "Vec") == OBJECT
        if gives and as_entries(val) is not None:
            val = Val(val.expr, OBJECT)
        scene.variables.filled(name, val)
        raise UntranslatedError("a list that is filled")
    made = b.Method(known.expr, "push", (fitting(scene, val, item),))
    return Step((b.Do(made),), env.vague((name,)))


def _extended(scene: Scene, name: str, known: Val, node: ast.expr, env: Env) -> Step:
    of = source(scene, node, env)
    if isinstance(of.item, tuple):
        raise UntranslatedError("a list that is filled")
    kind = without_reference(of.item)
    if not known.mutable:
        scene.variables.filled(name, Val(b.Name("one"), kind))
        raise UntranslatedError("a list that is filled")
    if inside(known.type, "Vec") != kind or not scene.shapes.has(kind, "Clone"):
        raise UntranslatedError("a list that is filled")
    given = b.Method(of.iter, "cloned") if isinstance(of.item, Reference) else of.over
    made = b.Method(known.expr, "extend", (given,))
    return Step((b.Do(made),), env.vague((name,)))


def _updated(scene: Scene, name: str, known: Val, node: ast.expr, env: Env) -> Step:
    if isinstance(node, ast.Dict) and node.keys and None not in node.keys:
        keys = [one for one in node.keys if one is not None]
        made = [
            _inserted(scene, name, known, key, value, env)
            for key, value in zip(keys, node.values, strict=True)
        ]
        # Python makes the whole display before it changes anything.
        reads = any(isinstance(one, ast.Name) and one.id == name for one in ast.walk(node))
        if len(made) == 1 or not (reads or escapes(tuple(made))):
            return Step(tuple(made), env.vague((name,)))
    val = scene.value(node, env)
    if not known.mutable or known.type != OBJECT:
        scene.variables.set_in(name)
        raise UntranslatedError("an update of a dict")
    made = b.Method(known.expr, "extend", (all_of(scene, val),))
    return Step((b.Do(made),), env.vague((name,)))


def keyed(blocks: Blocks, node: ast.Assign, env: Env, _: bool) -> Step:
    """`dict[key] = value`."""
    scene = blocks.scene
    target = node.targets[0] if len(node.targets) == 1 else None
    if not isinstance(target, ast.Subscript) or not isinstance(target.value, ast.Name):
        raise UntranslatedError("an assignment to a part")
    name = target.value.id
    known = env.names.get(name)
    if known is None:
        raise UntranslatedError("an assignment to a part")
    made = _inserted(scene, name, known, target.slice, node.value, env)
    return Step((made,), env.vague((name,)))


def _inserted(
    scene: Scene, name: str, known: Val, key_node: ast.expr, node: ast.expr, env: Env
) -> b.Statement:
    """A key of a dict gets a value."""
    key, val = scene.value(key_node, env), scene.value(node, env)
    if not is_text(key):
        raise UntranslatedError("an assignment to a part")
    if name in scene.claims:
        val = claim(scene, key, val)
    value = fitting(scene, val, VALUE)
    if not known.mutable or known.type != OBJECT:
        scene.variables.set_in(name)
        raise UntranslatedError("an assignment to a part")
    return b.Do(b.Method(known.expr, "insert", (fitting(scene, key, STRING), value)))


# What isn't changed after all


def unchanged(part: _Part, names: set[str]) -> _Part:
    """Without `mut` where nothing changes a variable of these names, as what does is a gap."""
    if not names:
        return part
    if isinstance(part, tuple):
        items = cast("tuple[object, ...]", part)
        return cast(_Part, tuple(unchanged(one, names) for one in items))
    if not isinstance(part, msgspec.Struct):
        return part
    fields = {name: unchanged(getattr(part, name), names) for name in part.__struct_fields__}
    made = replace(part, **fields)
    if not isinstance(made, b.Block):
        return made
    statements = list(made.statements)
    for at, one in enumerate(statements):
        if isinstance(one, b.Let) and not _is_builder(one.value):
            behind = (*statements[at + 1 :], b.Do(made.tail or b.TupleOf()))
            own = names.intersection(bound(one.pattern))
            changed = {name for name in own if name in _changed(_until(behind, name))}
            pattern = _plain(one.pattern, own - changed)
            statements[at] = replace(one, pattern=pattern)
    return cast(_Part, b.Block(tuple(statements), made.tail, made.word))


def _until(statements: tuple[b.Statement, ...], name: str) -> tuple[b.Statement, ...]:
    """The statements up to the one that binds a name anew, which is another variable then."""
    for at, one in enumerate(statements):
        if isinstance(one, b.Let) and name in bound(one.pattern):
            return statements[: at + 1]
    return statements


def _is_builder(value: object) -> bool:
    """Whether it is a query that is put together, which its own methods change."""
    made = value.function if isinstance(value, b.Call) else None
    return isinstance(made, b.Path) and made.symbol.name == "QueryBuilder"


def _plain(pattern: b.Pattern, names: set[str]) -> b.Pattern:
    if isinstance(pattern, b.Bind) and pattern.word == "mut " and pattern.name in names:
        return b.Bind(pattern.name)
    if isinstance(pattern, b.TuplePattern):
        items = tuple(_plain(one, names) for one in pattern.items)
        return b.TuplePattern(pattern.symbol, items, pattern.members)
    return pattern


def _changed(part: object) -> set[str]:
    """The variables that something changes."""
    if isinstance(part, (tuple, list)):
        return {name for one in cast("tuple[object, ...]", part) for name in _changed(one)}
    if not isinstance(part, msgspec.Struct):
        return set()
    found = {name for field in part.__struct_fields__ for name in _changed(getattr(part, field))}
    if isinstance(part, b.Assign):
        target = part.target
        while isinstance(target, b.Access):
            target = target.of
        found |= {target.name} if isinstance(target, b.Name) else set()
    if isinstance(part, b.Method) and part.name in ("push", "insert", "extend", "shift_remove"):
        found |= {part.receiver.name} if isinstance(part.receiver, b.Name) else set()
    return found
