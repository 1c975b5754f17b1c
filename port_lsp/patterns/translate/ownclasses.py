"""The backend's classes as Python parses them, and what those of rows do by themselves."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from port_lsp.facts.source import Record
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.translate.binding import dotted
from port_lsp.python.parsing import parsed, text_of
from port_lsp.types import meanings as m

# What a class says in order to do more than its base when an object is made or changed, or kept.
_ACTS = frozenset(("__init__", "__new__", "__setattr__", "__post_init__", "save", "create"))
_LISTENS = re.compile(rb"\b(?:listens_for|event\.listen)\s*\((?:\s*[\w.]+\s*,\s*[\"'](\w+)[\"'])?")
# Of connections (SQLAlchemy's docs, "Core Events", `PoolEvents`): they change no row.
_OF_POOLS = frozenset((
    b"connect", b"first_connect", b"checkout", b"checkin", b"close", b"close_detached", b"detach",
    b"reset", b"invalidate", b"soft_invalidate",
))  # fmt: skip
_DEEPEST = 8


class OwnClass(Record, frozen=True):
    """A class of the backend: its file, and its text as Python parses it."""

    file: str
    node: ast.ClassDef


def own_class(desk: Desk, file: str, name: str) -> OwnClass | None:
    """A class at the top of a file; None where there is none, or several."""
    return desk.shares(_Classes).of(file, name)


class _Classes:
    """The backend's classes, as Python parses them."""

    def __init__(self, desk: Desk) -> None:
        self._files = desk.snapshot.backend_files

    def of(self, file: str, name: str) -> OwnClass | None:
        """One at the top of a file; None where there is none, or several."""
        source = self._files.get(file)
        found: list[OwnClass] = []
        for chunk in source.chunks if source is not None else ():
            assert source is not None
            if f"class {name}".encode() not in source.chunk_bytes(chunk):
                continue
            tree = parsed(text_of(source, chunk))
            nodes = [one for one in tree.body if isinstance(one, ast.ClassDef)] if tree else []
            found += [OwnClass(file, one) for one in nodes if one.name == name]
        return found[0] if len(found) == 1 else None


def member(own: OwnClass, name: str) -> ast.expr | ast.FunctionDef | None:
    """What a class says of a name itself: a value, or a method."""
    for node in own.node.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name == name:
            return node if isinstance(node, ast.FunctionDef) else None
        target = node.targets[0] if isinstance(node, ast.Assign) else None
        target = node.target if isinstance(node, ast.AnnAssign) else target
        if isinstance(target, ast.Name) and target.id == name:
            assert isinstance(node, (ast.Assign, ast.AnnAssign))
            return node.value
    return None


def above(desk: Desk, key: str) -> Iterator[OwnClass]:
    """A class of the backend (item key), and all of the backend's that are above it."""
    left, seen = [key], set[str]()
    while left and len(seen) < _DEEPEST:
        file, _, name = left.pop().partition("::")
        own = own_class(desk, file, name)
        if own is None or f"{file}::{name}" in seen:
            continue
        seen.add(f"{file}::{name}")
        yield own
        for base in own.node.bases:
            meaning = desk.backend.meaning(file, dotted(base))
            if isinstance(meaning, m.Kind):
                left.append(meaning.key)


def says(desk: Desk, key: str, name: str) -> bool:
    """Whether objects of a class (item key) have an attribute that it, or a class above it,
    defines."""
    return any(member(own, name) is not None for own in above(desk, key))


def acts_by_itself(desk: Desk, key: str) -> bool:
    """Whether a row of a class (item key) is something else than it is given: SQLAlchemy's docs,
    "Simple Validators", "ORM Events"; Python's, `object.__init__`; Peewee's, `Model.save`."""
    return desk.shares(_Acting).of(key)


class _Acting:
    """Answers for one revision."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._known: dict[str, bool] = {}

    def of(self, key: str) -> bool:
        if key not in self._known:
            self._known[key] = any(map(self._is_acting, above(self._desk, key)))
        return self._known[key]

    def _is_acting(self, own: OwnClass) -> bool:
        source = self._desk.snapshot.backend_files.get(own.file)
        data = source.text.data if source is not None else b""
        if any(one[1] not in _OF_POOLS for one in _LISTENS.finditer(data)):
            return True
        methods = [one for one in own.node.body if isinstance(one, ast.FunctionDef)]
        return any(one.name in _ACTS or _is_told(one) for one in methods)


def _is_told(method: ast.FunctionDef) -> bool:
    """Whether a method is called when an attribute is set: `@validates("name")`, `@name.setter`."""
    for one in method.decorator_list:
        name = dotted(one.func if isinstance(one, ast.Call) else one).rpartition(".")[2]
        if name in ("validates", "setter"):
            return True
    return False
