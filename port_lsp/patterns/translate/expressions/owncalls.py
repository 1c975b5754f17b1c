"""Calls of the backend's own functions: of the function of the crate that stands for it."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from port_lsp.patterns.translate.backendfunctions import functions_at
from port_lsp.patterns.translate.calls import (
    OPAQUE,
    Called,
    Home,
    Signature,
    Taken,
    default_of,
    handed,
)
from port_lsp.patterns.translate.enums import as_variant
from port_lsp.patterns.translate.living import reached
from port_lsp.patterns.translate.mutating import lent_in
from port_lsp.patterns.translate.objects.classes import objects_at
from port_lsp.patterns.translate.objects.making import holds_nothing
from port_lsp.patterns.translate.ownership import as_entries, as_json, fitting, written
from port_lsp.patterns.translate.ownfunctions import Given, own_function
from port_lsp.patterns.translate.queries.reaching import takes_errors
from port_lsp.patterns.translate.scene import Env, Scene, dotted
from port_lsp.patterns.translate.sockets import is_calling, sent_text
from port_lsp.patterns.translate.unsaid import with_types
from port_lsp.patterns.translate.values import (
    COPIED,
    EMPTY,
    NONE,
    OBJECT,
    SOME,
    STRING,
    VALUE,
    NestedName,
    UntranslatedError,
    Val,
    awaits,
    inside,
    is_none,
    is_text,
    option_of,
    without_reference,
)
from port_lsp.types import meanings as m
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import AnyType, Reference, Type


def own_call(scene: Scene, meaning: m.Callable, node: ast.Call, env: Env) -> Val:
    """`function(&state, …).await?`; of a function that the crate has itself where it has one."""
    bound = env.names.get(node.func.id) if isinstance(node.func, ast.Name) else None
    if isinstance(bound, NestedName):
        node = _with_captured(node, bound)
    else:
        meaning = with_types(scene, meaning, node, env)
    own = _by_the_crate(scene, meaning, node, env)
    if own is not None:
        return own
    called = scene.called(meaning)
    args = arguments(scene, meaning, called, node, env)
    if called.takes:
        return _of_a_module(scene, called, args)
    path = b.Path(called.symbol, (called.member,) if called.of is not None else ())
    if called.plain:
        return Val(b.Call(path, tuple(args)), called.gives)
    if called.home is not None:
        return _at_home(scene, called, called.home, args)
    made = b.Call(path, (own_state(scene), *args))
    return Val(b.Try(b.Await(made)), called.gives)


def _of_a_module(scene: Scene, called: Called, args: Sequence[b.Expr]) -> Val:
    """A method of an object that a module offers, be it another one than that of the class: where
    such objects hold nothing, any is that one."""
    cls = objects_at(scene.desk).of_type(called.of) if called.of is not None else None
    if cls is None or called.takes != "&" or not holds_nothing(scene.desk, cls):
        raise UntranslatedError("a method of an object that a module holds")
    if called.plain:
        return Val(b.Method(b.Path(cls.symbol), called.member, tuple(args)), called.gives)
    made = b.Method(b.Path(cls.symbol), called.member, (own_state(scene), *args))
    return Val(b.Try(b.Await(made), alike=True), called.gives)


def _with_captured(node: ast.Call, bound: NestedName) -> ast.Call:
    """A call of a function that the body defines, with what that reads of the body."""
    more = [ast.keyword(one, ast.Name(one, ast.Load())) for one in bound.captured]
    return ast.copy_location(ast.Call(node.func, node.args, [*node.keywords, *more]), node)


def own_state(scene: Scene) -> b.Expr:
    """The state as functions take it."""
    assert scene.state is not None
    state: b.Expr = b.Name(scene.state.name)
    return state if scene.state.borrowed else b.Unary("&", state)


def arguments(
    scene: Scene, meaning: m.Callable, called: Called, node: ast.Call, env: Env
) -> list[b.Expr]:
    """What a function gets in a call, in the order of its parameters."""
    if any(one.wire == OPAQUE for one in called.params):
        raise UntranslatedError("a call of a function that doesn't say what it takes")
    given = _given(called, node)
    is_calling(scene, meaning, (scene.value(one, env) for one in given.values()))
    elsewhere = scene.elsewhere(functions_at(scene.desk).file(meaning.key))
    args: list[b.Expr] = []
    written_so = [*node.args, *(one.value for one in node.keywords)]
    wanted = [given[one.name] for one in called.params if one.name in given]
    in_order = wanted == [one for one in written_so if one in wanted]
    for param in called.params:
        of = given.pop(param.name, None)
        if of is not None:
            val = _argument(scene, of, env, param)
        else:
            val = elsewhere.value(default_of(param), Env({}, ()))
        args.append(_passed(scene, val, param, of))
    if given:
        raise UntranslatedError("a call with arguments that aren't known")
    if not in_order and (any(map(lent_in, args)) or sum(map(awaits, args)) > 1):
        raise UntranslatedError("arguments that do something, in another order")
    return args


def _passed(scene: Scene, val: Val, param: Taken, node: ast.expr | None) -> b.Expr:
    """A value as a parameter takes it."""
    if isinstance(param.type, Reference) and param.type.mutable:
        return _lent(scene, val, param)
    if param.type == param.value and param.value not in COPIED:  # it is kept
        last = isinstance(node, ast.Name) and node.id in scene.once
        return fitting(scene, val, param.value, last=last)
    return handed_over(scene, val, param.value)


def _at_home(scene: Scene, called: Called, home: Home, args: Sequence[b.Expr]) -> Val:
    """The call of a function that stands where the crate keeps those of its class."""
    of = reached(scene, home)
    if of is None:
        raise UntranslatedError("a function that takes another state, or gives other errors")
    if home.is_method:
        made: b.Expr = b.Method(of, called.member, tuple(args))
    else:
        given = (*args, of) if home.is_last else (of, *args)
        made = b.Call(b.Path(called.symbol, (called.member,)), given)
    alike = scene.errors is not None and home.error == Type(scene.errors.symbol)
    return Val(b.Try(b.Await(made), converts=not alike, alike=alike), called.gives)


def _by_the_crate(scene: Scene, meaning: m.Callable, node: ast.Call, env: Env) -> Val | None:
    """The call of a function that is linked with Python's; None where there is none. It goes to the
    pool by itself: not inside of a transaction."""
    if scene.functions is None or scene.transaction:
        return None
    said = scene.functions.signature(meaning, scene.needs)
    own = own_function(scene, meaning, said)
    if own is None or (own.fails == "database" and not takes_errors(scene)):
        return None
    given = _given(said, node)
    is_calling(scene, meaning, (scene.value(one, env) for one in given.values()))
    elsewhere = scene.elsewhere(functions_at(scene.desk).file(meaning.key))
    values = {
        one.name: _argument(scene, given[one.name], env, one)
        if one.name in given
        else elsewhere.value(default_of(one), Env({}, ()))
        for one in said.params
    }
    if set(given) - set(values):
        raise UntranslatedError("a call with arguments that aren't known")
    if any(values[name].place for name in said.changed):
        raise UntranslatedError("a row that a function of the crate's may change")
    types = {one.name: one.value for one in said.params}

    def expr(one: Given) -> b.Expr:
        if one.part is not None:
            return one.part
        val = values[one.argument]
        if one.owned:
            return fitting(scene, val, types[one.argument])
        return handed_over(scene, val, types[one.argument])

    args = tuple(map(expr, own.given))
    if own.receiver is None:
        made: b.Expr = b.Call(own.path, args)
    elif own.receiver.part is not None:
        made = b.Method(own.receiver.part, own.path.members[-1], args)
    else:
        row = values[own.receiver.argument]
        if without_reference(row.type) != types[own.receiver.argument] or row.wrapped:
            raise UntranslatedError("an argument of another type")
        made = b.Method(row.expr, own.path.members[-1], args)
    made = b.Await(made) if own.waits else made
    if own.fails == "never":
        return Val(made, said.gives)
    alike = own.fails == "alike"
    return Val(b.Try(made, converts=not alike, alike=alike), said.gives)


def _argument(scene: Scene, node: ast.expr, env: Env, param: Taken) -> Val:
    val = scene.value(node, env)
    return sent_text(scene, node, val) if param.value == STRING else val


def _lent(scene: Scene, val: Val, param: Taken) -> b.Expr:
    """A row that the function changes."""
    if val.type == param.type:
        scene.lent.add(val.root)
        return val.expr
    if val.type != param.value or val.wrapped or (val.place and not isinstance(val.expr, b.Name)):
        raise UntranslatedError("a row that is changed by a function")
    if val.place and scene.may_move:
        scene.lent.add(val.root)
    elif val.place:
        raise UntranslatedError("a row that is changed inside of a try")
    return b.Unary("&mut ", val.expr)


def _given(called: Called | Signature, node: ast.Call) -> dict[str, ast.expr]:
    """The arguments by the names of the parameters."""
    found = {one.arg: one.value for one in node.keywords if one.arg is not None}
    places: list[Taken | None] = list(called.params)
    for at, name in called.dropped:
        places.insert(at, None)
        dropped = found.pop(name, None)
        if dropped is not None and not dotted(dropped):
            raise UntranslatedError("a call with a connection of its own")
    for at, value in enumerate(node.args):
        if at >= len(places):
            raise UntranslatedError("a call with too many arguments")
        param = places[at]
        if param is None:
            if not dotted(value):
                raise UntranslatedError("a call with a connection of its own")
            continue
        if param.keyword or param.name in found:
            raise UntranslatedError("a call with arguments that aren't known")
        found[param.name] = value
    return found


def handed_over(scene: Scene, val: Val, wanted: AnyType) -> b.Expr:
    """A value as a function takes it that doesn't keep it (`functions.handed`)."""
    kind = without_reference(val.type)
    found = as_variant(scene, val, wanted)
    if found is not None:
        return b.Unary("&", found)
    inner = option_of(wanted)
    if val.type == handed(wanted) and not val.wrapped:
        return val.expr
    if inner is not None:
        return _optional(scene, val, wanted, inner)
    if wanted in COPIED:
        if kind != wanted:
            raise UntranslatedError("an argument of another type")
        return b.Unary("*", val.expr) if isinstance(val.type, Reference) else written(val)
    if wanted == STRING and is_text(val):
        return _borrowed(val)
    if wanted == VALUE and kind != VALUE:
        return b.Unary("&", as_json(scene, val))
    if kind == wanted:
        return _borrowed(val)
    if wanted == OBJECT and (entries := as_entries(val)) is not None:
        return b.Unary("&", entries)
    if kind == EMPTY and inside(wanted, "Vec") is not None:
        return b.Unary("&", b.ArrayOf())
    raise UntranslatedError("an argument of another type")


def _optional(scene: Scene, val: Val, wanted: AnyType, inner: AnyType) -> b.Expr:
    if is_none(val):
        return b.Path(NONE)
    kind = without_reference(val.type)
    if kind == wanted:
        if inner in COPIED:
            return b.Unary("*", val.expr) if isinstance(val.type, Reference) else written(val)
        if option_of(inner) is not None:
            raise UntranslatedError("an argument that may be None twice")
        deref = inner == STRING or inside(inner, "Vec") is not None
        return b.Method(val.expr, "as_deref" if deref else "as_ref")
    return b.Call(b.Path(SOME), (handed_over(scene, val, inner),))


def _borrowed(val: Val) -> b.Expr:
    if isinstance(val.type, Reference):
        return val.expr
    if isinstance(val.expr, b.Macro) and val.expr.brackets == "[]":  # `vec![…]`, for a slice
        return b.Unary("&", b.ArrayOf(val.expr.args))
    return b.Unary("&", val.expr)
