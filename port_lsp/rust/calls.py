"""Calls: of functions of the tree, of closures, of the frameworks, of everything else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from port_lsp.rust import actix, axum
from port_lsp.rust import expressions as ir
from port_lsp.rust.branches import joined
from port_lsp.rust.declared import FnItem, TypeItem
from port_lsp.rust.frames import Frame
from port_lsp.rust.lookup import head_of_type, struct_named, type_arguments
from port_lsp.rust.memo import Outcome, fresh, is_lasting, key_of
from port_lsp.rust.method_calls import (
    call_each,
    extension_of,
    makes_routes,
    methods_of,
    unread,
)
from port_lsp.rust.module import External, Found
from port_lsp.rust.record import Record
from port_lsp.rust.sequences import many_method
from port_lsp.rust.texts import text_method
from port_lsp.rust.values import (
    DIVERGED,
    NOTHING,
    UNKNOWN,
    Foreign,
    Function,
    Lambda,
    LayerStack,
    Many,
    Name,
    Nothing,
    Routes,
    Struct,
    Text,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from port_lsp.rust.interpret import Interpreter

_DEEPEST = 40
SITE_WORDS = frozenset(
    {"route", "service", "configure", "nest", "merge", "fallback", "to", "routes", "nest_service"}
    | {"route_service", "fallback_service", "default_service", "api_route"}
)
# Functions of the prelude and of std that give back what they get.
_HOLDING = frozenset({"Some", "Ok", "Box", "Arc", "Rc", "String", "Cow", "PathBuf", "Mutex"})
_SERVING = frozenset({"serve", "run", "serve_connection", "serve_with_incoming", "start", "spawn"})
_SAME = frozenset(
    {
        "unwrap", "expect", "unwrap_or_default", "clone", "into", "ok", "as_ref", "as_mut",
        "unwrap_or", "unwrap_or_else", "context", "with_context", "map_err", "to_owned",
        "borrow", "borrow_mut", "lock", "write", "read", "take", "iter", "into_iter", "iter_mut",
        "collect", "cloned", "copied", "ok_or", "ok_or_else", "boxed", "try_into", "by_ref",
        "to_vec", "or_else", "or",
    }
)  # fmt: skip


def call(run: Interpreter, expr: ir.Call, frame: Frame) -> Value:
    """`function(args)`."""
    function = expr.function
    if isinstance(function, ir.Path):
        special = _prelude(run, function, expr, frame)
        if special is not None:
            return special
    callee = run.evaluate(function, frame)
    args = [run.evaluate(arg, frame) for arg in expr.args]
    if isinstance(callee, Name):
        return _foreign(run, callee, expr, args, frame)
    if isinstance(callee, (Function, Lambda)):
        return apply(run, callee, args)
    if isinstance(callee, Struct) and not callee.variant:
        for index, arg in enumerate(args):
            callee.fields[str(index)] = arg
        return callee
    return opaque(run, args)


def _prelude(run: Interpreter, path: ir.Path, expr: ir.Call, frame: Frame) -> Value | None:
    """What is there without a `use`; None for everything else."""
    segments = path.segments
    last, args = segments[-1], expr.args
    if segments[0] in _HOLDING and (len(segments) == 1 or last in ("new", "from", "pin")):
        if len(args) == 1 and run.modules.named(frame.module, segments[0], value=True) is None:
            return run.evaluate(args[0], frame)
        if segments[0] == "String" and not args:
            return Text("")
    if segments == ("Vec", "new") or segments == ("Vec", "with_capacity"):
        return Many(())
    if segments == ("Err",) or last in ("exit", "abort"):
        for arg in args:
            run.evaluate(arg, frame)
        return DIVERGED if last in ("exit", "abort") else NOTHING
    if segments == ("drop",) and args:
        run.evaluate(args[0], frame)
        return NOTHING
    return None


def _foreign(run: Interpreter, name: Name, expr: ir.Call, args: list[Value], frame: Frame) -> Value:
    """A function of a foreign crate: of a framework, or one that we know nothing of."""
    for framework in (axum, actix):
        value = framework.called(run, name.path, expr, args, frame)
        if value is not None:
            return value
    return opaque(run, args, name.path)


def opaque(
    run: Interpreter, args: list[Value], path: tuple[str, ...] = (), name: str = ""
) -> Value:
    """A call of which we know nothing: what it gets may be called, and it may give it back.

    What serves an application doesn't.
    """
    carried = [arg for arg in args if isinstance(arg, (Routes, Function, Lambda, LayerStack))]
    for arg in args:
        if isinstance(arg, Lambda) or (isinstance(arg, Function) and makes_routes(arg)):
            value = apply(run, arg, [])
            if isinstance(value, Routes) and len(carried) == 1:
                carried = [value]
    if len(carried) == 1 and (name or (path[-1] if path else "")) not in _SERVING:
        return carried[0]
    text = next((arg.value for arg in args if isinstance(arg, Text)), None)
    return Foreign(path, text) if path else UNKNOWN


def apply(run: Interpreter, callee: Function | Lambda, args: list[Value]) -> Value:
    """Calls a function or closure of the tree; parameters without an argument are unknown."""
    if isinstance(callee, Lambda):
        frame = callee.frame.inner()
        for index, pattern in enumerate(callee.closure.params):
            run.bind(pattern, args[index] if index < len(args) else UNKNOWN, frame)
        if len(run.running) > _DEEPEST:
            return UNKNOWN
        run.running.append((frame.file, frame.chunk, callee.closure.start))
        value = run.evaluate(callee.closure.body, frame)
        run.running.pop()
        return _result(run, frame, value)
    values: list[Value] = []
    twins = run.modules.twins(callee.found)
    if len(twins) == 1:
        return _apply_function(run, callee, args)
    conditions = [f"cfg({twin.item.cfg})" for twin in twins]
    for twin, condition in zip(twins, conditions, strict=True):
        run.conditions.append(condition)
        value = _apply_function(
            run, Function(twin, callee.caller, callee.generics, callee.type_name), args
        )
        run.conditions.pop()
        values.append(value)
    value = joined(list(zip(conditions, values, strict=True)))
    if isinstance(value, Routes):
        run.born(value, *values)
    return value


def _apply_function(run: Interpreter, callee: Function, args: list[Value]) -> Value:
    found = callee.found
    item = found.item
    if not isinstance(item, FnItem):
        return UNKNOWN
    run.looks_at(found)
    key = found.identity
    if item.body is None or key in run.running or len(run.running) > _DEEPEST:
        if item.body is not None:
            run.record.whole = False
        carried = [arg for arg in args if isinstance(arg, Routes)]
        if len(carried) == 1 and item.returns:
            return carried[0]
        return _foreign_type(run, found, item)
    asked = key_of(callee, args, len(run.conditions))
    known = run.memo.get(asked) if asked is not None else None
    if known is not None:
        return _again(run, known, args)
    outer = run.record
    run.recorded(Record())
    before = set(run.live)
    value = _run_body(run, callee, item, args)
    if asked is not None and run.record.whole and is_lasting(value):
        steps = next((arg.steps for arg in args if isinstance(arg, Routes)), ())
        left = tuple(one for key, one in run.live.items() if key not in before)
        run.memo.put(asked, Outcome(value, steps, left, run.record))
    outer.absorb(run.record)
    run.recorded(outer)
    return value


def _again(run: Interpreter, known: Outcome, args: list[Value]) -> Value:
    """What a call did when it was run before."""
    run.record.absorb(known.record)
    for arg in args:
        if isinstance(arg, Routes):
            arg.steps += known.steps
    value = fresh(known.value)
    own = {id(old): new for old, new in zip(_routers(known.value), _routers(value), strict=True)}
    for one in known.left:
        left = own.get(id(one), one)
        run.live[id(left)] = left
    return value


def _routers(value: Value) -> list[Routes]:
    if isinstance(value, Many):
        return [one for item in value.items for one in _routers(item)]
    return [value] if isinstance(value, Routes) else []


def _run_body(run: Interpreter, callee: Function, item: FnItem, args: list[Value]) -> Value:
    found = callee.found
    key = found.identity
    run.record.called.add(key)
    run.looks_at(found)
    frame = Frame(found.module, found.chunk, found.qualified, callee.type_name or item.owner)
    frame.generics = type_arguments(item, callee.generics, callee.caller)
    if found.outer:
        frame.items = callee.caller.items
    for index, (pattern, kind) in enumerate(item.params):
        value = args[index] if index < len(args) else UNKNOWN
        if isinstance(value, Unknown):
            value = unknown_of_type(run, kind, frame, item)
        bind_parameter(frame, pattern, value)
    run.running.append(key)
    value = run.evaluate(item.body, frame) if item.body is not None else UNKNOWN
    run.running.pop()
    result = _result(run, frame, value)
    unknown = isinstance(result, Foreign) or result == UNKNOWN
    if unknown and frame.type_name and item.returns in ("Self", frame.type_name):
        return struct_named(run, frame.type_name, frame.module)  # `Self::default()`, and so on
    return result


def _foreign_type(run: Interpreter, found: Found, item: FnItem) -> Value:
    """What is known of a result by its type alone: that it is of a foreign crate."""
    head = head_of_type(item.returns) if item.returns else ("",)
    meaning = run.modules.meaning(found.module, head, value=False) if head[0] else None
    return (
        Foreign(meaning.path)
        if isinstance(meaning, External) and len(meaning.path) > 1
        else UNKNOWN
    )


def bind_parameter(frame: Frame, pattern: str, value: Value) -> None:
    """Binds a parameter by its pattern's text; only plain names and wrapped ones are followed."""
    name = pattern.removeprefix("mut ").strip()
    if "(" in name and name.endswith(")"):
        name = name.rpartition("(")[2].rstrip(")").removeprefix("mut ").strip()
    if name.isidentifier():
        frame.bind(name, value)


