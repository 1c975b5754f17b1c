"""Objects of the backend's own classes: how one is made, what its methods and properties give."""

from __future__ import annotations

import ast

from port_lsp.patterns.translate.backendfunctions import functions_at
from port_lsp.patterns.translate.calls import Called, held_type
from port_lsp.patterns.translate.expressions.owncalls import arguments, own_state
from port_lsp.patterns.translate.objects.classes import INIT, ObjectClass, objects_at
from port_lsp.patterns.translate.objects.making import Made, holds_nothing
from port_lsp.patterns.translate.objects.sharing import filling, hand, lent_for, shown
from port_lsp.patterns.translate.ownership import fitting
from port_lsp.patterns.translate.scene import Env, Scene, dotted
from port_lsp.patterns.translate.unsaid import with_types
from port_lsp.patterns.translate.values import UntranslatedError, Val
from port_lsp.types import meanings as m
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import Reference

# What is made once, when the class is, and may be changed by whichever object.
_SHARED = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp, ast.Call)


def object_made(scene: Scene, key: str, node: ast.Call, env: Env) -> Val | None:
    """`Class(…)`; None where its objects are no such structs."""
    cls = objects_at(scene.desk).of(key)
    if cls is None:
        return None
    method = objects_at(scene.desk).method(cls, INIT)
    if method is None or holds_nothing(scene.desk, cls):
        if cls.fields or not all(map(dotted, (*node.args, *(one.value for one in node.keywords)))):
            raise UntranslatedError("an object of a class")
        return Val(b.Path(cls.symbol), cls.type)
    meaning = with_types(scene, method.callable, node, env)
    called = scene.called(meaning)
    args = arguments(scene, meaning, called, node, env)
    hand(scene, node, env)
    if called.plain:
        return Val(b.Call(b.Path(cls.symbol, (called.member,)), tuple(args)), cls.type)
    made = b.Call(b.Path(cls.symbol, (called.member,)), (own_state(scene), *args))
    return Val(b.Try(b.Await(made), alike=True), cls.type)


def object_method(scene: Scene, of: Val, node: ast.Call, env: Env) -> Val | None:
    """`value.method(…)`; None where the value is no such object."""
    cls = objects_at(scene.desk).of_type(of.type)
    if cls is None:
        return None
    assert isinstance(node.func, ast.Attribute)
    method = objects_at(scene.desk).method(cls, node.func.attr)
    if method is None or method.way == "property":
        raise UntranslatedError(f"the method {node.func.attr}")
    return _called(scene, cls, of, method, node, env, node.func.attr)


def object_property(scene: Scene, of: Val, name: str, env: Env) -> Val | None:
    """`value.name` where that is a property, or a constant of the class; None for anything else."""
    cls = objects_at(scene.desk).of_type(of.type)
    if cls is None or cls.field(name) is not None:
        return None
    method = objects_at(scene.desk).method(cls, name)
    if method is not None and method.way == "property":
        call = ast.Call(ast.Attribute(ast.Name("", ast.Load()), name, ast.Load()), [], [])
        return _called(scene, cls, of, method, call, env, name)
    file, _, own = cls.key.partition("::")
    meaning = ast.parse(f"{own}.{name}", mode="eval").body
    return scene.elsewhere(file).value(meaning, Env({}, ()))


def _called(
    scene: Scene,
    cls: ObjectClass,
    of: Val,
    method: m.Method,
    node: ast.Call,
    env: Env,
    name: str,
) -> Val:
    meaning = with_types(scene, method.callable, node, env)
    called = scene.called(meaning)
    if called.of is None:
        raise UntranslatedError("a method of an object")
    if method.way == "property" and _is_kept(scene, method.callable, cls, called):
        raise UntranslatedError("a property that is made once")
    args = arguments(scene, meaning, called, node, env)
    if called.takes == "&mut ":
        hand(scene, node, env)
        filling(scene, of.root)
        lent_for(of.root, args, [one.type for one in called.params])
    if not called.plain:
        args.insert(0, own_state(scene))
    if not called.takes:
        made: b.Expr = b.Call(b.Path(cls.symbol, (called.member,)), tuple(args))
    else:
        made = b.Method(_receiver(scene, of, called), called.member, tuple(args),
                        changes=called.takes == "&mut ")  # fmt: skip
    made = made if called.plain else b.Try(b.Await(made), alike=True)
    return shown(scene, cls, of, name, Val(made, called.gives))


def is_of_a_base(scene: Scene, meaning: m.Callable, node: ast.Call, env: Env) -> bool:
    """Whether `Class.method(…)` is one that the class has from a base: what it calls the class is
    another one then."""
    owner = meaning.key.rpartition(".")[0]
    if not isinstance(node.func, ast.Attribute) or objects_at(scene.desk).of(owner) is None:
        return False
    of = scene.meaning(node.func.value, env)
    return isinstance(of, m.Kind) and of.key != owner


def _is_kept(scene: Scene, of: m.Callable, cls: ObjectClass, called: Called) -> bool:
    """Whether a property's value is kept when it was asked for once (Python's docs,
    `functools.cached_property`), so that it may be another one than what is asked for anew."""
    node = functions_at(scene.desk).node(of.key)
    names = [dotted(one) for one in node.decorator_list] if node is not None else []
    is_kept = any(one.rpartition(".")[2] == "cached_property" for one in names)
    return is_kept and (cls.changes or not called.plain)


def _receiver(scene: Scene, of: Val, called: Called) -> b.Expr:
    """An object as its method takes it."""
    if called.takes != "&mut ":
        return of.expr
    if isinstance(of.type, Reference) and not of.type.mutable:
        raise UntranslatedError("an object that is changed, which others have lent")
    if of.place:
        if not scene.may_move:
            raise UntranslatedError("an object that is changed inside of a try")
        scene.lent.add(of.root)
    return of.expr


def object_of_init(scene: Scene, _: Made, env: Env) -> Val:
    """What `__init__` has made, of the variables that stand for its attributes."""
    making = scene.making
    if making is None:
        raise UntranslatedError("an object of a class")
    cls, fields = making.cls, list[tuple[str, b.Expr]]()
    elsewhere = scene.elsewhere(cls.key.partition("::")[0])
    for one in cls.fields:
        val = env.names.get(f"{making.own}.{one.name}")
        if val is None and isinstance(one.default, _SHARED):
            raise UntranslatedError("what all objects of a class share")
        if val is None and one.default is not None:
            val = elsewhere.value(one.default, Env({}, ()))
        if val is None:
            raise UntranslatedError("an attribute that isn't assigned")
        kind = held_type(one.wire, scene.needs)
        fields.append((one.rust, fitting(scene, val, kind, last=True)))
    return Val(b.StructLiteral(cls.symbol, tuple(fields)), cls.type)
