"""Of which type an attribute of the application's state is: what all that is assigned to it says.

What isn't known says nothing: an assignment of it isn't translated, and a first value that isn't
ported is none that anybody could read.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable, Mapping

from port_lsp.patterns.desk import Desk
from port_lsp.patterns.translate.appstate.mentions import Function, Mention
from port_lsp.patterns.translate.appstate.uses import Place, Write
from port_lsp.patterns.translate.binding import dotted, walked
from port_lsp.patterns.translate.schemas import schema_at
from port_lsp.types import meanings as m
from port_lsp.types import wire as w
from port_lsp.types.settings import Setting
from port_lsp.types.wire import Wire

_TEXTS = frozenset(("strip", "lstrip", "rstrip", "lower", "upper", "replace", "format", "join",
                    "title", "removeprefix", "removesuffix", "isoformat", "hexdigest"))  # fmt: skip
_MADE = {"str": w.STR, "int": w.INT, "float": w.FLOAT, "bool": w.BOOL, "len": w.INT,
         "isinstance": w.BOOL, "any": w.BOOL, "all": w.BOOL}  # fmt: skip
_OUTSIDE = {"time.time": w.FLOAT, "os.getenv": None, "os.environ.get": None}
_OPEN = Wire("list", (Wire("unknown"),))
_VAGUE = frozenset(("unknown", "any", "union", "tuple", "bytes", "null", "literal"))
_DEEP = 4


class Kinds:
    """The types, worked out once for a revision."""

    def __init__(self, desk: Desk) -> None:
        """Of the desk's backend."""
        self._desk = desk
        self._known: dict[tuple[str, ...], Wire | None] = {}
        self._settings: Mapping[str, Setting] | None = None

    def of(self, place: Place) -> Wire | None:
        """The type of an attribute; None where nothing says it, or several things do."""
        if place.path not in self._known:
            # What an object of its own makes of what it is set to isn't known when it starts.
            writes = [one for one in place.writes if place.owner or one.when == "request"]
            self._known[place.path] = _common(self._said(one) for one in writes)
        return self._known[place.path]

    def _said(self, write: Write) -> Wire | None:
        one = write.mention
        if one.annotation:
            return self._desk.backend.wire(write.file, one.annotation)
        return self._value(one.value, write.file, one, _DEEP) if one.value is not None else None

    def _value(self, node: ast.expr, file: str, at: Mention, deep: int) -> Wire | None:
        if deep < 0:
            return None
        if isinstance(node, ast.Constant):
            return _constant(node.value)
        if isinstance(node, ast.JoinedStr):
            return w.STR
        if isinstance(node, ast.Compare) or (
            isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)
        ):
            return w.BOOL
        if isinstance(node, ast.IfExp):
            if at.is_own(node.orelse):
                return self._value(node.body, file, _tested(at, (*at.tests, node.test)), deep - 1)
            known = (*at.tests, node.test)
            first = self._value(node.body, file, _tested(at, known), deep - 1)
            return _common((first, self._value(node.orelse, file, at, deep - 1)), whole=True)
        if isinstance(node, ast.BinOp):
            sides = [self._value(one, file, at, deep - 1) for one in (node.left, node.right)]
            same = sides[0] == sides[1] and sides[0] in (w.STR, w.INT, w.FLOAT)
            return sides[0] if same and not isinstance(node.op, ast.Div) else None
        if isinstance(node, (ast.List, ast.Set)):
            items = [self._value(one, file, at, deep - 1) for one in node.elts]
            item = _common(items, whole=True) if items else Wire("unknown")
            kind = "list" if isinstance(node, ast.List) else "set"
            return Wire(kind, (item,)) if item is not None else None
        if isinstance(node, ast.Call):
            return self._call(node, file, at, deep)
        return self._named(node, file, at, deep) if dotted(node) else None

    def _call(self, node: ast.Call, file: str, at: Mention, deep: int) -> Wire | None:
        meaning = self._meaning(node.func, file, at)
        if isinstance(meaning, m.Callable):
            return meaning.returns
        if isinstance(meaning, m.Kind):
            model = schema_at(self._desk, meaning.key)
            return w.ref(meaning.key) if model is not None and model.kind == "pydantic" else None
        if isinstance(meaning, m.Outside):
            name = meaning.name.removeprefix("builtins.")
            if name in ("os.getenv", "os.environ.get"):
                default = node.args[1] if len(node.args) > 1 else ast.Constant(None)
                return _common((w.STR, self._value(default, file, at, deep - 1)), whole=True)
            return _MADE.get(name) or _OUTSIDE.get(name)
        if not isinstance(node.func, ast.Attribute):
            return None
        of = self._value(node.func.value, file, at, deep - 1)
        if node.func.attr in _TEXTS:
            return w.STR if of == w.STR else None
        dumps = node.func.attr in ("model_dump", "dict") and of is not None and of.kind == "ref"
        return w.OBJECT if dumps else None

    def _named(self, node: ast.expr, file: str, at: Mention, deep: int) -> Wire | None:
        """What a name is, or an attribute of what it is."""
        root, *parts = dotted(node).split(".")
        own = at.inside[-1] if at.inside else None
        given = _annotation(own, root) if own is not None else None
        if own is not None and given is not None:
            found: Wire | None = self._desk.backend.wire(file, given)
            for part in parts:
                found = self._field(found, part)
            return _asserted(found, dotted(node), at.tests)
        if own is not None and not parts:
            every = walked(*own.body)
            bound = [one for one in every if _binds(one, root)]
            made = [one.value for one in every
                    if isinstance(one, ast.Assign) and one.targets[0] in bound]  # fmt: skip
            if bound:
                only = len(bound) == 1 and len(made) == 1
                return self._value(made[0], file, at, deep - 1) if only else None
        meaning = self._meaning(node, file, at)
        if isinstance(meaning, m.Constant):
            return _constant(json.loads(meaning.json))
        if isinstance(meaning, m.Env):
            return self._setting(meaning.env)
        return None

    def _field(self, of: Wire | None, name: str) -> Wire | None:
        if of is not None and of.kind == "optional":  # what is None has no attribute
            of = of.args[0]
        model = schema_at(self._desk, of.name) if of is not None and of.kind == "ref" else None
        fields = model.fields if model is not None else ()
        found = next((one for one in fields if one.name == name), None)
        if found is None:
            return None
        return w.optional(found.wire) if found.nullable else found.wire

    def _setting(self, env: str) -> Wire | None:
        if self._settings is None:
            self._settings = {one.env: one for one in self._desk.backend.settings()}
        found = self._settings.get(env)
        if found is None:
            return None
        sure = found.needed or found.default is not None or found.kind == "bool"
        return Wire(found.kind) if sure else w.optional(Wire(found.kind))

    def _meaning(self, node: ast.expr, file: str, at: Mention) -> m.Meaning | None:
        name = dotted(node)
        root = name.partition(".")[0]
        own = at.inside[-1] if at.inside else None
        if not name or (own is not None and any(_binds(one, root) for one in walked(own))):
            return None
        return self._desk.backend.meaning(file, name)


