"""Calls: what goes in, who is called, and what comes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from port_lsp.facts.source import Place
from port_lsp.python import syntax as ir
from port_lsp.python.alternatives import iterate
from port_lsp.python.builtins import call_external, string_method
from port_lsp.python.classes import class_member, external_bases, mro, start
from port_lsp.python.evaluate import Computes, evaluate, force
from port_lsp.python.values import (
    Arguments,
    Bound,
    Class,
    External,
    Function,
    Generic,
    Instance,
    LambdaValue,
    Late,
    Made,
    Native,
    NativeMethod,
    Partial,
    Scope,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from port_lsp.python.interpret import Interpreter


def _call(run: Interpreter, expr: ir.Call, scope: Scope) -> Value:
    return _called(run, expr, scope, followed=True)


def call_alone(run: Interpreter, expr: ir.Call, scope: Scope) -> None:
    """A call whose value nobody asks for (an expression as a statement): functions of the backend
    are followed only where they may register something."""
    _called(run, expr, scope, followed=False)


def _called(run: Interpreter, expr: ir.Call, scope: Scope, *, followed: bool) -> Value:
    place = Place(run.at.file, run.at.chunk, expr.span) if expr.span != ir.NOWHERE else run.at
    if isinstance(expr.func, ir.Name) and expr.func.id == "super":
        return _super(run, scope)
    func = evaluate(run, expr.func, scope)
    if isinstance(func, Unknown) and isinstance(expr.func, ir.Attr):
        func = _of_a_base(run, expr.func, scope) or func
    args = arguments(run, expr, scope)
    run.framework.unfollowed.called(run, func, expr, args, place)
    if isinstance(func, Unknown):
        return func
    if not followed and not _worth_following(run, func, args):
        return Unknown("not followed")
    return call(run, func, args, place)


def _of_a_base(run: Interpreter, expr: ir.Attr, scope: Scope) -> External | None:
    """The method that an object of the tree has of a class outside the tree."""
    owner = evaluate(run, expr.value, scope)
    if not isinstance(owner, Instance):
        return None
    base = next((item for item in mro(run, owner.cls) if isinstance(item, External)), None)
    return External(f"{base.name}.{expr.name}") if base is not None else None


def may_register(run: Interpreter, expr: ir.Call, scope: Scope) -> bool:
    """Whether a call may register something: by what is called, or by what is handed in."""
    if isinstance(expr.func, ir.Name) and expr.func.id == "super":
        return True
    func = evaluate(run, expr.func, scope)
    if isinstance(func, (External, Unknown)):
        return isinstance(func, External) and func.name.rpartition(".")[2][:1].isupper()
    return _worth_following(run, func, arguments(run, expr, scope))


def _worth_following(run: Interpreter, func: Value, args: Arguments) -> bool:
    if isinstance(func, Bound):
        func = func.function
    if isinstance(func, Class):
        return run.class_registers(func)
    if not isinstance(func, Function):
        return True
    return run.registers(func) or given_native(args)


def given_native(args: Arguments) -> bool:
    """Whether an application, a router or their like goes into a call, or what has one."""
    for value in (*args.positional, *args.keywords.values()):
        known = value.value if isinstance(value, Late) else value
        if isinstance(known, Instance):
            held = list(known.attributes.values())
            if any(isinstance(o.value if isinstance(o, Late) else o, Native) for o in held):
                return True
        if isinstance(known, Native):
            return True
    return False


def holds_native(scope: Scope) -> bool:
    """Whether a function's own names hold a router, an application or a method of one."""
    if scope.parent is None:
        return False
    for value in scope.names.values():
        known = value.value if isinstance(value, Late) else value
        if isinstance(known, NativeMethod):
            known = known.owner
        if isinstance(known, Native):
            return True
    return False


def wrapped_function(run: Interpreter, decorator: Value) -> Value:
    """The function that `functools.wraps(function)` is about; None for any other decorator."""
    if isinstance(decorator, Made) and decorator.maker.name == "functools.wraps":
        return force(run, decorator.args.get(0, "wrapped"))
    return None


