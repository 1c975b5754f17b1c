"""What an expression is known to be: names, attributes, calls, displays and strings.

Rules are Python's own (The Python Language Reference, "Expressions"); what isn't known is
`Unknown` with its reason, never a guess.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from port_lsp.facts.source import Place
from port_lsp.python import syntax as ir
from port_lsp.python.builtins import (
    call_external,
    external_attribute,
    module_names,
    string_method,
)
from port_lsp.python.folders import CONSTANTS, MODULE_NAMES, ModuleInfo, divided, module_value
from port_lsp.python.values import (
    Alternatives,
    Arguments,
    Bound,
    Class,
    External,
    Function,
    Generic,
    Imported,
    Instance,
    LambdaValue,
    Late,
    LateName,
    Made,
    ModuleRef,
    Native,
    NativeMethod,
    Partial,
    Scope,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from port_lsp.python.interpret import Interpreter


_MAX_ALTERNATIVES = 16
_BUILTINS = frozenset(dir(builtins))


def evaluate(run: Interpreter, expr: ir.Expr, scope: Scope, *, followed: bool = True) -> Value:
    """What an expression is in a scope.

    With `followed` false its value isn't asked for (an expression as a statement): functions of
    the backend are then only followed where they may register something.
    """
    if isinstance(expr, ir.Call):
        value = _call(run, expr, scope, followed)
    else:
        compute = _COMPUTE.get(type(expr))
        value = compute(run, expr, scope) if compute else Unknown(_written(expr))
    if isinstance(value, Unknown) and run.known and (name := ir.dotted(expr)) in run.known:
        return run.known[name]
    return value


def force(run: Interpreter, value: Value) -> Value:
    """The value behind one that waits: a late expression, an import, a chunk's name."""
    for _ in range(32):
        if isinstance(value, Late):
            value = _force_late(run, value)
        elif isinstance(value, Imported):
            value = _imported(run, value)
        else:
            return value
    return Unknown("a definition that leads back to itself")


def _force_late(run: Interpreter, late: Late) -> Value:
    if not late.done:
        if late.busy:
            return Unknown("a definition that leads back to itself")
        late.busy = True
        saved = run.at
        run.at = late.at or saved
        late.value = evaluate(run, late.expr, late.scope)
        run.at = saved
        late.busy, late.done = False, True
    return late.value


def _imported(run: Interpreter, imported: Imported) -> Value:
    if imported.place is None:
        name = imported.dotted
        return External(f"{name}.{imported.name}" if imported.name else name)
    if imported.name is None:
        return ModuleRef(imported.place)
    return module_name(run, imported.place, imported.name)


def module_name(run: Interpreter, place: str, name: str) -> Value:
    """A name of a module or package: what it binds, else its submodule."""
    run.used(place, name)
    state = run.module(place)
    if state is not None:
        bound = state.scope.names.get(name)
        # `from . import users` in a package's own file means the submodule.
        if not (isinstance(bound, Imported) and (bound.place, bound.name) == (place, name)):
            value = _own_name(run, state.scope, name)
            if not isinstance(value, Unknown):
                return value
    submodule = run.modules.submodule(place, name)
    if submodule is not None:
        return ModuleRef(submodule)
    if name in MODULE_NAMES:
        return module_value(run, place, name)
    if name == "__dict__":
        return module_names(run, ModuleRef(place), "builtins.vars")
    return Unknown(f"{run.modules.dotted(place)} has no {name}")


def _own_name(run: Interpreter, scope: Scope, name: str) -> Value:
    if name not in scope.names:
        found = run.pending(scope.module, name) if scope.parent is None else False
        if not found or name not in scope.names:
            return Unknown(f"{name} is not defined here")
    value = scope.names[name]
    for _ in range(8):
        if not isinstance(value, LateName):
            break
        run.lookup_late(scope.module, value.chunk)
        if name not in scope.names:
            return Unknown(f"{name} is not defined here")
        value = scope.names[name]
    if isinstance(value, Imported) and value.place is not None:
        scope.module.take(value.place, value.name)
    forced = force(run, value)
    if forced is not value and isinstance(value, (Late, Imported)):
        if isinstance(forced, Unknown):
            return forced
        scope.names[name] = forced
    return forced


