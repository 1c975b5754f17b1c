"""What functions of the backend take and give where their annotations don't say it.

A parameter is of the type that the call has for it; what a function gives is read off its returns:
rows of a query, objects of its classes, what another function gives. It is the translation of the
body that must agree: where it doesn't, its `return` stays a hole.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping

from msgspec.structs import replace

from port_lsp.patterns.desk import Desk
from port_lsp.patterns.translate.backendfunctions import functions_at
from port_lsp.patterns.translate.binding import always_ends, dotted, is_generator
from port_lsp.patterns.translate.calls import is_unsaid
from port_lsp.patterns.translate.queries.chains import chain_of
from port_lsp.patterns.translate.queries.database import is_called_so
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.values import (
    BOOL,
    F64,
    I64,
    Val,
    inside,
    is_text,
    option_of,
    without_reference,
)
from port_lsp.types import meanings as m
from port_lsp.types.wire import Wire, ref
from port_lsp.writing.ir.types import AnyType

_DEPTH = 4  # calls that are followed
_OPTIONAL = frozenset(("first", "one_or_none", "scalar_one_or_none", "scalar", "get"))
_ONE = frozenset(("one", "scalar_one"))
_ASKS = frozenset(("execute", "exec", "scalars", "scalar"))
_NOTHING = Wire("null")
_PLAIN: dict[AnyType, Wire] = {I64: Wire("int"), F64: Wire("float"), BOOL: Wire("bool")}


def with_types(scene: Scene, meaning: m.Callable, node: ast.Call, env: Env) -> m.Callable:
    """A function with the types that a call and its own body say of it. Raises
    UntranslatedError."""
    given = dict(zip((one.name for one in meaning.params), node.args, strict=False))
    given |= {one.arg: one.value for one in node.keywords if one.arg is not None}
    params: list[m.Given] = []
    for one in meaning.params:
        wire = None
        if is_unsaid(one.wire) and one.name in given and not is_called_so(one.name):
            wire = _wire_of(scene, scene.value(given[one.name], env))
        params.append(replace(one, wire=wire) if wire is not None else one)
    return with_result(scene.desk, replace(meaning, params=tuple(params)))


def with_result(desk: Desk, meaning: m.Callable) -> m.Callable:
    """A function with the type of what it gives, where its body shows that."""
    if meaning.returns is not None:
        return meaning
    return replace(meaning, returns=_Given(desk).by(meaning, _DEPTH))


def _wire_of(scene: Scene, val: Val) -> Wire | None:
    """The type of an argument as an annotation would say it; None where none would."""
    kind = without_reference(val.type)
    if is_text(val):
        return Wire("str")
    held, item = option_of(kind), inside(kind, "Vec")
    for name, inner in (("optional", held), ("list", item)):
        if inner is not None:
            found = _wire_of(scene, Val(val.expr, inner))
            return Wire(name, (found,)) if found is not None else None  # pyright: ignore[reportArgumentType] (both are kinds)
    shape = scene.shapes.of(kind)
    if shape is not None and shape.key and scene.needs.type(ref(shape.key), "held") == kind:
        return ref(shape.key)
    return _PLAIN.get(kind)


class _Given:
    """Reads off bodies what functions give."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def by(self, meaning: m.Callable, depth: int) -> Wire | None:
        """What a function gives; None where its body doesn't show it."""
        file, _, _ = meaning.key.partition("::")
        node = functions_at(self._desk).node(meaning.key)
        if node is None or is_generator(node) or not depth:
            return None
        inside = list(_own(node.body))
        said = {one.name: one.wire for one in meaning.params if not is_unsaid(one.wire)}
        body = _Body(self, file, inside, said, depth)
        found = [
            body.wire(one.value) if one.value is not None else _NOTHING
            for one in inside
            if isinstance(one, ast.Return)
        ]
        if not always_ends(node.body):
            found.append(_NOTHING)
        return _together(found)

    def meaning(self, file: str, node: ast.expr) -> m.Meaning | None:
        """What a dotted name means in a file."""
        name = dotted(node)
        return self._desk.backend.meaning(file, name) if name else None