def unknown_of_type(run: Interpreter, kind: str, frame: Frame, item: FnItem) -> Value:
    """What is known of a parameter by its type alone: that it is a router, or whose methods."""
    head = head_of_type(kind)
    if kind == "Self":
        head = (frame.type_name or "",)
    meaning = run.modules.meaning(frame.module, head, value=False) if head[0] else None
    if isinstance(meaning, Found) and isinstance(meaning.item, TypeItem):
        target = run.modules.alias_target(meaning)
        if isinstance(target, Found):
            return Struct(target.item.name, target, {})
        meaning = target
    if isinstance(meaning, External) or head[-1] in ("Router", "ServiceConfig"):
        path = meaning.path if isinstance(meaning, External) else head
        found = axum.TYPES.get(path[-1]) or actix.TYPES.get(path[-1])
        if found is not None:
            place = frame.place(item.start, item.end)
            return run.born(Routes(found, frame.key, place, depth=len(run.conditions)))
    return UNKNOWN


def _result(run: Interpreter, frame: Frame, value: Value) -> Value:
    """What a call gives back: the value of its body and what it returned before."""
    frame.diverged = False
    if not frame.returns:
        return value
    values = [*frame.returns, (None, value)]
    early = [v for _, v in frame.returns if not isinstance(v, (Nothing, Unknown))]
    if not early:
        return value
    either = joined(values)
    if isinstance(either, Routes) and all(either is not v for _, v in values):
        run.born(either, *(v for _, v in values))
    return either