def lookup(run: Interpreter, scope: Scope, name: str) -> Value:
    """What a name means in a scope, else a builtin."""
    at: Scope | None = scope
    while at is not None:
        if name in at.names or (at.parent is None and run.pending(at.module, name)):
            return _own_name(run, at, name)
        at = at.parent
    if name in MODULE_NAMES:
        return module_value(run, scope.module.path, name)
    if scope.module.star_imports and name not in _BUILTINS:
        return External(f"{scope.module.star_imports[-1]}.{name}")
    return External(f"builtins.{name}")


def _written(expr: ir.Expr) -> str:
    return expr.text if isinstance(expr, ir.Other) else type(expr).__name__


def _const(run: Interpreter, expr: ir.Const, scope: Scope) -> Value:
    value = expr.value
    if value is None or isinstance(value, (str, int, float, bytes)):
        return value
    return External("builtins.Ellipsis")


def _name(run: Interpreter, expr: ir.Name, scope: Scope) -> Value:
    return lookup(run, scope, expr.id)


def _attr(run: Interpreter, expr: ir.Attr, scope: Scope) -> Value:
    owner = evaluate(run, expr.value, scope)
    if isinstance(owner, ModuleRef):
        scope.module.take(owner.path, expr.name)
    value = attribute(run, owner, expr.name)
    if isinstance(value, Unknown) and isinstance(owner, Alternatives):
        return next(
            (
                found
                for _, choice in owner.choices
                if not isinstance(found := attribute(run, choice, expr.name), Unknown)
            ),
            value,
        )
    return value


def attribute(run: Interpreter, owner: Value, name: str) -> Value:
    """`owner.name`."""
    owner = force(run, owner)
    if isinstance(owner, ModuleRef):
        return module_name(run, owner.path, name)
    if isinstance(owner, External):
        whole = f"{owner.name}.{name}"
        return CONSTANTS[whole] if whole in CONSTANTS else External(whole)
    if isinstance(owner, Native):
        return native_attribute(run, owner, name)
    if isinstance(owner, Instance):
        return instance_attribute(run, owner, name)
    if isinstance(owner, Class):
        if name == "__name__":
            return owner.definition.name
        member = class_member(run, owner, name)
        if isinstance(member, Function) and is_decorated(member, "classmethod"):
            return Bound(member, owner)
        return member if member is not None else Unknown(f"{owner.definition.name} has no {name}")
    if isinstance(owner, Made):
        return external_attribute(owner, name)
    if isinstance(owner, ModuleInfo):
        return owner.named(name)
    if isinstance(owner, str) and name == "value":
        return owner  # a member of an Enum, which is read as its value
    if isinstance(owner, (str, dict, list, tuple)):
        return NativeMethod(owner, name)
    if isinstance(owner, Unknown):
        return owner
    return Unknown(f"attribute {name}")


def native_attribute(run: Interpreter, owner: Native, name: str) -> Value:
    """An attribute of an application or router: set by the backend, of its class, or a method."""
    known = run.framework.attribute(owner, name)
    if known is not None:
        return known
    attributes: dict[str, Value] = getattr(owner, "attributes", {})
    if name in attributes:
        return force(run, attributes[name])
    cls: Class | None = getattr(owner, "cls", None)
    if cls is not None:
        member = class_member(run, cls, name)
        if isinstance(member, Function):
            return member if is_decorated(member, "staticmethod") else Bound(member, owner)
        if member is not None:
            return member
    return NativeMethod(owner, name)


def is_decorated(function: Function, name: str) -> bool:
    """Whether a function has this decorator, given by its plain name."""
    return any(ir.dotted(decorator.expr) == name for decorator in function.definition.decorators)


