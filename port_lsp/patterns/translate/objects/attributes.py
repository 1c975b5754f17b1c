"""What the methods of a class assign to `self`, and of which types that is."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence

from port_lsp.facts.source import Record
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.translate.binding import dotted, walked
from port_lsp.patterns.translate.calls import is_unsaid
from port_lsp.patterns.translate.inferring.bodies import Text, Typing
from port_lsp.patterns.translate.inferring.inferred import Inferred
from port_lsp.patterns.translate.inferring.kinds import together
from port_lsp.patterns.translate.queries.links import is_called_so
from port_lsp.types import meanings as m
from port_lsp.types.wire import Wire

Function = ast.FunctionDef | ast.AsyncFunctionDef
# The methods of lists, dicts and sets that change them (Python's docs, "Built-in Types").
_CHANGES = frozenset((
    "append", "extend", "insert", "pop", "popitem", "remove", "clear", "update", "add", "discard",
    "setdefault", "sort", "reverse", "appendleft", "popleft",
))  # fmt: skip
_ANY = frozenset(("any", "unknown"))


class Attributes(Record, frozen=True):
    """The attributes of a class's objects: those whose type is known, in the order in which they
    are assigned, and those whose type isn't; what the class's body assigns to them; those that hold
    a session, and those that hold a class; the parameters of `__init__` that are for these alone.
    `changes` says whether a method but `__init__` changes any, `filled` are those whose contents
    one changes."""

    types: dict[str, Wire]
    untold: tuple[str, ...]
    defaults: dict[str, ast.expr]
    sessions: frozenset[str]
    kinds: frozenset[str]
    dropped: frozenset[str]
    changes: bool
    filled: frozenset[str]


def attributes_of(
    desk: Desk,
    wire: Callable[[Wire], Wire],
    key: str,
    nodes: Sequence[tuple[str, ast.ClassDef]],
) -> Attributes:
    """Of the class of an item key; `nodes` are itself and its bases as Python parses them, with
    their item keys, the bases first. `wire` says the types that are classes of the backend."""
    return _Reading(desk, wire, key).read(nodes)


def is_said_twice(nodes: Sequence[ast.ClassDef]) -> bool:
    """Whether a name of a class with its bases stands for more than one thing: an attribute that is
    assigned and a method or property, too, or one that Python says otherwise in each class
    ("Identifiers (Names)", private name mangling)."""
    methods = [one for node in nodes for one in node.body if isinstance(one, Function)]
    assigned = {
        part.attr for one in methods for part in walked(*one.body)
        if isinstance(part, ast.Attribute) and not isinstance(part.ctx, ast.Load)
        and _is_own(part.value, own_name(one))
    }  # fmt: skip
    if assigned & {one.name for one in methods}:
        return True
    seen: set[str] = set()
    for node in nodes:
        names = {one.attr for one in ast.walk(node) if isinstance(one, ast.Attribute)}
        names |= {one.name for one in node.body if isinstance(one, Function)}
        private = {one for one in names if one.startswith("__") and not one.endswith("__")}
        if private & seen:
            return True
        seen |= private
    return False


def own_name(node: Function) -> str:
    """What a method calls its own object; "" for what gets none."""
    first = [*node.args.posonlyargs, *node.args.args][:1]
    words = {ast.unparse(one) for one in node.decorator_list}
    return first[0].arg if first and not words & {"staticmethod", "classmethod"} else ""


def changed_by(node: Function) -> frozenset[str]:
    """The attributes of its own object that a method assigns, or whose contents it changes."""
    own, found = own_name(node), set[str]()
    for one in walked(*node.body) if own else ():
        if isinstance(one, (ast.Attribute, ast.Subscript)) and not isinstance(one.ctx, ast.Load):
            found |= {_attribute(one, own)}
        elif isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute):
            if one.func.attr in _CHANGES:
                found |= {_attribute(one.func.value, own)}
            if isinstance(one.func.value, ast.Name) and one.func.attr == "setattr":
                found |= {"*"}
        elif isinstance(one, ast.Call) and ast.unparse(one.func) in ("setattr", "delattr"):
            found |= {"*"}
    return frozenset(found - {""})


def _filled_by(node: Function) -> frozenset[str]:
    """The attributes of its own object whose contents a method changes where they are."""
    own, found = own_name(node), set[str]()
    for one in walked(*node.body) if own else ():
        if isinstance(one, (ast.Attribute, ast.Subscript)) and not _is_own(one.value, own):
            found |= {_attribute(one, own)} if not isinstance(one.ctx, ast.Load) else set()
        elif isinstance(one, ast.AugAssign):
            found |= {_attribute(one.target, own)}
        elif isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute):
            found |= {_attribute(one.func.value, own)} if one.func.attr in _CHANGES else set()
    return frozenset(found - {""})


def _is_own(node: ast.expr, own: str) -> bool:
    return isinstance(node, ast.Name) and node.id == own


def _attribute(node: ast.expr, own: str) -> str:
    """The attribute of an object that an expression is a part of: of `self.a.b[0]`, `a`."""
    name = ""
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        name = node.attr if isinstance(node, ast.Attribute) else name
        node = node.value
    return name if isinstance(node, ast.Name) and node.id == own else ""


class _Reading:
    def __init__(self, desk: Desk, wire: Callable[[Wire], Wire], key: str) -> None:
        self._desk, self._wire, self._key = desk, wire, key
        self._file = ""
        self._found: dict[str, list[Wire | None]] = {}
        self._said: dict[str, Wire] = {}
        self._sessions: set[str] = set()

    def read(self, nodes: Sequence[tuple[str, ast.ClassDef]]) -> Attributes:
        defaults: dict[str, ast.expr] = {}
        every: dict[str, Function] = {}
        for key, node in nodes:
            self._file = key.partition("::")[0]
            defaults |= self._body(node)
            methods = [one for one in node.body if isinstance(one, Function)]
            methods.sort(key=lambda one: one.name != "__init__")
            every |= {one.name: one for one in methods}
            for one in methods:
                self._method(key, one)
        types, untold = dict[str, Wire](), list[str]()
        kinds = {one for one in self._found if self._desk.backend.attribute(self._key, one)}
        for name, values in self._found.items():
            wire = self._said.get(name) or together(values)
            is_field = name not in self._sessions and name not in kinds
            if is_field and wire is not None and wire.kind != "null" and not is_unsaid(wire):
                types[name] = wire
            elif is_field:
                untold.append(name)
        sessions, held = frozenset(self._sessions), frozenset(kinds)
        changes = any(
            changed_by(one) - sessions for name, one in every.items() if name != "__init__"
        )
        init = every.get("__init__")
        dropped = _only_for(init, sessions | held) if init is not None else frozenset[str]()
        filled = frozenset[str]().union(*map(_filled_by, every.values())) - sessions
        return Attributes(types, tuple(untold), defaults, sessions, held, dropped, changes, filled)

    def _body(self, node: ast.ClassDef) -> dict[str, ast.expr]:
        """What the class's body assigns."""
        defaults: dict[str, ast.expr] = {}
        for one in node.body:
            if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name):
                self._say(one.target.id, one.annotation)
                if one.value is not None:
                    defaults[one.target.id] = one.value
            elif isinstance(one, ast.Assign):
                for target in one.targets:
                    if isinstance(target, ast.Name):
                        defaults[target.id] = one.value
        return defaults

    def _say(self, name: str, annotation: ast.expr) -> None:
        text = ast.unparse(annotation)
        if text.startswith("ClassVar"):
            return
        self._said[name] = self._wire(self._desk.backend.wire(self._file, text))

    def _method(self, key: str, node: Function) -> None:
        own = own_name(node)
        method = self._desk.backend.method(key, node.name)
        if not own or method is None:
            return
        said = {
            one.name: self._wire(one.wire)
            for one in method.callable.params
            if one.wire.kind not in _ANY or one.wire.values
        }
        params = {one.name: said.get(one.name) for one in method.callable.params}
        text = Text(node.body)
        read = Typing(self._desk.shares(Inferred), self._file, text, params).at
        for one in text.inside:
            targets, value = _assigned(one)
            for target in targets:
                if not isinstance(target, ast.Attribute) or _attribute(target, own) != target.attr:
                    continue
                if isinstance(one, ast.AnnAssign):
                    self._say(target.attr, one.annotation)
                if isinstance(value, ast.Name) and _is_session(value.id, said.get(value.id)):
                    self._sessions.add(target.attr)
                if value is not None:
                    wire = read(value) or self._object(value)
                    self._found.setdefault(target.attr, []).append(wire)

    def _object(self, node: ast.expr) -> Wire | None:
        """The type of an object that an expression makes of a class of the backend's."""
        name = dotted(node.func) if isinstance(node, ast.Call) else ""
        meaning = self._desk.backend.meaning(self._file, name) if name else None
        if not isinstance(meaning, m.Kind):
            return None
        wire = self._wire(Wire("unknown", name=name, values=(meaning.key,)))
        return wire if wire.kind == "ref" else None


