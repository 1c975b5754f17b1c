"""What is known at a statement of the names of a body, by what stands in front of it: which aren't
None, as who has None has left, and what was assigned to them last."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import NamedTuple, cast

from port_lsp.patterns.translate.binding import always_ends, dotted, stored

_BLOCKS = ("body", "orelse", "finalbody")


class There(NamedTuple):
    """The dotted names that are something, and the values that names surely have."""

    known: frozenset[str] = frozenset()
    last: Mapping[str, ast.expr] = {}

    def without(self, names: set[str]) -> There:
        """With other values of some names."""
        known = frozenset(one for one in self.known if one.partition(".")[0] not in names)
        return There(known, {name: one for name, one in self.last.items() if name not in names})

    def knowing(self, names: frozenset[str]) -> There:
        """With more that isn't None."""
        return There(self.known | names, self.last) if names else self


def flowing(nodes: Sequence[ast.stmt]) -> dict[int, There]:
    """By the identity of each statement, what is known there."""
    found: dict[int, There] = {}
    _block(nodes, There(), found)
    return found


def there_if(test: ast.expr, *, holds: bool) -> frozenset[str]:
    """The names that are something where a test holds, or where it doesn't."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return there_if(test.operand, holds=not holds)
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And) == holds:
        return frozenset(name for one in test.values for name in there_if(one, holds=holds))
    if isinstance(test, ast.Compare) and len(test.ops) == 1:
        other = test.comparators[0]
        is_none = isinstance(other, ast.Constant) and other.value is None
        says = ast.IsNot if holds else ast.Is
        name = dotted(test.left) if is_none and isinstance(test.ops[0], says) else ""
        return frozenset((name,) if name else ())
    name = dotted(test) if holds else ""
    return frozenset((name,) if name else ())


def _block(nodes: Sequence[ast.stmt], there: There, found: dict[int, There]) -> There:
    for node in nodes:
        found[id(node)] = there
        there = _behind(node, there, found)
    return there


def _behind(node: ast.stmt, there: There, found: dict[int, There]) -> There:
    """What is known behind a statement; what is inside of it is looked at on the way."""
    bound = stored(node)
    if isinstance(node, ast.If):
        return _asked(node, there, found)
    if isinstance(node, (ast.With, ast.AsyncWith)):
        names = {name for one in node.items for name in stored(one)}
        return _block(node.body, there.without(names), found)
    if isinstance(node, (ast.For, ast.AsyncFor, ast.While)):
        before = there.without(bound)  # what it binds it may have bound before
        test = there_if(node.test, holds=True) if isinstance(node, ast.While) else frozenset[str]()
        _block(node.body, before.knowing(test), found)
        _block(node.orelse, before, found)
        return before
    if isinstance(node, ast.Try):
        _block(node.orelse, _block(node.body, there, found), found)
        for one in node.handlers:
            _block(one.body, there.without(bound), found)
        _block(node.finalbody, there.without(bound), found)
        return there.without(bound)
    for name in _BLOCKS:  # of kinds that are none of these
        inner = getattr(node, name, None)
        if isinstance(inner, list) and not isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            _block(cast("list[ast.stmt]", inner), there.without(bound), found)
    for one in getattr(node, "cases", ()):
        _block(one.body, there.without(bound), found)
    there = there.without(bound)
    if isinstance(node, ast.Assign) and len(node.targets) == 1:
        target = node.targets[0]
        if isinstance(target, ast.Name) and bound == {target.id}:
            return There(there.known, {**there.last, target.id: node.value})
    if isinstance(node, ast.Assert):
        return there.knowing(there_if(node.test, holds=True))
    return there


def _asked(node: ast.If, there: There, found: dict[int, There]) -> There:
    before = there.without(stored(node.test))
    first = _block(node.body, before.knowing(there_if(node.test, holds=True)), found)
    other = _block(node.orelse, before.knowing(there_if(node.test, holds=False)), found)
    if always_ends(node.body):
        return other
    if node.orelse and always_ends(node.orelse):
        return first
    same = {name: one for name, one in first.last.items() if other.last.get(name) is one}
    return There(first.known & other.known, same)