class _Body:
    """One function's."""

    def __init__(
        self, of: _Given, file: str, inside: list[ast.AST], said: Mapping[str, Wire], depth: int
    ) -> None:
        self._of, self._file, self._said, self._depth = of, file, said, depth
        self._assigned: dict[str, list[ast.expr]] = {}
        for one in inside:
            if isinstance(one, ast.Assign) and len(one.targets) == 1:
                target = one.targets[0]
                if isinstance(target, ast.Name):
                    self._assigned.setdefault(target.id, []).append(one.value)

    def wire(self, node: ast.expr) -> Wire | None:
        """What an expression gives."""
        if isinstance(node, ast.Await):
            return self.wire(node.value)
        if isinstance(node, ast.Constant) and node.value is None:
            return _NOTHING
        if isinstance(node, ast.Constant):
            kinds: dict[type, Wire] = {
                str: Wire("str"), bool: Wire("bool"), int: Wire("int"), float: Wire("float"),
            }  # fmt: skip
            return kinds.get(type(node.value))
        if isinstance(node, ast.IfExp):
            return _together([self.wire(node.body), self.wire(node.orelse)])
        if isinstance(node, ast.JoinedStr):
            return Wire("str")
        if isinstance(node, ast.Compare):
            return Wire("bool")
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return Wire("bool")
        if isinstance(node, ast.Dict) and all(map(_is_text, node.keys)):
            return Wire("map", (Wire("str"), Wire("any")))
        if isinstance(node, ast.Name):
            every = self._assigned.get(node.id, [])
            if every and node.id not in self._said:
                values = self._assigned.pop(node.id)  # that of itself isn't asked for again
                found = _together([self.wire(one) for one in values])
                self._assigned[node.id] = values
                return found
            return self._said.get(node.id) if not every else None
        return self._call(node) if isinstance(node, ast.Call) else None

    def _call(self, node: ast.Call) -> Wire | None:
        queried = self._queried(node)
        if queried is not None:
            return queried
        meaning = self._of.meaning(self._file, node.func)
        if isinstance(meaning, m.Kind):
            return ref(meaning.key)
        if isinstance(meaning, m.Callable):
            return meaning.returns or self._of.by(meaning, self._depth - 1)
        if meaning == m.Outside("builtins.list") and len(node.args) == 1:
            return self.wire(node.args[0])
        return None

    def _queried(self, node: ast.expr) -> Wire | None:
        """What a chain of a session's gives."""
        root, links = chain_of(self._put_in(node))
        if not isinstance(root, ast.Name) or not is_called_so(root.id) or not links:
            return None
        names = [one.name for one in links]
        args = links[0].call.args
        first = args[0] if args else None
        if names[0] in _ASKS and first is not None:
            made, others = chain_of(self._put_in(first))
            call = made if isinstance(made, ast.Call) else others[0].call if others else None
            word = dotted(call.func).rpartition(".")[2] if call is not None else ""
            first = call.args[0] if call is not None and word == "select" and call.args else None
            if names[0] == "execute" and not any(one.startswith("scalar") for one in names):
                return None
        elif names[0] not in ("query", "get"):
            return None
        meaning = self._of.meaning(self._file, first) if first is not None else None
        if not isinstance(meaning, m.Kind):
            return None
        row, last = ref(meaning.key), names[-1]
        if last in _OPTIONAL:
            return Wire("optional", (row,))
        return row if last in _ONE else Wire("list", (row,)) if last == "all" else None

    def _put_in(self, node: ast.expr) -> ast.expr:
        """An expression with what variables at its root were assigned, once."""
        for _ in range(_DEPTH):
            root, links = chain_of(node)
            every = self._assigned.get(root.id, []) if isinstance(root, ast.Name) else []
            if len(every) != 1:
                break
            made = every[0]
            for one in links:
                function = ast.Attribute(made, one.name, ast.Load())
                made = ast.Call(function, one.call.args, one.call.keywords)
            node = made
        return node.value if isinstance(node, ast.Await) else node


def _is_text(node: ast.expr | None) -> bool:
    return isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def _together(found: list[Wire | None]) -> Wire | None:
    """The type of several values; None where they are of several."""
    if not found or any(one is None for one in found):
        return None
    every = {one for one in found if one is not None}
    bare = {one.args[0] if one.kind == "optional" else one for one in every} - {_NOTHING}
    if not bare:
        return _NOTHING
    if len(bare) > 1:
        return None
    (only,) = bare
    is_optional = _NOTHING in every or any(one.kind == "optional" for one in every)
    return Wire("optional", (only,)) if is_optional else only


def _own(nodes: list[ast.stmt]) -> list[ast.AST]:
    """All that is in some statements, but for what is in functions inside of them."""
    found: list[ast.AST] = list(nodes)
    for one in found:  # which grows
        if not isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            found += ast.iter_child_nodes(one)
    return found
