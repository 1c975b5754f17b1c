"""What a function says that it gives, where its body shows that it may be None all the same:
`def get_user(db, id) -> User: return db.query(User).filter_by(id=id).first()`.

Annotations aren't checked when Python runs: what calls it asks `if user`, and is right to do so. A
type of Rust's that holds no None would make that test always true.
"""

from __future__ import annotations

import ast

from msgspec.structs import replace

from port_lsp.patterns.desk import Desk
from port_lsp.patterns.translate.backendfunctions import functions_at
from port_lsp.patterns.translate.binding import dotted, is_generator, stored
from port_lsp.types import meanings as m
from port_lsp.types.wire import Wire

_DEPTH = 3  # calls that are followed
_MAYBE = frozenset(("first", "one_or_none", "scalar_one_or_none", "get_or_none"))
_TESTS = (ast.If, ast.IfExp, ast.Assert, ast.While)


def honest(desk: Desk, meaning: m.Callable) -> m.Callable:
    """A function with None among what it gives, where its body may give that."""
    returns = meaning.returns
    if returns is None or returns.kind != "ref":
        return meaning
    if not desk.shares(_Denied).may_be_none(meaning.key, _DEPTH):
        return meaning
    return replace(meaning, returns=Wire("optional", (returns,)))


class _Denied:
    """Answers for one revision."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._known: dict[str, bool] = {}

    def may_be_none(self, key: str, depth: int) -> bool:
        """Whether a function (item key) may give None."""
        if key not in self._known and depth:
            self._known[key] = False  # where it calls itself
            node = functions_at(self._desk).node(key)
            if node is not None and not is_generator(node):
                self._known[key] = self._found(functions_at(self._desk).file(key), node, depth)
        return self._known.get(key, False)

    def _found(self, file: str, node: ast.FunctionDef | ast.AsyncFunctionDef, depth: int) -> bool:
        if not _is_stub(node) and _falls_off(node.body):
            return True
        inside = _own(node.body)
        given = [one.value for one in inside if isinstance(one, ast.Return)]
        return any(self._is_none(file, one, inside, depth) for one in given)

    def _is_none(self, file: str, node: ast.expr | None, inside: list[ast.AST], depth: int) -> bool:
        """Whether an expression may be None, as far as that is certain."""
        if isinstance(node, ast.Await):
            node = node.value
        if node is None or (isinstance(node, ast.Constant) and node.value is None):
            return True
        if isinstance(node, ast.Name):
            every = [one for one in inside if isinstance(one, ast.stmt) and node.id in stored(one)]
            only = every[0] if len(every) == 1 else None
            if not isinstance(only, ast.Assign) or _is_asked(node.id, inside):
                return False
            plain = len(only.targets) == 1 and isinstance(only.targets[0], ast.Name)
            return plain and self._is_none(file, only.value, [], depth)
        if not isinstance(node, ast.Call):
            return False
        if isinstance(node.func, ast.Attribute) and node.func.attr in _MAYBE:
            return True
        name = dotted(node.func)
        meaning = self._desk.backend.meaning(file, name) if name else None
        if not isinstance(meaning, m.Callable):
            return False
        returns = meaning.returns
        if returns is not None and returns.kind != "ref":
            return returns.kind == "optional"
        return returns is not None and self.may_be_none(meaning.key, depth - 1)


def _own(nodes: list[ast.stmt]) -> list[ast.AST]:
    """All that is in some statements, but for what is in functions inside of them."""
    found: list[ast.AST] = list(nodes)
    for one in found:  # which grows
        if not isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            found += ast.iter_child_nodes(one)
    return found


def _falls_off(nodes: list[ast.stmt]) -> bool:
    """Whether a body surely has a way to its end that gives nothing."""
    last = nodes[-1]
    if isinstance(last, (ast.With, ast.AsyncWith)):
        return _falls_off(last.body)
    if isinstance(last, ast.If):
        return not last.orelse or _falls_off(last.body) or _falls_off(last.orelse)
    if isinstance(last, ast.Try):
        ends = (last.orelse or last.body, *(one.body for one in last.handlers))
        return not last.finalbody and any(map(_falls_off, ends))
    plain = (ast.Expr, ast.Assign, ast.AnnAssign, ast.AugAssign, ast.For, ast.AsyncFor, ast.Pass)
    return isinstance(last, plain)


def _is_asked(name: str, inside: list[ast.AST]) -> bool:
    """Whether a test speaks of a name: what is given may be what passed it."""
    tests = [one.test for one in inside if isinstance(one, _TESTS)]
    return any(
        isinstance(one, ast.Name) and one.id == name for test in tests for one in ast.walk(test)
    )


def _is_stub(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a body says nothing: an abstract method's."""
    return all(
        isinstance(one, ast.Pass)
        or (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))
        for one in node.body
    )
