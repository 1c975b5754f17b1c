"""The backend's functions by their item keys, and their bodies as Python parses them."""

from __future__ import annotations

import ast

from msgspec.structs import replace

from port_lsp.facts.items import Function
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.endpoints.pythontext import python_function


class BackendFunctions:
    """Answers for one revision."""

    def __init__(self, desk: Desk) -> None:
        """Of the desk's backend."""
        backend = desk.snapshot.backend
        self._desk, self._none = desk, set[str]()
        self._files = desk.snapshot.backend_files
        self.by_key: dict[str, Function] = {
            one.key: one for one in (backend.functions if backend is not None else ())
        }

    def get(self, key: str) -> Function | None:
        """A function by its item key; one that a class has from a base as the class's own."""
        found = self.by_key.get(key)
        if found is not None or key in self._none:
            return found
        owner, _, name = key.rpartition(".")
        method = self._desk.backend.method(owner, name) if owner and name else None
        base = self.by_key.get(method.callable.key) if method is not None else None
        if base is None:
            self._none.add(key)
            return None
        cls = self._desk.backend.class_of(owner)
        instances = cls.instances if cls is not None and len(cls.instances) == 1 else ()
        found = replace(base, key=key, owner=owner, instances=instances)
        self.by_key[key] = found
        return found

    def file(self, key: str) -> str:
        """The file by which the names in a function (item key) are to be understood."""
        function = self.get(key)
        return function.place.file if function is not None else key.partition("::")[0]

    def node(self, key: str) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
        """A function, which nobody may change; None for what is none, or can't be parsed."""
        function = self.get(key)
        source = self._files.get(function.place.file) if function is not None else None
        if function is None or source is None:
            return None
        return python_function(source, function.place)


def functions_at(desk: Desk) -> BackendFunctions:
    """Those of a desk's revision."""
    return desk.shares(BackendFunctions)
