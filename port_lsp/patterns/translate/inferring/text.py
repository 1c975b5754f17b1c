"""A function's body as it is asked about: what is in it, what binds its names, what is known at a
statement."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from functools import cached_property

from port_lsp.patterns.translate.binding import walked
from port_lsp.patterns.translate.inferring.flow import There, flowing
from port_lsp.patterns.translate.inferring.names import names_bound, own


class Text:
    """What the statements of a body say by themselves, whoever asks."""

    def __init__(self, nodes: Sequence[ast.stmt]) -> None:
        """Of a function."""
        self._nodes = nodes
        self.inside = own(nodes)
        self.bound = names_bound(self.inside)
        self._there = flowing(nodes)
        self._statements = {
            id(each): one for one in self.inside if isinstance(one, ast.stmt)
            for each in _expressions(one)
        }  # fmt: skip

    @cached_property
    def parents(self) -> dict[int, ast.AST]:
        """What each part is in, by its identity; also what is in functions inside of it."""
        return {id(child): one for one in self._every for child in ast.iter_child_nodes(one)}

    @cached_property
    def named(self) -> dict[str, list[ast.Name]]:
        """Where each name stands, also in functions inside of it."""
        found: dict[str, list[ast.Name]] = {}
        for one in self._every:
            if isinstance(one, ast.Name):
                found.setdefault(one.id, []).append(one)
        return found

    @cached_property
    def _every(self) -> list[ast.AST]:
        return walked(*self._nodes)

    def there(self, node: ast.expr) -> There:
        """What is known where an expression stands."""
        statement = self._statements.get(id(node))
        return self._there.get(id(statement), There()) if statement is not None else There()


def _expressions(node: ast.stmt) -> list[ast.AST]:
    """What is in a statement, without the statements in its blocks."""
    found: list[ast.AST] = [
        one for one in ast.iter_child_nodes(node)
        if not isinstance(one, (ast.stmt, ast.ExceptHandler, ast.match_case))
    ]  # fmt: skip
    for one in found:  # which grows
        if not isinstance(one, ast.Lambda):
            found += ast.iter_child_nodes(one)
    return found
