"""What a client sent, which nobody has checked: known by the names that a handler has for it."""

from __future__ import annotations

import ast

from port_lsp.facts.source import Record


class Sent(Record, frozen=True):
    """Python's names of what a client sent, and of parts of it: `there` of those that are there,
    `asked` also of those that may be None, where Python asks for what isn't."""

    there: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()

    def is_there(self, node: ast.expr) -> bool:
        """Whether an expression is such a value, or a part of one that fails where it isn't."""
        if isinstance(node, ast.Subscript):
            return self.is_sent(node.value)
        return isinstance(node, ast.Name) and node.id in self.there

    def is_sent(self, node: ast.expr) -> bool:
        """The same, also where it may be None."""
        if isinstance(node, ast.Subscript):
            return self.is_sent(node.value)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            return node.func.attr == "get" and self.is_sent(node.func.value)
        if isinstance(node, ast.IfExp):
            return all(self.is_sent(one) or _is_none(one) for one in (node.body, node.orelse))
        return isinstance(node, ast.Name) and node.id in (self.there | self.asked)


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
