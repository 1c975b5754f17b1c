"""What both frameworks' registrations need: handlers, registers, mounts, layers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from port_lsp.facts.items import EndpointKind, Signature
from port_lsp.facts.routing import Join, Layer, Mount, Register, Router
from port_lsp.facts.source import Place, item_key
from port_lsp.rust import expressions as ir
from port_lsp.rust.declared import MacroItem
from port_lsp.rust.frames import Frame
from port_lsp.rust.module import Found
from port_lsp.rust.values import (
    UNKNOWN_TEXT,
    Foreign,
    Function,
    Handler,
    Lambda,
    Name,
    Routes,
    Step,
    Struct,
    Text,
    Value,
)
from port_lsp.text import Span

if TYPE_CHECKING:
    from port_lsp.rust.interpret import Interpreter

CLOSURE = "<closure>"
ANY = "ANY"
VERBS = frozenset({"get", "post", "put", "delete", "patch", "head", "options", "trace", "connect"})
_NO_SIGNATURE = Signature()
replace = msgspec.structs.replace


def handler_of(run: Interpreter, value: Value, expr: ir.Expr, frame: Frame) -> Handler:
    """What answers; in a type of the tree's own that is made of a function (`Timed(list)`), that.
    What is no function of the tree is called by its name as written."""
    if isinstance(value, Function):
        found = value.found
        item = found.item
        place = Place(found.module.file, found.chunk, Span(item.start, item.end))
        key = item_key(found.module.file, found.qualified)
        run.record.handlers[place] = found
        return Handler(item.name, key, place, found)
    if isinstance(value, Lambda):
        closure = value.closure
        place = value.frame.place(closure.start, closure.end)
        return Handler(CLOSURE, value.frame.key, place)
    if isinstance(value, Name):
        return Handler(value.path[-1], frame.key, frame.place(expr.start, expr.end))
    inner, at = value, expr
    while isinstance(inner, Struct) and isinstance(at, ir.Call) and "0" in inner.fields:
        inner, at = inner.fields["0"], at.args[0]
    if inner is not value and isinstance(inner, (Function, Lambda)):
        return handler_of(run, inner, at, frame)
    place = frame.place(expr.start, expr.end)
    if isinstance(expr, ir.Macro) and expr.name:
        place = _made_by(run, expr.name[-1], frame) or place
    return Handler(_written_name(expr), frame.key, place)


def _made_by(run: Interpreter, name: str, frame: Frame) -> Place | None:
    """The function that a macro of the project makes, where it is written."""
    local = frame.declared(name)
    if isinstance(local, MacroItem):
        return frame.place(*local.function) if local.function else None
    found = run.modules.named(frame.module, name, value=False)
    if isinstance(found, Found) and isinstance(found.item, MacroItem) and found.item.function:
        run.looks_at(found)
        return Place(found.module.file, found.chunk, Span(*found.item.function))
    return None


def _written_name(expr: ir.Expr) -> str:
    """The last name of what is written: of the function called, of the macro, of the constant."""
    if isinstance(expr, ir.Path):
        return expr.segments[-1]
    if isinstance(expr, ir.Call):
        return _written_name(expr.function)
    if isinstance(expr, ir.Macro):
        return expr.name[-1] if expr.name else CLOSURE
    if isinstance(expr, ir.Chain):
        return _written_name(expr.receiver)
    if isinstance(expr, ir.Field):
        return expr.name
    return CLOSURE


def register(
    handler: Handler,
    methods: tuple[str, ...],
    registered: Place,
    path: str = "",
    kind: EndpointKind = "route",
) -> Register:
    """A registration without layers and guards."""
    return Register(
        methods,
        path,
        handler.name,
        handler.key,
        handler.place,
        registered,
        _NO_SIGNATURE,
        kind,
    )


def foreign(run: Interpreter, target: str, path: str, place: Place, frame: Frame) -> Register:
    """An application that isn't the framework's own: a registration without a method."""
    return Register((), path, target, frame.key, place, place, _NO_SIGNATURE)


def neighbour_of(value: Foreign, frame: Frame) -> str | None:
    """The package that something is of, where it stands beside the tree: a dependency without a
    version, by its path or the workspace's. What it mounts is the project's own."""
    package = frame.module.crate.package
    name = dict(package.dependencies).get(value.path[0]) if len(value.path) > 1 else None
    return name if name is not None and dict(package.versions).get(name) == "" else None


def mount(
    value: Routes, how: Join, prefix: str, place: Place, guards: tuple[str, ...] = ()
) -> Mount:
    """A router put under a prefix."""
    exact = value.kind == "resource"
    inner = Router(value.key, value.place, how, value.steps, value.layers, value.slashes, exact)
    return Mount(prefix, inner, place, (), None, guards)


def path_text(
    run: Interpreter, value: Value | None, frame: Frame, at: int, construct: str, expr: ir.Expr
) -> str:
    """A path; what isn't known of it is `{?}` and listed as unresolved."""
    if isinstance(value, Text):
        if not value.known:
            run.unreadable(
                frame,
                at,
                construct,
                f"the path is put together: {_shown(run, frame, expr)}",
                value.value,
            )
        return value.value
    run.unreadable(frame, at, construct, f"the path isn't a literal: {_shown(run, frame, expr)}")
    return UNKNOWN_TEXT


def _shown(run: Interpreter, frame: Frame, expr: ir.Expr) -> str:
    return run.text(frame, expr.start, expr.end)[:80]


def layer(run: Interpreter, expr: ir.Expr, frame: Frame, place: Place) -> Layer:
    """A middleware that covers its whole router, named as it is written."""
    return Layer(run.described(frame, expr), place)


def restricted(steps: tuple[Step, ...], methods: tuple[str, ...]) -> tuple[Step, ...]:
    """Steps of a router that hears some methods only."""
    if not methods:
        return steps
    found: list[Step] = []
    for step in steps:
        if isinstance(step, Register):
            kept = (
                methods if ANY in step.methods else tuple(m for m in step.methods if m in methods)
            )
            found.append(replace(step, methods=kept) if kept or not step.methods else step)
        elif isinstance(step, Mount):
            inner = replace(step.router, steps=restricted(step.router.steps, methods))
            found.append(replace(step, router=inner))
        else:
            found.append(step)
    return tuple(found)
