"""Where a file of the backend speaks of the application's state.

What a file says depends on its text alone, and most texts stay the same from revision to revision.
"""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Literal, TypeAlias

from port_lsp.facts.source import Record
from port_lsp.patterns.translate.binding import dotted

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
_ASKED = frozenset(("getattr", "hasattr"))
_APPLICATIONS = frozenset(("FastAPI", "Starlette"))
How = Literal["set", "changed", "read", "leaked"]


class Mention(Record, frozen=True):
    """An attribute of the state, or of an object that is one.

    `root` is what stands before `.state`, `path` the names behind it, none where the state itself
    is handed on. `set` is an assignment, of `value` where that is one expression; what is "changed"
    is changed in another way. `inside` are the functions around it, from the outermost; `straight`
    says that the statement stands in no other than them.
    """

    root: str
    path: tuple[str, ...]
    how: How
    line: int
    text: str = ""
    value: ast.expr | None = None
    annotation: str = ""
    inside: tuple[Function, ...] = ()
    straight: bool = False
    late: bool = False
    tests: tuple[ast.expr, ...] = ()

    def is_own(self, node: ast.expr) -> bool:
        """Whether an expression is the very attribute."""
        return dotted(node) == ".".join((self.root, "state", *self.path))


class Mentions(Record, frozen=True):
    """What a file says: of the state, which names are applications that it makes, in which
    functions, how many it makes, and the functions that are run when one starts, which are nothing
    where it has a lifespan; `imports` are names with the last part of the module that they are
    imported from."""

    every: tuple[Mention, ...] = ()
    applications: tuple[str, ...] = ()
    made: int = 0
    starting: frozenset[str] = frozenset()
    lifespans: frozenset[str] = frozenset()
    makers: frozenset[str] = frozenset()
    imports: frozenset[tuple[str, str]] = frozenset()


@lru_cache(maxsize=1024)
def mentions_in(data: bytes) -> Mentions:
    """Those of a file's text."""
    if b"FastAPI(" not in data and b"Starlette(" not in data and b".state" not in data:
        return Mentions()
    try:
        tree = ast.parse(data)
    except (SyntaxError, ValueError, RecursionError):
        return Mentions()
    reader = _Reader(data.decode("utf-8", "replace"))
    reader.block(tree.body, (), straight=True, tests=())
    imports = {
        ((one.module or "").rpartition(".")[2], each.name)
        for one in tree.body
        if isinstance(one, ast.ImportFrom)
        for each in one.names
        if each.asname in (None, each.name)
    }
    return Mentions(
        tuple(reader.found), tuple(reader.applications), reader.made, frozenset(reader.starting),
        frozenset(reader.lifespans), frozenset(reader.makers), frozenset(imports),
    )  # fmt: skip


