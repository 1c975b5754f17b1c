"""`super().__init__(…)`: what the `__init__` of a base does to the same object, statement by
statement in its place. Only where it is the same there: its parameters stand for what is given, and
it speaks of nothing else by a name of its own module."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Sequence
from copy import deepcopy

from port_lsp.facts.items import Function
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.translate.backendfunctions import functions_at
from port_lsp.patterns.translate.binding import walked
from port_lsp.patterns.translate.objects.attributes import own_name

_SIMPLE = (ast.Name, ast.Constant, ast.Attribute)
_NAMES = frozenset(dir(builtins))


def is_super(node: ast.stmt) -> bool:
    """`super().__init__()` without arguments, which does nothing where all bases are others'."""
    return isinstance(node, ast.Expr) and ast.unparse(node) == "super().__init__()"


def with_bases(
    desk: Desk, function: Function, own: str, nodes: Sequence[ast.stmt]
) -> tuple[list[ast.stmt], set[int]]:
    """The statements of an `__init__` with those of its base's behind the call of that; which ones
    (by identity) are the base's."""
    made: list[ast.stmt] = []
    added: set[int] = set()
    for node in nodes:
        call = node.value if isinstance(node, ast.Expr) else None
        given = _given(desk, function, own, call) if isinstance(call, ast.Call) else None
        if given is None:
            made.append(node)
            continue
        made.append(ast.copy_location(ast.Expr(ast.Constant(None)), node))
        for one in given:
            for part in walked(one):
                if isinstance(part, (ast.expr, ast.stmt)):
                    ast.copy_location(part, node)
        made += given
        added |= {id(one) for one in given}
    return made, added


def _given(desk: Desk, function: Function, own: str, call: ast.Call) -> list[ast.stmt] | None:
    """The statements of the base's `__init__` that a call stands for; None for another call."""
    if not ast.unparse(call.func).startswith("super(") or not isinstance(call.func, ast.Attribute):
        return None
    if call.func.attr != "__init__" or function.owner is None:
        return None
    cls = desk.backend.class_of(function.owner)
    keys = cls.mro if cls is not None else ()
    at = keys.index(function.owner) if function.owner in keys else -1
    methods = functions_at(desk)
    base = next(
        (one for key in keys[at + 1 :] if at >= 0
         for one in (methods.by_key.get(f"{key}.__init__"),) if one is not None), None,
    )  # fmt: skip
    node = methods.node(base.key) if base is not None else None
    if base is None or node is None or not isinstance(node, ast.FunctionDef):
        return None
    values = _values(node, call)
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    if values is None or any(isinstance(one, ast.Return) for one in walked(*body)):
        return None
    near = base.place.file == function.place.file
    names = [one for one in walked(*body) if isinstance(one, ast.Name)]
    known = {own_name(node), *values, *(() if near else _NAMES)}
    if any(not isinstance(one.ctx, ast.Load) for one in names):
        return None
    if not near and any(one.id not in known for one in names):
        return None
    said = _Said(own_name(node), own, values)
    every = [said.visit(deepcopy(one)) for one in body]
    return with_bases(desk, base, own, every)[0]


def _values(node: ast.FunctionDef, call: ast.Call) -> dict[str, ast.expr] | None:
    """What each parameter stands for in a call; None where that isn't plainly said."""
    args = node.args
    if args.vararg or args.kwarg or any(one.arg is None for one in call.keywords):
        return None
    names = [one.arg for one in (*args.posonlyargs, *args.args)][1:]
    pairs = zip(reversed(names), reversed(args.defaults), strict=False)
    values: dict[str, ast.expr] = dict(pairs)
    for one, value in zip(args.kwonlyargs, args.kw_defaults, strict=True):
        names.append(one.arg)
        if value is not None:
            values[one.arg] = value
    if any(not isinstance(one, ast.Constant) for one in values.values()):
        return None
    if len(call.args) > len(names):
        return None
    values |= dict(zip(names, call.args, strict=False))
    values |= {one.arg: one.value for one in call.keywords if one.arg is not None}
    if set(values) != set(names) or not all(isinstance(one, _SIMPLE) for one in values.values()):
        return None
    return values


class _Said(ast.NodeTransformer):
    """Says statements with what parameters stand for, and with another name of the object."""

    def __init__(self, own: str, by: str, values: dict[str, ast.expr]) -> None:
        self._own, self._by, self._values = own, by, values

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id == self._own:
            return ast.copy_location(ast.Name(self._by, node.ctx), node)
        value = self._values.get(node.id)
        return deepcopy(value) if value is not None else node