def _common(wires: Iterable[Wire | None], *, whole: bool = False) -> Wire | None:
    """The type of all of some values. What isn't known is passed over, but where they are parts
    of a `whole`."""
    kinds: list[Wire] = []
    optional = False
    for one in wires:
        if one is None:
            if whole:
                return None
            continue
        plain = one.args[0] if one.kind == "optional" else one
        optional = optional or one.kind in ("optional", "null")
        if plain.kind != "null" and plain not in kinds:
            kinds.append(plain)
    lists = [one for one in kinds if one.kind == "list" and one != _OPEN]
    kinds = [one for one in kinds if one != _OPEN or not lists]
    if len(kinds) != 1 or _is_vague(kinds[0]):
        return w.NULL if whole and optional and not kinds else None
    return w.optional(kinds[0]) if optional else kinds[0]


def _is_vague(of: Wire) -> bool:
    inner = of.args if of.kind in ("list", "set", "optional") else ()
    return of.kind in _VAGUE or any(map(_is_vague, inner))


def _constant(value: object) -> Wire | None:
    for kind, wire in ((bool, w.BOOL), (int, w.INT), (float, w.FLOAT), (str, w.STR)):
        if isinstance(value, kind):
            return wire
    return w.NULL if value is None else None


def _annotation(of: Function, name: str) -> str | None:
    args = of.args
    for one in (*args.posonlyargs, *args.args, *args.kwonlyargs):
        if one.arg == name:
            return ast.unparse(one.annotation) if one.annotation is not None else ""
    return None


def _binds(node: ast.AST, name: str) -> bool:
    if isinstance(node, ast.arg):
        return node.arg == name
    return isinstance(node, ast.Name) and node.id == name and not isinstance(node.ctx, ast.Load)


def _tested(at: Mention, tests: tuple[ast.expr, ...]) -> Mention:
    return Mention(at.root, at.path, at.how, at.line, inside=at.inside, tests=tests)


def _asserted(of: Wire | None, name: str, tests: tuple[ast.expr, ...]) -> Wire | None:
    """A type without null, where a test has said that it isn't None."""
    if of is None or of.kind != "optional":
        return of
    parts = [part for one in tests for part in _parts(one)]
    for one in parts:
        said = isinstance(one, ast.Compare) and isinstance(one.ops[0], ast.IsNot)
        there = one.left if isinstance(one, ast.Compare) and said else one
        if dotted(there) == name and (said or not isinstance(one, ast.Compare)):
            return of.args[0]
    return of


def _parts(test: ast.expr) -> list[ast.expr]:
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
        return test.values
    return [test]
