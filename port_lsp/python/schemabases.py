"""What a class says of itself beside its fields: its type parameters, what those of its bases are
bound to, a table's own constraints."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from msgspec.structs import replace

from port_lsp.python import syntax as ir
from port_lsp.python.classes import mro
from port_lsp.python.evaluate import evaluate, force
from port_lsp.python.values import Class, Generic
from port_lsp.python.wires import wire_of
from port_lsp.types.wire import Wire, optional

if TYPE_CHECKING:
    from port_lsp.python.interpret import Interpreter


def bindings(run: Interpreter, cls: Class) -> dict[str, dict[str, Wire]]:
    """By generic base (item key), what its type parameters are bound to: `Page[Address]`."""
    found: dict[str, dict[str, Wire]] = {}
    for item in mro(run, cls):
        if not isinstance(item, Class):
            continue
        for arg in item.definition.bases:
            value = evaluate(run, arg.value, item.scope) if arg.name is None else None
            origin = force(run, value.origin) if isinstance(value, Generic) else None
            if isinstance(value, Generic) and isinstance(origin, Class):
                above = found.get(item.key, {})
                wires = [bound_wire(wire_of(run, one, value.scope), above) for one in value.items]
                found[origin.key] = dict(zip(parameters(run, origin), wires, strict=False))
    return found


def bound_wire(wire: Wire, bound: Mapping[str, Wire]) -> Wire:
    """A type with its parameters replaced by what they are bound to."""
    if wire.kind == "ref" and wire.name in bound:
        return bound[wire.name]
    if not wire.args:
        return wire
    args = tuple(bound_wire(arg, bound) for arg in wire.args)
    return optional(args[0]) if wire.kind == "optional" else replace(wire, args=args)


def table_args(run: Interpreter, cls: Class) -> tuple[str, ...]:
    """The composite constraints and indexes of `__table_args__`, as written."""
    for item in mro(run, cls):
        for statement in item.definition.body if isinstance(item, Class) else ():
            if not isinstance(statement, ir.Assign) or statement.value is None:
                continue
            target = statement.targets[0]
            if isinstance(target, ir.Name) and target.id == "__table_args__":
                try:
                    tree = ast.parse(statement.value.text.strip(), mode="eval").body
                except SyntaxError:
                    return ()
                items = tree.elts if isinstance(tree, (ast.Tuple, ast.List)) else [tree]
                return tuple(ast.unparse(one) for one in items if isinstance(one, ast.Call))
    return ()


def parameters(run: Interpreter, cls: Class) -> Iterator[str]:
    """The type parameters of `Generic[T]`, and of a generic model's base `Page[T]`."""
    seen: set[str] = set()
    for arg in cls.definition.bases:
        if not isinstance(arg.value, ir.Index):
            continue
        for item in arg.value.items:
            wire = wire_of(run, item, cls.scope)
            is_parameter = wire.kind == "ref" and "::" not in wire.name and "." not in wire.name
            if is_parameter and wire.name not in seen:
                seen.add(wire.name)
                yield wire.name
