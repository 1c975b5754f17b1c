"""What Python's statements bind, read and end, as far as it is seen without knowing any value."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Sequence
from typing import cast
from weakref import WeakKeyDictionary

_DEFINES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_MAY_BIND = (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)


class _Names:
    """What stands in a statement, asked once: it is asked again for each block around it."""

    __slots__ = ("__weakref__", "bound", "said")

    def __init__(self, node: ast.AST) -> None:
        bound: set[str] = set()
        said: set[str] = set()
        for one in ast.iter_child_nodes(node):
            inner = _names(one)
            bound |= inner.bound
            said |= inner.said
        if isinstance(node, ast.Name):
            said.add(node.id)
            if not isinstance(node.ctx, ast.Load):
                bound.add(node.id)
        elif isinstance(node, _DEFINES):
            bound.add(node.name)
        elif isinstance(node, ast.alias):
            bound.add(node.asname or node.name.partition(".")[0])
        elif isinstance(node, _MAY_BIND) and node.name is not None:
            bound.add(node.name)
        elif isinstance(node, ast.MatchMapping) and node.rest is not None:
            bound.add(node.rest)
        self.bound, self.said = frozenset(bound), frozenset(said)


_KNOWN: WeakKeyDictionary[ast.AST, _Names] = WeakKeyDictionary()


def _names(node: ast.AST) -> _Names:
    if not isinstance(node, (ast.stmt, ast.ExceptHandler)):
        return _Names(node)
    known = _KNOWN.get(node)
    if known is None:
        known = _KNOWN[node] = _Names(node)
    return known


def _asked(node: ast.AST) -> _Names:
    """As `_names`; what somebody asks for is asked for again, also if it is an expression."""
    known = _KNOWN.get(node)
    if known is None:
        known = _KNOWN[node] = _names(node)
    return known


def stored(node: ast.AST) -> set[str]:
    """The names that something binds or deletes, also in functions inside of it."""
    return set(_asked(node).bound)


def walked(*nodes: ast.AST) -> list[ast.AST]:
    """Some nodes and all that is inside of them, in no special order. `ast.walk` takes three times
    as long, and bodies are walked at every action that is asked for."""
    found = list(nodes)
    for node in found:  # which grows
        for name in node._fields:
            part = getattr(node, name, None)
            if isinstance(part, ast.AST):
                found.append(part)
            elif isinstance(part, list):
                found += [one for one in cast("list[object]", part) if isinstance(one, ast.AST)]
    return found


def is_generator(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a function yields by itself (Python's reference, "Yield expressions")."""
    left: list[ast.AST] = list(function.body)
    while left:
        node = left.pop()
        if isinstance(node, (ast.Yield, ast.YieldFrom)):
            return True
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            left += ast.iter_child_nodes(node)
    return False


def shared(nodes: Iterable[ast.AST]) -> set[str]:
    """The names that functions inside of a body, or other functions, may bind at any time; `nodes`
    are all that are in it."""
    words = [one for one in nodes if isinstance(one, (ast.Global, ast.Nonlocal))]
    return {name for one in words for name in one.names}


def mentioned(nodes: Iterable[ast.AST]) -> set[str]:
    """The names that stand in something, whichever way."""
    return {name for node in nodes for name in _asked(node).said}


def reaching(node: ast.If) -> set[str]:
    """The names that an `if` binds on a way that leads behind it."""
    found = stored(node.test)
    for nodes in (node.body, node.orelse):
        if not always_ends(nodes):
            found |= {name for one in nodes for name in stored(one)}
    return found


def always_ends(
    nodes: Sequence[ast.stmt], passes: Callable[[ast.expr], bool] = lambda _: False
) -> bool:
    """Whether nothing behind these statements is ever reached from them; `passes` says which
    contexts of a `with` let every exception through."""

    def ends(node: ast.stmt) -> bool:
        if isinstance(node, (ast.With, ast.AsyncWith)):
            return all(passes(one.context_expr) for one in node.items) and any(map(ends, node.body))
        if isinstance(node, ast.If):
            return any(map(ends, node.body)) and any(map(ends, node.orelse))
        if isinstance(node, ast.Try):
            if any(map(ends, node.finalbody)):
                return True
            handlers = all(any(map(ends, one.body)) for one in node.handlers)
            return handlers and any(map(ends, (*node.body, *node.orelse)))
        return isinstance(node, (ast.Return, ast.Raise, ast.Continue, ast.Break))

    return any(map(ends, nodes))


def dotted(node: ast.expr) -> str:
    """`a.b.c` of names and attributes; "" for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        left = dotted(node.value)
        return f"{left}.{node.attr}" if left else ""
    return ""