class _Reader:
    def __init__(self, text: str) -> None:
        self._lines = text.splitlines()
        self.found: list[Mention] = []
        self.applications: list[str] = []
        self.starting: set[str] = set()
        self.lifespans: set[str] = set()
        self.makers: set[str] = set()
        self.made = 0

    def block(
        self,
        nodes: Sequence[ast.stmt],
        inside: tuple[Function, ...],
        *,
        straight: bool,
        tests: tuple[ast.expr, ...],
    ) -> None:
        """The statements of a block; `tests` hold in it."""
        late = False
        for node in nodes:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                self._function(node, inside)
                continue
            if isinstance(node, ast.ClassDef):
                self.block(node.body, inside, straight=False, tests=())
                continue
            self._own(node, inside, straight=straight, late=late, tests=tests)
            late = late or any(isinstance(one, (ast.Yield, ast.Return)) for one in _parts(node))
            for inner, more in _blocks(node):
                self.block(inner, inside, straight=False, tests=(*tests, *more))

    def _function(self, node: Function, inside: tuple[Function, ...]) -> None:
        for one in node.decorator_list:
            if isinstance(one, ast.Call):
                self._expressions(one, inside)
                first = one.args[0] if one.args else None
                event = isinstance(one.func, ast.Attribute) and one.func.attr == "on_event"
                if event and isinstance(first, ast.Constant) and first.value == "startup":
                    self.starting.add(node.name)
        self.block(node.body, (*inside, node), straight=True, tests=())

    def _own(
        self,
        node: ast.stmt,
        inside: tuple[Function, ...],
        *,
        straight: bool,
        late: bool,
        tests: tuple[ast.expr, ...],
    ) -> None:
        """A statement itself, without its blocks."""
        value, annotation = getattr(node, "value", None), ""
        targets: list[ast.expr] = []
        if isinstance(node, ast.Assign):
            targets += node.targets if len(node.targets) == 1 else []
            self._application(node, inside)
        elif isinstance(node, ast.AnnAssign):
            targets.append(node.target)
            annotation = ast.unparse(node.annotation)
        parents = {id(child): one for one in _parts(node) for child in ast.iter_child_nodes(one)}
        for one in _parts(node):
            if isinstance(one, ast.Call):
                self._expressions(one, inside)
            of = _state(one)
            if of is None:
                continue
            root, path, top = of, (), one
            while isinstance(up := parents.get(id(top)), ast.Attribute):
                path, top = (*path, up.attr), up
            how = _how(top, parents.get(id(top)), path)
            if how is None:
                continue
            plain = any(one is top for one in targets)
            aug = isinstance(node, ast.AugAssign) and node.target is top
            self.found.append(
                Mention(
                    root, path, how, node.lineno, self._line(node),
                    value if plain or aug else None, annotation if plain else "",
                    inside, straight and plain, late, tests,
                )
            )  # fmt: skip

    def _line(self, node: ast.stmt) -> str:
        return textwrap.dedent("\n".join(self._lines[node.lineno - 1 : node.end_lineno]))

    def _application(self, node: ast.Assign, inside: tuple[Function, ...]) -> None:
        target, value = node.targets[0], node.value
        name = dotted(value.func).rpartition(".")[2] if isinstance(value, ast.Call) else ""
        if name in _APPLICATIONS and isinstance(target, ast.Name):
            self.applications.append(target.id)
            self.makers.update(one.name for one in inside)

    def _expressions(self, call: ast.Call, _: tuple[Function, ...]) -> None:
        """What a call says of applications: one is made, a function is run when it starts."""
        name = dotted(call.func).rpartition(".")[2]
        self.made += name in _APPLICATIONS
        for one in call.keywords:
            if one.arg == "lifespan" and isinstance(one.value, ast.Name):
                self.lifespans.add(one.value.id)
            if one.arg == "on_startup" and isinstance(one.value, ast.List):
                self.starting.update(dotted(each) for each in one.value.elts)
        if name == "add_event_handler" and len(call.args) == 2:
            event, function = call.args
            if isinstance(event, ast.Constant) and event.value == "startup":
                self.starting.add(dotted(function))


def _state(node: ast.AST) -> str | None:
    """What stands before `.state`."""
    if isinstance(node, ast.Attribute) and node.attr == "state":
        return dotted(node.value) or None
    return None


def _how(node: ast.AST, up: ast.AST | None, path: tuple[str, ...]) -> How | None:
    if not path:
        asked = isinstance(up, ast.Call) and dotted(up.func) in _ASKED and up.args[:1] == [node]
        return None if asked else "leaked"
    if isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load):
        return "set"
    if isinstance(up, ast.Subscript) and up.value is node and not isinstance(up.ctx, ast.Load):
        return "changed"
    return "read"


def _parts(node: ast.stmt) -> list[ast.AST]:
    """A statement's own expressions, without its blocks and without functions in it."""
    left: list[ast.AST] = [node]
    found: list[ast.AST] = []
    while left:
        one = left.pop()
        found.append(one)
        if one is not node and isinstance(one, _FUNCTIONS) and not isinstance(one, ast.Lambda):
            continue
        left += [each for each in ast.iter_child_nodes(one) if not _is_block(each)]
    return found


def _is_block(node: ast.AST) -> bool:
    return isinstance(node, (ast.stmt, ast.ExceptHandler, ast.match_case))


def _blocks(node: ast.stmt) -> Iterator[tuple[list[ast.stmt], tuple[ast.expr, ...]]]:
    """The blocks of a statement, each with what has been tested before it is entered."""
    test = (node.test,) if isinstance(node, ast.If) else ()
    for name in ("body", "orelse", "finalbody"):
        inner = getattr(node, name, None)
        if inner:
            yield inner, test if name == "body" else ()
    for one in (*getattr(node, "handlers", ()), *getattr(node, "cases", ())):
        yield one.body, ()