def instance_attribute(run: Interpreter, owner: Instance, name: str) -> Value:
    """An attribute of an object: as its class has it, or as its `__init__` sets it."""
    if name in owner.attributes:
        return force(run, owner.attributes[name])
    member = class_member(run, owner.cls, name)
    if isinstance(member, Function):
        if any(ir.dotted(d.expr).endswith("property") for d in member.definition.decorators):
            return run.run_function(member, Arguments(), owner)
        if is_decorated(member, "classmethod"):
            return Bound(member, owner.cls)
        return member if is_decorated(member, "staticmethod") else Bound(member, owner)
    given = owner.args.keywords.get(name)
    if given is not None:
        return force(run, given)  # a dataclass or a model is made with its fields as keywords
    if member is not None:
        return _field_default(run, member)
    start(run, owner)
    if name in owner.attributes:
        return force(run, owner.attributes[name])
    return Unknown(f"{owner.cls.definition.name}.{name} has no literal default")


def start(run: Interpreter, owner: Instance) -> None:
    """Follows `__init__` once."""
    if not owner.started:
        owner.started = True
        run.starting += 1
        try:
            init = class_member(run, owner.cls, "__init__")
            if isinstance(init, Function):
                run.run_function(init, owner.args, owner)
            for name in ("__post_init__", "__attrs_post_init__"):  # dataclasses, attrs
                after = class_member(run, owner.cls, name)
                if isinstance(after, Function):
                    run.run_function(after, Arguments(), owner)
        finally:
            run.starting -= 1


def _field_default(run: Interpreter, value: Value) -> Value:
    """What a field of a settings class, a model or a dataclass is when nothing sets it."""
    if isinstance(value, Made) and value.maker.name.rpartition(".")[2] in ("Field", "field"):
        default = value.args.get(0, "default")
        factory = value.args.keywords.get("default_factory")
        if default is None and factory is not None:
            return call(run, force(run, factory), Arguments(), value.place)
        return force(run, default)
    return value


def mro(run: Interpreter, cls: Class) -> Iterator[Class | External]:
    """A class and its bases, as far as the tree has them, each once.

    The order is depth first with a shared base last, which is Python's own order for the
    hierarchies that a consistent one exists for and no base is listed out of order.
    """
    seen: list[Class | External] = []
    _collect_bases(run, cls, seen, ())
    last: dict[object, int] = {_identity(item): index for index, item in enumerate(seen)}
    for index, item in enumerate(seen):
        if last[_identity(item)] == index:
            yield item


def _identity(item: Class | External) -> object:
    return item.key if isinstance(item, Class) else item.name


def _collect_bases(
    run: Interpreter, cls: Class, seen: list[Class | External], above: tuple[str, ...]
) -> None:
    seen.append(cls)
    if cls.key in above:
        return
    for base in bases(run, cls):
        if isinstance(base, Class):
            _collect_bases(run, base, seen, (*above, cls.key))
        elif isinstance(base, External):
            seen.append(base)


def bases(run: Interpreter, cls: Class) -> tuple[Value, ...]:
    """The values of a class statement's bases; a subscripted base is its origin."""
    if cls.bases is None:
        cls.bases = ()  # a class that is its own base ends here
        found: list[Value] = []
        for arg in cls.definition.bases:
            if arg.name is None and not arg.star:
                value = evaluate(run, arg.value, cls.scope)
                if isinstance(value, Generic):
                    value = force(run, value.origin)
                if isinstance(value, Made):  # `declarative_base()` gives a class
                    value = External(f"{value.maker.name}()")
                found.append(value)
        cls.bases = tuple(found)
    return cls.bases


def external_bases(run: Interpreter, cls: Class) -> set[str]:
    """The dotted names of all classes outside the tree that a class comes from."""
    return {item.name for item in mro(run, cls) if isinstance(item, External)}


