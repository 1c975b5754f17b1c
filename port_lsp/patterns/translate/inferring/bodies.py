"""Of which type an expression of a function's body is, read off Python's text."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import Protocol

from port_lsp.patterns.desk import Desk
from port_lsp.patterns.translate.binding import dotted
from port_lsp.patterns.translate.inferring.asking import what_is_called
from port_lsp.patterns.translate.inferring.flow import There, there_if
from port_lsp.patterns.translate.inferring.kinds import SAME, of_constant, of_json, said, together
from port_lsp.patterns.translate.inferring.names import Bound
from port_lsp.patterns.translate.inferring.querying import queried
from port_lsp.patterns.translate.inferring.text import Text
from port_lsp.patterns.translate.schemas import schema_at
from port_lsp.types import meanings as m
from port_lsp.types.wire import (
    BOOL,
    FLOAT,
    INT,
    NULL,
    OBJECT,
    STR,
    Wire,
    array,
    optional,
    ref,
)

_NUMBERS = (INT, FLOAT)
_Local = Mapping[str, "Wire | None"]


class Asked(Protocol):
    """Who answers what other functions take and give."""

    desk: Desk

    def typed(self, meaning: m.Callable) -> m.Callable:
        """A function with the types of its parameters, where they show."""
        ...

    def returns(self, meaning: m.Callable) -> Wire | None:
        """What a function gives; None where nothing shows it."""
        ...


class Typing:
    """One body's."""

    def __init__(
        self,
        of: Asked,
        file: str,
        text: Text,
        params: Mapping[str, Wire | None],
        myself: str = "",
    ) -> None:
        """The statements of a function with its parameters, which are understood by a file;
        `myself` is an object that stands for `self`."""
        self.of, self.file, self._myself = of, file, myself
        self.inside, self.bound, self.text = text.inside, text.bound, text
        self._params, self._busy = params, set[str]()
        self._local: _Local = {}
        self._there = There()

    def at(self, node: ast.expr) -> Wire | None:
        """What an expression of a statement gives there."""
        before, local = self._there, self._local
        self._there, self._local = self.text.there(node), {}
        try:
            return self.wire(node)
        finally:
            self._there, self._local = before, local

    def meaning(self, node: ast.expr) -> m.Meaning | None:
        """What a dotted name means that isn't the body's own."""
        name = dotted(node)
        first, _, rest = name.partition(".")
        if first == "self" and self._myself and rest:
            return self.of.desk.backend.meaning(self.file, f"{self._myself}.{rest}")
        if not name or first in self._params or first in self._local:
            return None
        every = self.bound.get(first)
        if every is None:
            return self.of.desk.backend.meaning(self.file, name)
        if len(every) == 1 and every[0].of is not None:
            return self.of.desk.backend.imported(self.file, every[0].of, name)
        return None

    def made_by(self, node: ast.expr) -> str:
        """The function of another package that a value was made by, by its dotted name, where a
        name has been assigned only that; "" for anything else."""
        every = self.bound.get(node.id, []) if isinstance(node, ast.Name) else []
        if len(every) == 1 and every[0].how == "value" and every[0].node is not None:
            node = every[0].node
        meaning = self.meaning(node.func) if isinstance(node, ast.Call) else None
        return meaning.name if isinstance(meaning, m.Outside) else ""

    def wire(self, node: ast.expr, *, waits: bool = False) -> Wire | None:
        """What an expression gives."""
        found = self._wire(node, waits)
        if found is not None and found.kind == "optional" and dotted(node) in self._there.known:
            return found.args[0]
        return found

    def _wire(self, node: ast.expr, waits: bool) -> Wire | None:
        if isinstance(node, ast.Await):
            return self.wire(node.value, waits=True)
        if isinstance(node, ast.Constant):
            return of_constant(node.value)
        if isinstance(node, ast.JoinedStr):
            return STR
        if isinstance(node, ast.Compare):
            return BOOL
        if isinstance(node, ast.UnaryOp):
            of = self.wire(node.operand) if not isinstance(node.op, ast.Not) else BOOL
            return of if of == BOOL or of in _NUMBERS else None
        if isinstance(node, ast.IfExp):
            return self._chosen(node)
        if isinstance(node, ast.BoolOp):
            return self._either(node)
        if isinstance(node, ast.BinOp):
            return self._reckoned(node)
        if isinstance(node, (ast.Dict, ast.DictComp)):
            return self._dict(node)
        if isinstance(node, (ast.List, ast.ListComp)):
            return self._list(node)
        if isinstance(node, ast.Tuple):
            parts = [self.wire(one) for one in node.elts]
            known = [one for one in parts if one is not None and one != SAME]
            return Wire("tuple", tuple(known)) if parts and len(known) == len(parts) else None
        if isinstance(node, ast.Subscript):
            return self._part(node)
        if isinstance(node, ast.Name):
            return self._name(node)
        if isinstance(node, ast.Attribute):
            return self._attribute(node)
        if isinstance(node, ast.Call):
            return queried(self, node) or what_is_called(self, node, waits=waits)
        return None

    # Names

    def _name(self, node: ast.Name) -> Wire | None:
        name = node.id
        if name in self._local:
            return self._local[name]
        every = self.bound.get(name)
        if name in self._params and not every:
            return self._params[name]
        if every is None:
            return self._meant(node)
        last = self._there.last.get(name)
        if last is not None and not any(one.how == "other" for one in every):
            return self._at_last(name, last)
        if name in self._busy:
            return SAME
        self._busy.add(name)
        try:
            found = [self._given(one) for one in every]
            if name in self._params:
                found.append(self._params[name])
            whole = together(found)
        finally:
            self._busy.discard(name)
        return self._filled(name) if _is_empty(whole) else whole

    def _at_last(self, name: str, node: ast.expr) -> Wire | None:
        """What a name was assigned last, which is what it is."""
        if name in self._busy:
            return SAME
        found = self.at(node)
        if not _is_empty(found):
            return found
        self._busy.add(name)
        try:
            return self._filled(name)
        finally:
            self._busy.discard(name)

    def _given(self, one: Bound) -> Wire | None:
        if one.how == "said" and one.node is not None:
            return said(self.of.desk.backend.wire(self.file, ast.unparse(one.node)))
        if one.how in ("other", "import") or one.node is None:
            return None
        found = self.items(one.node) if one.item else self.at(one.node)
        for at in one.path:
            if found is None or found.kind != "tuple" or at >= len(found.args):
                return None
            found = found.args[at]
        return found

    def _filled(self, name: str) -> Wire | None:
        """The type of a list that begins with nothing in it: of what is appended to it."""
        found: list[Wire | None] = []
        for one in self.inside:
            func = one.func if isinstance(one, ast.Call) else None
            if isinstance(one, ast.Call) and isinstance(func, ast.Attribute) and len(one.args) == 1:
                if not isinstance(func.value, ast.Name) or func.value.id != name:
                    continue
                if func.attr == "append":
                    found.append(self.at(one.args[0]))
                elif func.attr == "extend":
                    found.append(self.items(one.args[0]))
        item = together(found)
        return array(item) if item is not None else None

    def _meant(self, node: ast.expr) -> Wire | None:
        meaning = self.meaning(node)
        if isinstance(meaning, m.Constant):
            return of_json(meaning.json)
        return ref(meaning.key) if isinstance(meaning, m.Member) else None

    def _attribute(self, node: ast.Attribute) -> Wire | None:
        found = self._meant(node)
        if found is not None:
            return found
        of = self.wire(node.value)
        schema = schema_at(self.of.desk, of.name) if of is not None and of.kind == "ref" else None
        for one in schema.fields if schema is not None else ():
            if one.name == node.attr:
                kind = said(one.wire)
                return optional(kind) if kind is not None and one.nullable else kind
        return None

    # Expressions of others

    def _chosen(self, node: ast.IfExp) -> Wire | None:
        before = self._there
        try:
            self._there = before.knowing(there_if(node.test, holds=True))
            first = self.wire(node.body)
            self._there = before.knowing(there_if(node.test, holds=False))
            return together((first, self.wire(node.orelse)))
        finally:
            self._there = before

    def _either(self, node: ast.BoolOp) -> Wire | None:
        """`a or b`: what is None is never the first of them."""
        if isinstance(node.op, ast.And):
            found = [self.wire(one) for one in node.values]
            return BOOL if all(one == BOOL for one in found) else None
        parts: list[Wire | None] = []
        for one in node.values[:-1]:
            kind = self.wire(one)
            parts.append(kind.args[0] if kind is not None and kind.kind == "optional" else kind)
        return together((*(one for one in parts if one != NULL), self.wire(node.values[-1])))

    def _reckoned(self, node: ast.BinOp) -> Wire | None:
        left, right = self.wire(node.left), self.wire(node.right)
        left, right = (right if left == SAME else left), (left if right == SAME else right)
        if left == STR and isinstance(node.op, ast.Mod):
            return STR
        if left is None or right is None:
            return None
        if left in _NUMBERS and right in _NUMBERS:
            if isinstance(node.op, ast.Div):
                return FLOAT
            known = (ast.Add, ast.Sub, ast.Mult, ast.FloorDiv, ast.Mod)
            return (
                (FLOAT if FLOAT in (left, right) else INT) if isinstance(node.op, known) else None
            )
        if isinstance(node.op, ast.Add) and left.kind in ("str", "list"):
            return together((left, right)) if left.kind == right.kind else None
        return None

    def _dict(self, node: ast.Dict | ast.DictComp) -> Wire | None:
        if isinstance(node, ast.DictComp):
            with_names = self._comprehended(node.generators)
            return OBJECT if self._with(with_names, node.key) == STR else None
        for key, value in zip(node.keys, node.values, strict=True):
            kind = self.wire(value) if key is None else None
            if (kind != OBJECT) if key is None else (self.wire(key) != STR):
                return None
        return OBJECT

    def _list(self, node: ast.List | ast.ListComp) -> Wire | None:
        if isinstance(node, ast.ListComp):
            item = self._with(self._comprehended(node.generators), node.elt)
        elif not node.elts:
            return Wire("list", (SAME,))
        else:
            item = together(
                self.items(one.value) if isinstance(one, ast.Starred) else self.wire(one)
                for one in node.elts
            )
        return array(item) if item is not None and item not in (SAME, NULL) else None

    def _comprehended(self, generators: Sequence[ast.comprehension]) -> _Local:
        before, names = self._local, dict(self._local)
        try:
            for one in generators:
                item = self.items(one.iter) if not one.is_async else None
                for name, path in _targets(one.target):
                    kind = item
                    for at in path:
                        pair = kind is not None and kind.kind == "tuple" and at < len(kind.args)
                        kind = kind.args[at] if pair and kind is not None else None
                    names[name] = kind
                self._local = dict(names)
        finally:
            self._local = before
        return names

    def _with(self, names: _Local, node: ast.expr) -> Wire | None:
        before, self._local = self._local, names
        try:
            return self.wire(node)
        finally:
            self._local = before

    def _part(self, node: ast.Subscript) -> Wire | None:
        of = self.wire(node.value)
        if of is None or of.kind == "optional":
            return None
        if isinstance(node.slice, ast.Slice):
            return of if of.kind in ("str", "list") else None
        if of.kind == "str":
            return STR
        if of.kind == "list":
            return said(of.args[0]) if of.args else None
        if of.kind == "map":
            return said(of.args[1]) if len(of.args) > 1 else None
        at = node.slice.value if isinstance(node.slice, ast.Constant) else None
        if of.kind == "tuple" and isinstance(at, int) and -len(of.args) <= at < len(of.args):
            return said(of.args[at])
        return None

    def items(self, node: ast.expr) -> Wire | None:
        """What a loop over something gives."""
        if isinstance(node, ast.Call):
            func, name = node.func, dotted(node.func)
            meaning = self.meaning(func) if name else None
            if meaning == m.Outside("builtins.range"):
                return INT
            if meaning == m.Outside("builtins.enumerate") and node.args:
                item = self.items(node.args[0])
                return Wire("tuple", (INT, item)) if item is not None else None
            if isinstance(func, ast.Attribute) and func.attr in ("items", "keys", "values"):
                of = self.wire(func.value)
                if of is None or of.kind != "map" or len(of.args) != 2:
                    return None
                value = said(of.args[1])
                if func.attr == "keys":
                    return of.args[0]
                pair = func.attr == "items" and value is not None
                return Wire("tuple", (of.args[0], value)) if pair and value else value
        of = self.wire(node)
        if of is None or of.kind not in ("list", "set", "map", "str"):
            return None
        return STR if of.kind == "str" else said(of.args[0]) if of.args else None


def _is_empty(wire: Wire | None) -> bool:
    """Whether it is a list with nothing in it, as far as it is known."""
    return wire is not None and wire.kind == "list" and wire.args == (SAME,)


def _targets(node: ast.expr, path: tuple[int, ...] = ()) -> list[tuple[str, tuple[int, ...]]]:
    """The names of a loop's target, each with its place in nested tuples."""
    if isinstance(node, ast.Name):
        return [(node.id, path)]
    found: list[tuple[str, tuple[int, ...]]] = []
    for at, one in enumerate(node.elts if isinstance(node, (ast.Tuple, ast.List)) else ()):
        found += _targets(one, (*path, at))
    return found