def arguments(run: Interpreter, expr: ir.Call, scope: Scope) -> Arguments:
    """A call's arguments: names at once (an application must be seen to go in), others late."""
    args = Arguments()
    for arg in expr.args:
        if arg.star == "*":
            value = evaluate(run, arg.value, scope)
            if isinstance(value, (list, tuple)):
                args.positional += value
            else:
                args.unread = True
        elif arg.star == "**":
            value = evaluate(run, arg.value, scope)
            if isinstance(value, dict):
                args.keywords |= {k: v for k, v in value.items() if isinstance(k, str)}
            else:
                args.unread = True
        else:
            late = Late(arg.value, scope, arg.text, run.at)
            if isinstance(arg.value, (ir.Name, ir.Attr)):
                force(run, late)
            if arg.name is None:
                args.positional.append(late)
            else:
                args.keywords[arg.name] = late
    return args


def _super(run: Interpreter, scope: Scope) -> Value:
    """`super()`: the owner of the method, looked at from behind its class."""
    at: Scope | None = scope
    while at is not None:
        if "__class__" in at.names:
            cls = at.names["__class__"]
            if isinstance(cls, Class):
                return run.framework.super_of(run, cls, _first_parameter(at))
        at = at.parent
    return Unknown("super() outside a class")


def _first_parameter(scope: Scope) -> Value:
    for name, value in scope.names.items():
        if name != "__class__":
            return value
    return None


def call(run: Interpreter, func: Value, args: Arguments, place: Place) -> Value:
    """What calling a value gives."""
    func = force(run, func)
    if isinstance(func, Function):
        return run.run_function(func, args)
    if isinstance(func, Bound):
        if isinstance(func.owner, Native):
            with run.registering(place):
                return run.run_function(func.function, args, func.owner)
        return run.run_function(func.function, args, func.owner)
    if isinstance(func, Class):
        return _instantiate(run, func, args, place)
    if isinstance(func, NativeMethod):
        if isinstance(func.owner, Native):
            return run.framework.invoke(run, func.owner, func.name, args, place)
        return string_method(run, func, args)
    if isinstance(func, External):
        if func.name == "builtins.map" and len(args.positional) > 1:
            columns = [iterate(run, column) for column in args.positional[1:]]
            rows = list(zip(*columns, strict=False))
            return [call(run, args.positional[0], Arguments([*row]), place) for row in rows]
        made = run.framework.construct(run, func.name, None, args, place)
        return made if made is not None else call_external(run, func, args, place)
    if isinstance(func, Native):
        return run.framework.invoke(run, func, "__call__", args, place)
    if isinstance(func, Partial):
        merged = Arguments(
            [*func.args.positional, *args.positional], func.args.keywords | args.keywords
        )
        return call(run, func.func, merged, place)
    if isinstance(func, LambdaValue):
        return _call_lambda(run, func, args)
    if isinstance(func, Instance):
        member = class_member(run, func.cls, "__call__")
        if isinstance(member, Function):
            return run.run_function(member, args, func)
    if isinstance(func, Made) and any(
        isinstance(force(run, item), (Function, Bound)) for item in args.positional
    ):
        # `limiter.limit("5/minute")(handler)`: the handler is inside
        return Made(func.maker, args, place)
    if isinstance(func, Made):
        # `config("API_PREFIX", default="/api")` of starlette's and decouple's Config objects.
        default = args.get(None, "default")
        return force(run, default) if default is not None else Unknown(f"{func.maker.name}()()")
    if isinstance(func, Generic):
        return call(run, func.origin, args, place)
    return func if isinstance(func, Unknown) else Unknown("a call of something that isn't known")


def _call_lambda(run: Interpreter, func: LambdaValue, args: Arguments) -> Value:
    scope = Scope(func.scope.module, func.scope, func.scope.qualifier)
    positional = list(args.positional)
    for param in func.definition.params:
        if param.name in args.keywords:
            scope.names[param.name] = args.keywords[param.name]
        else:
            scope.names[param.name] = positional.pop(0) if positional else Unknown(param.name)
    return evaluate(run, func.definition.body, scope)


def _instantiate(run: Interpreter, cls: Class, args: Arguments, place: Place) -> Value:
    for name in sorted(external_bases(run, cls)):
        made = run.framework.construct(run, name, cls, args, place)
        if made is not None:
            return made
    run.reached.add(run.owner, cls.key)
    instance = Instance(cls, args)
    if run.class_registers(cls):
        start(run, instance)
    return instance


def _lambda(run: Interpreter, expr: ir.Lambda, scope: Scope) -> Value:
    return LambdaValue(expr, scope)


COMPUTE: Computes = {
    ir.Call: _call,
    ir.Lambda: _lambda,
}
"""What computes which expression."""
