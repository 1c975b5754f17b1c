"""Methods of the tree on a value: its type's own, a trait's for a type of the framework, and all
that a trait's types have where it isn't known which of them it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from port_lsp.rust import actix, axum
from port_lsp.rust import expressions as ir
from port_lsp.rust.branches import joined
from port_lsp.rust.declared import FnItem, TypeItem
from port_lsp.rust.frames import Frame
from port_lsp.rust.lookup import member_value
from port_lsp.rust.module import Found
from port_lsp.rust.values import Function, Routes, Struct, Value

if TYPE_CHECKING:
    from port_lsp.rust.interpret import Interpreter


def makes_routes(function: Function) -> bool:
    """Whether a function of the tree deals with routers, so that a call of it matters."""
    item = function.found.item
    return isinstance(item, FnItem) and item.body is not None


def extension_of(run: Interpreter, value: Routes, name: str, frame: Frame) -> Function | None:
    """The method that a trait of the tree gives the framework's own type, where it registers."""
    types = [of for of, kind in (*axum.TYPES.items(), *actix.TYPES.items()) if kind == value.kind]
    for found in (one for of in types for one in run.modules.members_of(of, name)):
        item = found.item
        if isinstance(item, FnItem) and item.trait and item.registers:
            return Function(found, frame, (), item.owner)
    return None


def methods_of(
    run: Interpreter, value: Value, name: str, args: list[Value], frame: Frame
) -> list[Function]:
    """The tree's methods of that name that may be meant, where they deal with routers: several
    are those of one trait's types, where it isn't known which type it is."""
    if isinstance(value, Struct):
        found = member_value(run, value.type, value.type_name, name, frame)
        if isinstance(found, Function) and makes_routes(found):
            return [found]
        if value.type is not None and not _is_trait(value.type):
            return []
    candidates = [
        (found, found.item) for found in run.modules.methods(name) if isinstance(found.item, FnItem)
    ]
    if isinstance(value, Routes):
        candidates = [(found, item) for found, item in candidates if item.trait]
    traits = {item.trait for _, item in candidates}
    if len(candidates) > 1 and (len(traits) > 1 or None in traits):
        return []
    carries = isinstance(value, Routes) or any(isinstance(arg, Routes) for arg in args)
    returned = [item.returns or "" for _, item in candidates]
    if not carries and not all("Router" in text or "Scope" in text for text in returned):
        return []
    return [Function(found, frame, (), item.owner) for found, item in candidates]


def call_each(run: Interpreter, methods: list[Function], args: list[Value]) -> Value:
    """What one of these methods gives, each under the condition that the type is its own."""
    if len(methods) == 1:
        return run.apply(methods[0], args)
    values: list[tuple[str | None, Value]] = []
    for method in methods:
        condition = f"Self: {method.type_name}"
        run.conditions.append(condition)
        values.append((condition, run.apply(method, args)))
        run.conditions.pop()
    value = joined(values)
    if isinstance(value, Routes):
        run.born(value, *(one for _, one in values))
    return value


def unread(run: Interpreter, link: ir.Link, args: list[Value], frame: Frame) -> None:
    """A router handed to a method that a trait of the tree declares and nothing that we read has:
    a macro's, which may register there."""
    if any(isinstance(arg, Routes) for arg in args):
        declared = run.modules.declared_by_trait(link.name)
        if declared is not None:
            reason = f"{declared} has it from a macro, or from what isn't known here"
            run.unreadable(frame, link.at, f".{link.name}(", reason)


def _is_trait(found: Found) -> bool:
    return isinstance(found.item, TypeItem) and found.item.kind == "trait"