def class_member(run: Interpreter, cls: Class, name: str) -> Value:
    """A name of a class or of its bases in the tree; None where nobody has it."""
    for item in mro(run, cls):
        if isinstance(item, Class):
            members = run.members(item)
            if name in members.names:
                return force(run, members.names[name])
    return None


def _call(run: Interpreter, expr: ir.Call, scope: Scope, followed: bool) -> Value:
    place = Place(run.at.file, run.at.chunk, expr.span) if expr.span != ir.NOWHERE else run.at
    if isinstance(expr.func, ir.Name) and expr.func.id == "super":
        return _super(run, scope)
    func = evaluate(run, expr.func, scope)
    args = arguments(run, expr, scope)
    if isinstance(func, Unknown):
        run.framework.unknown_call(run, expr, args, place, func)
        return func
    if not followed and not _worth_following(run, func, args):
        return Unknown("not followed")
    return call(run, func, args, place)


def may_register(run: Interpreter, expr: ir.Call, scope: Scope) -> bool:
    """Whether a call may register something: by what is called, or by what is handed in."""
    if isinstance(expr.func, ir.Name) and expr.func.id == "super":
        return True
    func = evaluate(run, expr.func, scope)
    if isinstance(func, (External, Unknown)):
        return isinstance(func, External) and func.name.rpartition(".")[2][:1].isupper()
    return _worth_following(run, func, arguments(run, expr, scope))


def mentions(expr: ir.Expr, target: ir.Expr) -> bool:
    """Whether an expression speaks of the name that an assignment binds."""
    if isinstance(expr, ir.Name):
        return isinstance(target, ir.Name) and target.id == expr.id
    if isinstance(expr, ir.Attr):
        return expr == target or mentions(expr.value, target)
    if isinstance(expr, ir.Call):
        return mentions(expr.func, target) or any(mentions(a.value, target) for a in expr.args)
    if isinstance(expr, ir.Index):
        return mentions(expr.value, target) or any(mentions(i, target) for i in expr.items)
    if isinstance(expr, ir.Binary):
        return mentions(expr.left, target) or mentions(expr.right, target)
    if isinstance(expr, (ir.Seq, ir.Joined)):
        parts = expr.items if isinstance(expr, ir.Seq) else expr.parts
        return any(mentions(part, target) for part in parts)
    return False


def _worth_following(run: Interpreter, func: Value, args: Arguments) -> bool:
    if isinstance(func, Bound):
        func = func.function
    if isinstance(func, Class):
        return run.class_registers(func)
    if not isinstance(func, Function):
        return True
    return run.registers(func) or given_native(args)


def given_native(args: Arguments) -> bool:
    """Whether an application, a router or their like goes into a call."""
    for value in (*args.positional, *args.keywords.values()):
        known = value.value if isinstance(value, Late) else value
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
    run.reach(cls.key)
    instance = Instance(cls, args)
    if run.class_registers(cls):
        start(run, instance)
    return instance


def iterate(run: Interpreter, value: Value) -> Iterator[Value]:
    """The items of something that a loop goes over; one Unknown where they aren't known."""
    value = force(run, value)
    if isinstance(value, (list, tuple)):
        for item in list(value):
            yield force(run, item)
    elif isinstance(value, dict):
        for key in list(value):
            yield key if isinstance(key, str) else Unknown("a key of a dict")
    elif isinstance(value, Alternatives):
        yield from _items_of_any(run, value)
    else:
        yield Unknown("an item of something that isn't known")


def _items_of_any(run: Interpreter, value: Alternatives) -> Iterator[Value]:
    """The items of alternative lists, each once; one that isn't in all keeps its condition."""
    columns = [(text, list(iterate(run, choice))) for text, choice in value.choices]
    seen: list[Value] = []
    for condition, items in columns:
        for item in items:
            if any(item is other for other in seen):
                continue
            seen.append(item)
            everywhere = all(any(item is other for other in column) for _, column in columns)
            yield item if everywhere else Alternatives(((condition, item),))