def _is_session(name: str, wire: Wire | None) -> bool:
    """Whether a parameter is a session: by its name, and no type of the backend's own."""
    return is_called_so(name) and (wire is None or (wire.kind == "ref" and "::" not in wire.name))


def _only_for(init: Function, names: frozenset[str]) -> frozenset[str]:
    """The parameters of `__init__` that are only assigned to attributes of these names."""
    own = own_name(init)
    kept = [
        (value.id, target.attr) for one in walked(*init.body)
        for targets, value in (_assigned(one),) if isinstance(value, ast.Name)
        for target in targets if isinstance(target, ast.Attribute) and _attribute(target, own)
    ]  # fmt: skip
    reads = [
        one.id for one in walked(*init.body)
        if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load)
    ]  # fmt: skip
    params = {name for name, _ in kept}
    return frozenset(
        one for one in params
        if all(attr in names for name, attr in kept if name == one)
        and reads.count(one) == len([name for name, _ in kept if name == one])
    )  # fmt: skip


def _assigned(node: ast.AST) -> tuple[list[ast.expr], ast.expr | None]:
    """What a statement assigns to, and the value."""
    if isinstance(node, ast.Assign):
        return node.targets, node.value
    if isinstance(node, ast.AnnAssign):
        return [node.target], node.value
    return ([node.target], None) if isinstance(node, ast.AugAssign) else ([], None)
