"""Whether a body changes in place what it may have of the application's state.

In Python a list of the state's is the same object in the body: what is appended there, later
requests see. In Rust a body has a copy.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import Literal

from port_lsp.patterns.translate.binding import walked

Lent = Literal["", "parts", "whole"]
_CHANGES = frozenset((
    "add", "append", "appendleft", "clear", "discard", "extend", "insert", "pop", "popitem",
    "remove", "reverse", "setdefault", "sort", "update",
))  # fmt: skip
_DISPLAYS = (ast.List, ast.Tuple, ast.Set)


def changed_names(nodes: Sequence[ast.stmt]) -> frozenset[str]:
    """The names of which a body changes parts."""
    found: set[str] = set()
    for one in walked(*nodes):
        target: ast.AST | None = None
        if isinstance(one, (ast.Subscript, ast.Attribute)) and not isinstance(one.ctx, ast.Load):
            target = one.value
        elif isinstance(one, ast.AugAssign):
            target = one.target
        elif isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute):
            target = one.func.value if one.func.attr in _CHANGES else None
        while isinstance(target, (ast.Subscript, ast.Attribute, ast.Call)):
            target = target.func if isinstance(target, ast.Call) else target.value
        if isinstance(target, ast.Name):
            found.add(target.id)
    return frozenset(found)


def of_state(nodes: Sequence[ast.stmt], changed: frozenset[str]) -> Lent:
    """What of the state may be among what is changed: the "whole" of a value, or "parts" of it
    that can be changed themselves."""
    every = walked(*nodes)
    if not any(isinstance(one, ast.Attribute) and one.attr == "state" for one in every):
        return ""
    pairs = [pair for one in every for pair in _bindings(one)]
    if _held(pairs, whole=True) & changed:
        return "whole"
    return "parts" if _held(pairs, whole=False) & changed else ""


_Pair = tuple[list[ast.expr], ast.expr, bool]


def _held(pairs: list[_Pair], *, whole: bool) -> set[str]:
    """The names that stand for something of the state, or for the whole of a value."""
    held: set[str] = set()
    while True:
        more = {
            name.id
            for targets, value, part in pairs
            if (not part and _is_whole(value, held) if whole else _reads(value, held))
            for target in targets
            if not _reads(target, set())
            for name in ast.walk(target)
            if isinstance(name, ast.Name) and name.id not in held
        }
        if not more:
            return held
        held |= more


def _bindings(node: ast.AST) -> Iterator[_Pair]:
    """What binds names to a value, or to parts of it."""
    if isinstance(node, ast.Assign):
        yield node.targets, node.value, False
    elif isinstance(node, (ast.AnnAssign, ast.NamedExpr, ast.AugAssign)) and node.value is not None:
        yield [node.target], node.value, False
    elif isinstance(node, (ast.For, ast.AsyncFor, ast.comprehension)):
        yield [node.target], node.iter, True
    elif isinstance(node, ast.withitem) and node.optional_vars is not None:
        yield [node.optional_vars], node.context_expr, False


def _is_whole(node: ast.AST, held: set[str]) -> bool:
    """Whether a value may be one of the state's itself, or have one in it."""
    if isinstance(node, ast.Name):
        return node.id in held
    if isinstance(node, ast.Attribute):
        return _reads(node, held)
    parts: list[ast.expr] = []
    if isinstance(node, ast.IfExp):
        parts = [node.body, node.orelse]
    elif isinstance(node, (ast.BoolOp, ast.Dict)):
        parts = node.values
    elif isinstance(node, _DISPLAYS):
        parts = node.elts
    elif isinstance(node, (ast.Await, ast.NamedExpr)):
        parts = [node.value]
    elif isinstance(node, ast.Call):
        parts = [*node.args, *(one.value for one in node.keywords)]
    elif isinstance(node, (ast.ListComp, ast.SetComp)):
        parts = [node.elt]
    return any(_is_whole(one, held) for one in parts)


def _reads(node: ast.AST, held: set[str]) -> bool:
    return any(
        (isinstance(one, ast.Attribute) and one.attr == "state")
        or (isinstance(one, ast.Name) and one.id in held)
        for one in ast.walk(node)
    )
