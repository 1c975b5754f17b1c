"""Which parameters a function of the backend changes: attributes of theirs that it assigns, by
itself or by a function that it hands them on to. Python changes the caller's own object."""

from __future__ import annotations

import ast

from port_lsp.facts.items import Function
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.translate.backendfunctions import functions_at
from port_lsp.patterns.translate.binding import walked
from port_lsp.types import meanings as m

_DEEP = 4  # functions that hand a parameter on


class Changing:
    """Answers for one revision."""

    def __init__(self, desk: Desk) -> None:
        """Of the desk's backend."""
        self._desk = desk
        self._functions = functions_at(desk)
        self._known: dict[str, frozenset[str]] = {}

    def params(self, key: str, deep: int = 0) -> frozenset[str]:
        """The names of the parameters that a function (item key) changes."""
        if key not in self._known:
            function = self._functions.get(key)
            found = self._of(function, deep) if function is not None else frozenset[str]()
            if deep:  # it may have been cut off
                return found
            self._known[key] = found
        return self._known[key]

    def _of(self, function: Function, deep: int) -> frozenset[str]:
        file = function.place.file
        node = self._functions.node(function.key)
        if node is None:
            return frozenset()
        names = {
            one.arg for one in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
        }
        found: set[str] = set()
        for one in walked(*node.body):
            if isinstance(one, ast.Attribute) and isinstance(one.ctx, ast.Store):
                found |= _name(one.value)
            elif isinstance(one, ast.Call):
                found |= self._called(function, file, one, names, deep)
        return frozenset(found & names)

    def _called(
        self, function: Function, file: str, node: ast.Call, names: set[str], deep: int
    ) -> set[str]:
        """The names that a call hands to what changes them."""
        if isinstance(node.func, ast.Name) and node.func.id == "setattr" and node.args:
            return _name(node.args[0])
        given = [*node.args, *(word.value for word in node.keywords)]
        if deep >= _DEEP or not any(_name(one) & names for one in given):
            return set()
        text = ast.unparse(node.func)
        if text.startswith("self.") and function.instances:
            text = f"{function.instances[0]}.{text.removeprefix('self.')}"
        meaning = self._desk.backend.meaning(file, text)
        if not isinstance(meaning, m.Callable) or meaning.key == function.key:
            return set()
        changed = self.params(meaning.key, deep + 1)
        found: set[str] = set()
        for param, one in zip(meaning.params, node.args, strict=False):
            found |= _name(one) if param.name in changed else set()
        for word in node.keywords:
            found |= _name(word.value) if word.arg in changed else set()
        return found


def _name(node: ast.expr) -> set[str]:
    return {node.id} if isinstance(node, ast.Name) else set()
