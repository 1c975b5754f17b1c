"""Attributes of objects of the backend's own classes: what `__init__` assigns, what others change.

In Python all who have an object see it changed. In Rust it has one owner, and can be copied only
where nothing ever changes it (`objects/classes.py`): so whoever may assign is the only one.
"""

from __future__ import annotations

import ast

from port_lsp.patterns.translate.objects.classes import objects_at
from port_lsp.patterns.translate.objects.making import Session
from port_lsp.patterns.translate.objects.sharing import filling, is_filled, lent_for
from port_lsp.patterns.translate.ownership import fitting
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.statements.changes import assigned_to
from port_lsp.patterns.translate.statements.step import Blocks, Step
from port_lsp.patterns.translate.values import (
    BOOL,
    F64,
    I64,
    STRING,
    UNCHANGING,
    Hidden,
    NotMineError,
    UntranslatedError,
    Val,
    escapes,
    inside,
)
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import AnyType, Reference


def kept(blocks: Blocks, node: ast.Assign | ast.AnnAssign, env: Env, _: bool) -> Step:
    """`self.name = value` of `__init__`, of which nobody reads the value before the end; a session
    isn't kept at all."""
    scene, value = blocks.scene, node.value
    if isinstance(value, Session):
        return Step((), env)
    target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
    making = scene.making
    if making is None or id(node) not in making.late or value is None:
        raise NotMineError("an assignment to an attribute")
    assert isinstance(target, ast.Name)
    val = scene.value(value, env)
    if isinstance(val, Hidden) or escapes(val.expr):
        raise NotMineError("an assignment to an attribute")
    return Step((), env.knowing(target.id, val))


def changed(blocks: Blocks, node: ast.Assign | ast.AugAssign, env: Env, _: bool) -> Step:
    """`object.name = value`, `object.name += value`."""
    scene = blocks.scene
    target = node.target if isinstance(node, ast.AugAssign) else node.targets[0]
    if not isinstance(target, ast.Attribute) or not isinstance(target.value, ast.Name):
        raise NotMineError("an assignment to an attribute")
    if isinstance(node, ast.Assign) and len(node.targets) != 1:
        raise UntranslatedError("an assignment to several names")
    of, place, kind = _place(scene, target, env)
    value: ast.expr = node.value
    if isinstance(node, ast.AugAssign):
        read = ast.Attribute(target.value, target.attr, ast.Load())
        value = ast.BinOp(read, node.op, node.value)
    val = scene.value(value, env)
    if isinstance(node, ast.AugAssign) and kind not in (I64, F64, BOOL, STRING):
        filling(scene, of.root)  # `+=` of a list fills it
    if val.place and kind not in UNCHANGING and is_filled(scene, of, target.attr):
        raise UntranslatedError("an attribute that is filled, and that others have, too")
    made = assigned_to(place, fitting(scene, val, kind))
    if not isinstance(of.type, Reference):
        made = b.Assign(made.target, made.value, made.operator, changes=True)
    return Step((made,), env.changed(target.value.id))


def filled(blocks: Blocks, node: ast.Expr, env: Env, _: bool) -> Step:
    """`object.name.append(value)`."""
    scene, call = blocks.scene, node.value
    func = call.func if isinstance(call, ast.Call) else None
    if not isinstance(call, ast.Call) or not isinstance(func, ast.Attribute):
        raise NotMineError("an expression that stands alone")
    target = func.value
    if func.attr != "append" or len(call.args) != 1 or call.keywords:
        raise NotMineError("an expression that stands alone")
    if not isinstance(target, ast.Attribute) or not isinstance(target.value, ast.Name):
        raise NotMineError("an expression that stands alone")
    of, place, kind = _place(scene, target, env)
    item = inside(kind, "Vec")
    if item is None:
        raise UntranslatedError("a call of append")
    value = fitting(scene, scene.value(call.args[0], env), item)
    filling(scene, of.root)
    lent_for(of.root, (value,), ())
    owned = not isinstance(of.type, Reference)
    made = b.Method(place, "push", (value,), changes=owned)
    return Step((b.Do(made),), env.changed(target.value.id))


def called(blocks: Blocks, node: ast.Expr, env: Env, _: bool) -> Step:
    """`object.method()` that neither waits nor fails, and changes the object."""
    call = node.value
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
        raise NotMineError("an expression that stands alone")
    val = blocks.scene.value(call, env)
    if not isinstance(val.expr, b.Method) or not val.expr.changes:
        raise NotMineError("an expression that stands alone")
    return Step((b.Do(val.expr),), env)


def _place(scene: Scene, target: ast.Attribute, env: Env) -> tuple[Val, b.Expr, AnyType]:
    """The object, the field that is changed, and of which type that is."""
    assert isinstance(target.value, ast.Name)
    of = env.names.get(target.value.id)
    cls = objects_at(scene.desk).of_type(of.type) if of is not None else None
    if of is None or cls is None:
        raise NotMineError("an assignment to an attribute")
    shape, field = scene.shapes.of(of.type), cls.field(target.attr)
    if not cls.changes:  # it is copied where others get it
        raise UntranslatedError("an object that others change than its methods")
    found = shape.field(field.rust) if shape is not None and field is not None else None
    if found is None or not of.place or not isinstance(of.expr, b.Name):
        raise UntranslatedError("an assignment to an attribute")
    if isinstance(of.type, Reference) and not of.type.mutable:
        raise UntranslatedError("an object that is changed, which others have lent")
    if not isinstance(of.type, Reference) and not scene.may_move:
        raise UntranslatedError("an object that is changed inside of a try")
    return of, b.Access(of.expr, found[0]), found[1]