def _seq(run: Interpreter, expr: ir.Seq, scope: Scope) -> Value:
    items: list[Value] = []
    for item in expr.items:
        if isinstance(item, ir.Star):
            items += iterate(run, evaluate(run, item.value, scope))
        else:
            items.append(_bound_now(item, scope) or Late(item, scope, at=run.at))
    return tuple(items) if expr.kind == "tuple" else items


def _bound_now(expr: ir.Expr, scope: Scope) -> Value:
    """What a name is bound to right now: a loop binds it anew each time round."""
    value = scope.names.get(expr.id) if isinstance(expr, ir.Name) else None
    return None if isinstance(value, (Imported, LateName)) else value


def _dict(run: Interpreter, expr: ir.Dict, scope: Scope) -> Value:
    out: dict[object, Value] = {}
    for key, value in expr.items:
        if key is None:
            spread = evaluate(run, value, scope)
            if isinstance(spread, dict):
                out.update(spread)
        else:
            name = evaluate(run, key, scope)
            out[name if isinstance(name, (str, int)) else id(key)] = Late(value, scope, at=run.at)
    return out


def _joined(run: Interpreter, expr: ir.Joined, scope: Scope) -> Value:
    whole: Value = ""
    for part in expr.parts:
        value = evaluate(run, part, scope)
        if isinstance(value, int):
            value = str(value)
        if not isinstance(value, (str, Alternatives, Unknown)):
            value = Unknown(_written(part))
        whole = _added(run, whole, value)
    return whole


def _added(run: Interpreter, left: Value, right: Value) -> Value:
    """`left + right`; of alternatives each with each."""
    if isinstance(left, str) and isinstance(right, str):
        return left + right
    if isinstance(left, list) and isinstance(right, list):
        return [*left, *right]
    if isinstance(left, tuple) and isinstance(right, tuple):
        return (*left, *right)
    if isinstance(left, Alternatives) or isinstance(right, Alternatives):
        combined: list[tuple[str | None, Value]] = []
        for first, one in choices(run, left):
            for second, other in choices(run, right):
                condition = " and ".join(text for text in (first, second) if text)
                combined.append((condition or None, _added(run, one, other)))
        return Alternatives(tuple(combined[:_MAX_ALTERNATIVES]))
    return next((v for v in (left, right) if isinstance(v, Unknown)), Unknown("a +"))


def _binary(run: Interpreter, expr: ir.Binary, scope: Scope) -> Value:
    left = evaluate(run, expr.left, scope)
    if expr.op == "or":
        return left if left and not isinstance(left, Unknown) else evaluate(run, expr.right, scope)
    if expr.op == "and":
        return evaluate(run, expr.right, scope)
    right = evaluate(run, expr.right, scope)
    if expr.op == "/" and (path := divided(left, right)) is not None:
        return path
    if expr.op == "+":
        return _added(run, left, right)
    if expr.op == "%" and isinstance(left, str):
        values = right if isinstance(right, tuple) else (right,)
        known = tuple(force(run, item) for item in values)
        if all(isinstance(item, (str, int)) for item in known):
            try:
                return left % known
            except (TypeError, ValueError):
                return Unknown("a % that doesn't fit its values")
    if expr.op == "|":
        union = External("typing.Union")
        return Generic(union, (expr.left, expr.right), scope)
    return next((v for v in (left, right) if isinstance(v, Unknown)), Unknown(f"a {expr.op}"))