def call_chain(run: Interpreter, expr: ir.Chain, frame: Frame) -> Value:
    """`receiver.a().b()`."""
    value = run.evaluate(expr.receiver, frame)
    receiver: ir.Expr = expr.receiver
    for link in expr.links:
        value = _linked(run, value, receiver, link, frame)
        receiver = ir.Opaque(expr.start, link.end)
        if isinstance(value, Unknown) and value.diverges:
            return value
    return value


def _linked(
    run: Interpreter, value: Value, receiver: ir.Expr, link: ir.Link, frame: Frame
) -> Value:
    name = link.name
    args = [run.evaluate(arg, frame) for arg in link.args]
    if isinstance(value, Routes) and name not in SITE_WORDS:
        extension = extension_of(run, value, name, frame)
        if extension is not None:
            return apply(run, extension, [value, *args])
    for framework in (axum, actix):
        found = framework.method(run, value, link, args, frame)
        if found is not None:
            return found
    if name in SITE_WORDS:
        run.site(frame, link.at, "excluded", "the receiver is no router")
    if isinstance(value, Many):
        return many_method(run, value, receiver, name, args, frame)
    if isinstance(value, Text):
        found = text_method(value, name, args)
        return found if found is not None else UNKNOWN
    if isinstance(value, (Struct, Routes, Unknown, Foreign)):
        methods = methods_of(run, value, name, args, frame)
        if methods:
            return call_each(run, methods, [value, *args])
    if name in ("map", "and_then", "map_or", "map_or_else", "then", "inspect") and args:
        function = args[-1]
        if isinstance(function, (Function, Lambda)):
            given = apply(run, function, [value])
            return given if name != "inspect" else value
    if name in _SAME:
        return _or_else(run, value, args)
    unread(run, link, args, frame)
    if isinstance(value, (Routes, Function, Lambda, LayerStack)):
        other = opaque(run, args, name=name)
        return other if isinstance(other, Routes) and not isinstance(value, Routes) else value
    if isinstance(value, Foreign):
        result = opaque(run, args, name=name)
        return result if isinstance(result, Routes) else value
    return opaque(run, args, name=name)


def _or_else(run: Interpreter, value: Value, args: list[Value]) -> Value:
    for arg in args:
        if isinstance(arg, Lambda):
            other = apply(run, arg, [])
            if isinstance(value, (Unknown, Nothing)) and isinstance(other, Routes):
                return other
        elif isinstance(arg, Routes) and isinstance(value, (Unknown, Nothing)):
            return arg
    return value
