"""The backend's functions by their item keys, and their bodies as Python parses them."""

from __future__ import annotations

import ast

from port_lsp.facts.items import Function
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.endpoints.pythontext import python_function


class BackendFunctions:
    """Answers for one revision."""

    def __init__(self, desk: Desk) -> None:
        """Of the desk's backend."""
        backend = desk.snapshot.backend
        self._files = desk.snapshot.backend_files
        self.by_key: dict[str, Function] = {
            one.key: one for one in (backend.functions if backend is not None else ())
        }

    def node(self, key: str) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
        """A function, which nobody may change; None for what is none, or can't be parsed."""
        function, source = self.by_key.get(key), self._files.get(key.partition("::")[0])
        if function is None or source is None:
            return None
        return python_function(source, function.place)


def functions_at(desk: Desk) -> BackendFunctions:
    """Those of a desk's revision."""
    return desk.shares(BackendFunctions)
