"""What became of each statement of a body: none of Python's is lost."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from port_lsp.patterns.translate.bodytext import inner
from port_lsp.patterns.translate.scene import Span

INSIDE = "inside of a hole"


class Noted:
    """The statements of a body that are translated or left so far: `spans` by their identity."""

    def __init__(self) -> None:
        """Of none."""
        self.spans: dict[int, Span] = {}

    def became(self, node: ast.stmt, left: str) -> None:
        """Notes a statement itself, and the construct at which translation ended ("": nowhere)."""
        self.spans[id(node)] = _span(node, left)

    def done(self, node: ast.stmt) -> None:
        """As `Blocks.done`."""
        self.became(node, "")

    def left(self, node: ast.stmt, construct: str) -> None:
        """Notes a statement, with all inside of it, as standing in a hole."""
        self.became(node, construct)
        for one in inner(node):
            self.became(one, INSIDE)

    def forget(self, node: ast.stmt) -> str:
        """As `Blocks.forget`."""
        found = self.spans.pop(id(node), None)
        return found.left if found is not None else ""

    def forget_inside(self, node: ast.stmt) -> None:
        """Takes back what was noted of the statements inside of one."""
        for one in inner(node):
            self.spans.pop(id(one), None)

    def is_any_done(self, nodes: Sequence[ast.stmt]) -> bool:
        """As `Blocks.is_any_done`."""
        every = [one for node in nodes for one in (node, *inner(node))]
        spans = [self.spans.get(id(one)) for one in every if not isinstance(one, ast.Pass)]
        return any(one is not None and not one.left for one in spans)

    def pass_over(self, node: ast.stmt) -> None:
        """As `Blocks.pass_over`."""
        for one in (node, *inner(node)):
            self.done(one)

    def dead(self, nodes: Sequence[ast.stmt]) -> None:
        """Notes statements that are never reached, but for those that belong to the one in front of
        them, which are noted."""
        for node in nodes:
            if id(node) not in self.spans:
                self.pass_over(node)

    def note(self, node: ast.stmt, spans: Sequence[Span]) -> None:
        """As `Blocks.note`."""
        found = {(one.first, one.last, one.kind): one for one in spans}
        for one in inner(node):
            span = _span(one, "")
            self.spans[id(one)] = found.get((span.first, span.last, span.kind), span)


def _span(node: ast.stmt, left: str) -> Span:
    return Span(node.lineno, node.end_lineno or node.lineno, type(node).__name__, left)
