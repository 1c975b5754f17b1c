"""The queries of a backend, told by its text: what a session is asked for, and of which shape."""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Iterator

_QUERIES = frozenset(("query", "get", "add", "delete", "merge", "execute", "scalars", "scalar"))
_SESSION = re.compile(r"(?:\w*_)?(?:db|session|conn)")


def queries_of(node: ast.stmt) -> Iterator[str]:
    """The shapes of a statement's own queries, without those in its blocks: each chain of calls
    that a session is asked by, with `_` for names and values. `db.query(User).filter(User.id ==
    id).first()` is `_.query(_).filter(_ == _).first()`, of whichever table and column."""
    own = [one for one in ast.iter_child_nodes(node) if not isinstance(one, ast.stmt)]
    opened = [one.context_expr for one in node.items] if isinstance(node, ast.AsyncWith) else []
    for part in own:
        up = {id(child): one for one in ast.walk(part) for child in ast.iter_child_nodes(one)}
        for call in ast.walk(part):
            if isinstance(call, ast.Call) and _is_query(call) and call not in opened:
                yield ast.unparse(_Shape().visit(copy.deepcopy(_whole(call, up))))


def _whole(call: ast.expr, up: dict[int, ast.AST]) -> ast.expr:
    """A call with all that is called on what it gives."""
    node = call
    while True:
        around = up.get(id(node))
        if isinstance(around, ast.Attribute) or (
            isinstance(around, ast.Call) and around.func is node
        ):
            node = around
        else:
            return node


class _Shape(ast.NodeTransformer):
    """Leaves methods and operators, and nothing that is of one table or value."""

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.Name("_", node.ctx)

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        return ast.copy_location(ast.Name("_", ast.Load()), node)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.expr:
        return ast.copy_location(ast.Name("_", ast.Load()), node)

    def visit_Call(self, node: ast.Call) -> ast.expr:
        func = node.func
        if isinstance(func, ast.Attribute):
            func.value = self.visit(func.value)
        else:
            node.func = self.visit(func)
        node.args = [self.visit(one) for one in node.args]
        for word in node.keywords:
            word.arg, word.value = word.arg and "_", self.visit(word.value)
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        value = self.visit(node.value)
        return value if isinstance(value, ast.Name) else ast.Attribute(value, "_", node.ctx)


def _is_query(call: ast.Call) -> bool:
    """Whether a call is one of a database's session. HTTP clients and dicts are called so, too:
    they get an address or a key, a session a class and a key."""
    func = call.func
    if not isinstance(func, ast.Attribute) or func.attr not in _QUERIES:
        return False
    if not isinstance(func.value, ast.Name) or _SESSION.fullmatch(func.value.id) is None:
        return False
    if func.attr != "get":
        return True
    name = ast.unparse(call.args[0]).rpartition(".")[2] if len(call.args) > 1 else ""
    return name[:1].isupper()