def _index(run: Interpreter, expr: ir.Index, scope: Scope) -> Value:
    owner = evaluate(run, expr.value, scope)
    if isinstance(owner, str) and len(expr.items) == 1 and isinstance(expr.items[0], ir.Slice):
        return _sliced(run, owner, expr.items[0], scope)
    if isinstance(owner, dict) and len(expr.items) == 1:
        key = evaluate(run, expr.items[0], scope)
        if isinstance(key, (str, int)) and key in owner:
            return force(run, owner[key])
        return Unknown("a key that isn't known")
    if isinstance(owner, (list, tuple)) and len(expr.items) == 1:
        if isinstance(expr.items[0], ir.Slice):
            return _sliced(run, owner, expr.items[0], scope)
        at = evaluate(run, expr.items[0], scope)
        if isinstance(at, int) and -len(owner) <= at < len(owner):
            return force(run, owner[at])
        return Unknown("an index that isn't known")
    if isinstance(owner, Class) and len(expr.items) == 1:
        key = evaluate(run, expr.items[0], scope)
        if isinstance(key, str) and (member := class_member(run, owner, key)) is not None:
            return member  # `Color["RED"]` of an Enum
    if isinstance(owner, (External, Class)):
        return Generic(owner, expr.items, scope)
    return owner if isinstance(owner, Unknown) else Unknown("a subscript")


def _sliced(
    run: Interpreter, owner: list[Value] | tuple[Value, ...] | str, expr: ir.Slice, scope: Scope
) -> Value:
    lower = evaluate(run, expr.lower, scope) if expr.lower is not None else None
    upper = evaluate(run, expr.upper, scope) if expr.upper is not None else None
    if isinstance(lower, (int, type(None))) and isinstance(upper, (int, type(None))):
        return owner[lower:upper]
    return Unknown("a slice that isn't known")


def _ifelse(run: Interpreter, expr: ir.IfElse, scope: Scope) -> Value:
    run.conditions.append(expr.test.text)
    body = evaluate(run, expr.body, scope)
    run.conditions[-1] = negated(expr.test.text)
    orelse = evaluate(run, expr.orelse, scope)
    run.conditions.pop()
    return Alternatives(((expr.test.text, body), (negated(expr.test.text), orelse)))


def negated(test: str) -> str:
    """The source text of the other branch's condition."""
    return f"not ({test})" if " " in test else f"not {test}"


def _compare(run: Interpreter, expr: ir.Compare, scope: Scope) -> Value:
    evaluate(run, expr.left, scope)
    return Unknown(expr.text)


def _negated(run: Interpreter, expr: ir.Negated, scope: Scope) -> Value:
    evaluate(run, expr.value, scope)
    return Unknown(expr.text)


def _walrus(run: Interpreter, expr: ir.Walrus, scope: Scope) -> Value:
    value = evaluate(run, expr.value, scope)
    run.bind(expr.target, value, scope)
    return value


def _lambda(run: Interpreter, expr: ir.Lambda, scope: Scope) -> Value:
    return LambdaValue(expr, scope)


def _comprehension(run: Interpreter, expr: ir.Comp, scope: Scope) -> Value:
    if len(expr.clauses) != 1 or expr.key is not None or expr.clauses[0].tests:
        return Unknown("a comprehension")
    out: list[Value] = []
    clause = expr.clauses[0]
    for item in iterate(run, evaluate(run, clause.iterable, scope)):
        inner = Scope(scope.module, scope, scope.qualifier)
        run.bind(clause.target, item, inner)
        out.append(evaluate(run, expr.element, inner))
    return out


_COMPUTE: dict[type, Callable[[Any, Any, Scope], Value]] = {
    ir.Const: _const,
    ir.Name: _name,
    ir.Attr: _attr,
    ir.Seq: _seq,
    ir.Dict: _dict,
    ir.Joined: _joined,
    ir.Binary: _binary,
    ir.Index: _index,
    ir.IfElse: _ifelse,
    ir.Lambda: _lambda,
    ir.Comp: _comprehension,
    ir.Walrus: _walrus,
    ir.Compare: _compare,
    ir.Negated: _negated,
}


def choices(run: Interpreter, value: Value) -> Iterator[tuple[str | None, Value]]:
    """A value's alternatives with their conditions; the value itself where it has none."""
    value = force(run, value)
    if isinstance(value, Alternatives):
        for condition, choice in value.choices:
            for inner, known in choices(run, choice):
                joined = " and ".join(text for text in (condition, inner) if text)
                yield joined or None, known
    else:
        yield None, value
