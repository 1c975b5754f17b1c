"""What Python's statements bind, read and end, as far as it is seen without knowing any value."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from functools import lru_cache

_DEFINES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_MAY_BIND = (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)


def stored(node: ast.AST) -> set[str]:
    """The names that something binds or deletes, also in functions inside of it."""
    return set(_stored(node))


@lru_cache(maxsize=4096)
def _stored(node: ast.AST) -> frozenset[str]:
    """As `stored`: a body is asked for the same more than once."""
    found: set[str] = set()
    for one in ast.walk(node):
        if isinstance(one, ast.Name) and not isinstance(one.ctx, ast.Load):
            found.add(one.id)
        elif isinstance(one, _DEFINES):
            found.add(one.name)
        elif isinstance(one, ast.alias):
            found.add(one.asname or one.name.partition(".")[0])
        elif isinstance(one, _MAY_BIND) and one.name is not None:
            found.add(one.name)
        elif isinstance(one, ast.MatchMapping) and one.rest is not None:
            found.add(one.rest)
    return frozenset(found)


def shared(node: ast.AST) -> set[str]:
    """The names that functions inside of a body, or other functions, may bind at any time."""
    words = [one for one in ast.walk(node) if isinstance(one, (ast.Global, ast.Nonlocal))]
    return {name for one in words for name in one.names}


def mentioned(nodes: Iterable[ast.AST]) -> set[str]:
    """The names that stand in something, whichever way."""
    return {name for node in nodes for name in _mentioned(node)}


@lru_cache(maxsize=4096)
def _mentioned(node: ast.AST) -> frozenset[str]:
    return frozenset(one.id for one in ast.walk(node) if isinstance(one, ast.Name))


def reaching(node: ast.If) -> set[str]:
    """The names that an `if` binds on a way that leads behind it."""
    found = stored(node.test)
    for nodes in (node.body, node.orelse):
        if not always_ends(nodes):
            found |= {name for one in nodes for name in stored(one)}
    return found


def always_ends(nodes: Sequence[ast.stmt]) -> bool:
    """Whether nothing behind these statements is ever reached from them."""
    return any(map(_ends, nodes))


def _ends(node: ast.stmt) -> bool:
    if isinstance(node, ast.If):
        return always_ends(node.body) and always_ends(node.orelse)
    if isinstance(node, ast.Try):
        if always_ends(node.finalbody):
            return True
        handlers = all(always_ends(one.body) for one in node.handlers)
        return handlers and (always_ends(node.body) or always_ends(node.orelse))
    return isinstance(node, (ast.Return, ast.Raise, ast.Continue, ast.Break))
