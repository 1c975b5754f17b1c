"""Who calls a function of the backend: all of its calls, where nothing else speaks of it.

A function that is handed on (`Depends(f)`, `create_task(f)`), or whose name stands somewhere that
isn't understood, has callers that nobody sees.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache

from port_lsp.facts.source import Record
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.translate.backendfunctions import functions_at
from port_lsp.patterns.translate.binding import dotted
from port_lsp.python.parsing import parsed, text_of
from port_lsp.types import meanings as m

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)


class Site(Record, frozen=True):
    """A call: its file, the function around it (None for a module, a class's body, or a lambda),
    that function's item key ("" for one inside of another)."""

    file: str
    call: ast.Call
    function: _Function | None
    key: str


class Place(Record, frozen=True):
    """Where a name stands: what is around it, from the outermost, and what it is a part of."""

    node: ast.expr
    up: ast.AST
    around: tuple[ast.AST, ...]


class Callers:
    """Answers for one revision."""

    def __init__(self, desk: Desk) -> None:
        """Of the desk's backend."""
        self._desk = desk
        self._functions = functions_at(desk)
        self._known: dict[str, tuple[Site, ...] | None] = {}

    def of(self, key: str) -> tuple[Site, ...] | None:
        """The calls of a function (item key); None where somebody else may call it."""
        if key not in self._known:
            self._known[key] = self._of(key)
        return self._known[key]

    def tell(self, key: str, sites: tuple[Site, ...]) -> None:
        """Of a function inside of another (item key), these are all calls."""
        self._known[key] = sites

    def _of(self, key: str) -> tuple[Site, ...] | None:
        function = self._functions.by_key.get(key)
        if function is None or function.name.startswith("__"):
            return None
        word = function.name.encode()
        sites: list[Site] = []
        for path, source in self._desk.snapshot.backend_files.items():
            if not path.endswith(".py") or word not in source.text.data:
                continue
            for chunk in source.chunks:
                if word not in source.chunk_bytes(chunk):
                    continue
                named = _named(text_of(source, chunk))
                if named is None:
                    return None
                for place in named.get(function.name, ()):
                    found = self._site(path, key, place, is_method=function.owner is not None)
                    if found is None:
                        return None
                    if isinstance(found, Site):
                        sites.append(found)
        return tuple(sites)

    def _site(self, path: str, key: str, place: Place, *, is_method: bool) -> Site | bool | None:
        """A call of the function; True for something else, None for what isn't understood."""
        node, around = place.node, place.around
        if isinstance(node, ast.Constant):  # a text that says its name
            return None
        name, bound = dotted(node), _bound_in(node, around)
        cls = next((one for one in reversed(around) if isinstance(one, ast.ClassDef)), None)
        first, _, rest = name.partition(".")
        if isinstance(node, ast.Name) and (bound or not isinstance(node.ctx, ast.Load)):
            return True
        if first == "self" and cls is not None and "." not in rest:
            if not is_method:
                return True
            return self._call(path, key, place) if key == f"{path}::{cls.name}.{rest}" else None
        meaning = self._desk.backend.meaning(path, name) if name and not bound else None
        if isinstance(meaning, m.Callable) and meaning.key == key:
            return self._call(path, key, place)
        if meaning is not None:
            return True
        # An attribute of an object: a module's function would be known by its module's name.
        return True if isinstance(node, ast.Attribute) and not is_method else None

    def _call(self, path: str, key: str, place: Place) -> Site | None:
        call, around = place.up, place.around
        if not isinstance(call, ast.Call) or call.func is not place.node:
            return None
        inner = around[-1] if around else None
        function = inner if isinstance(inner, (ast.FunctionDef, ast.AsyncFunctionDef)) else None
        name = ".".join(getattr(one, "name", "<lambda>") for one in around)
        known = f"{path}::{name}" if function is not None else ""
        return Site(path, call, function, known if known in self._functions.by_key else "")


@lru_cache(maxsize=4096)
def _named(text: str) -> dict[str, list[Place]] | None:
    """Where each name stands in a chunk's text, also as an attribute or a text, which nobody may
    change; None where Python's parser refuses it. Kept, as an edit leaves most chunks alone."""
    tree = parsed(text)
    if tree is None:
        return None
    found: dict[str, list[Place]] = {}
    for place in _places(tree, ()):
        node = place.node
        name = node.id if isinstance(node, ast.Name) else ""
        name = node.attr if isinstance(node, ast.Attribute) else name
        if isinstance(node, ast.Constant):
            name = str(node.value)
        found.setdefault(name, []).append(place)
    return found


def _places(node: ast.AST, around: tuple[ast.AST, ...]) -> Iterator[Place]:
    inner = (*around, node) if isinstance(node, _SCOPES) else around
    for one in ast.iter_child_nodes(node):
        # What stands before a function's body belongs to what is around it.
        body = getattr(node, "body", ())
        here = inner if not isinstance(body, list) or one in body else around
        if isinstance(one, (ast.Name, ast.Attribute)) or (
            isinstance(one, ast.Constant)
            and isinstance(one.value, str)
            and one.value.isidentifier()
        ):
            yield Place(one, node, here)
        elif isinstance(one, ast.alias) and one.asname is not None:
            renamed = ast.Constant(one.name.rpartition(".")[2])  # who knows it by another name
            yield Place(renamed, node, here)
        yield from _places(one, here)


def _bound_in(node: ast.expr, around: tuple[ast.AST, ...]) -> bool:
    """Whether the first part of a name is a variable of a function around it."""
    first = dotted(node).partition(".")[0]
    for scope in around:
        if not isinstance(scope, ast.ClassDef):
            found = _binds(scope).get(first)
            if found is not None:
                return found
    return False


# What functions bind, by their identity: they are parsed once, and asked for each name.
_BINDS: dict[int, tuple[ast.AST, dict[str, bool]]] = {}
_MOST_BINDS = 4096


def _binds(scope: ast.AST) -> dict[str, bool]:
    """The names that a function binds; False for those that an import does first."""
    known = _BINDS.get(id(scope))
    if known is not None and known[0] is scope:
        return known[1]
    found: dict[str, bool] = {}
    for one in ast.walk(scope):
        if isinstance(one, ast.arg):
            found.setdefault(one.arg, True)
        elif isinstance(one, ast.Name) and not isinstance(one.ctx, ast.Load):
            found.setdefault(one.id, True)
        elif isinstance(one, ast.alias):
            found.setdefault(one.asname or one.name, False)
    if len(_BINDS) >= _MOST_BINDS:
        _BINDS.clear()
    _BINDS[id(scope)] = (scope, found)
    return found
