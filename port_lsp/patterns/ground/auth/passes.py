"""What gates hand on to handlers, and trees in which that is said of every value."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from port_lsp.patterns.ground.auth.values import Passes
from port_lsp.types import auth as t

_NOTHING = Passes("nothing")


def passes_of(gate: t.Gate, known: Mapping[str, Passes]) -> Passes:
    """What a gate hands on, given what those do that it rests on."""
    found: set[Passes] = set()
    optional = False
    for leaf in t.leaves(gate.tree):
        if not isinstance(leaf, t.Pass):
            continue
        if leaf.is_none:
            optional = True
        elif isinstance(leaf.value, t.Given):
            below = known[leaf.value.gate]
            optional |= below.optional and not _is_there(gate.tree, leaf)
            found.add(replace(below, optional=False))
        else:
            found.add(_of(leaf.value))
    if len(found) != 1 or _NOTHING in found:
        return _NOTHING
    return replace(found.pop(), optional=optional)


def _of(value: t.Value | None) -> Passes:
    if isinstance(value, t.Row):
        return Passes("row", value.model)
    if isinstance(value, t.Claims):
        return Passes("claims")
    is_text = isinstance(value, t.Carried) or (
        isinstance(value, t.Part) and isinstance(value.of, t.Claims)
    )
    return Passes("text") if is_text else _NOTHING


def _is_there(tree: t.Tree, leaf: t.Pass, there: frozenset[t.Value] = frozenset()) -> bool:
    """Whether every way to a leaf has seen that its value is there."""
    if isinstance(tree, t.Branch):
        inner = there
        if isinstance(tree.test, t.Missing):
            inner = there | {tree.test.value}
        return _is_there(tree.then, leaf, there) and _is_there(tree.other, leaf, inner)
    if isinstance(tree, t.Through):
        return _is_there(tree.then, leaf, there)
    return tree != leaf or leaf.value in there


def told(tree: t.Tree, there: frozenset[t.Value] = frozenset()) -> t.Tree:
    """A tree that asks of each value that is handed on whether it is there."""
    if isinstance(tree, t.Branch):
        inner = there
        if isinstance(tree.test, t.Missing):
            inner = there | {tree.test.value}
        elif isinstance(tree.test, t.Bad):
            inner = there | {tree.test.claims}
        return t.Branch(tree.test, told(tree.then, there), told(tree.other, inner))
    if isinstance(tree, t.Through):
        return t.Through(tree.gate, told(tree.then, there))
    if isinstance(tree, t.Pass) and tree.value is not None and tree.value not in there:
        asked = isinstance(tree.value, (t.Row, t.Carried)) or (
            isinstance(tree.value, t.Part) and isinstance(tree.value.of, t.Claims)
        )
        if asked:
            return t.Branch(t.Missing(tree.value), t.Pass(is_none=True), tree)
    return tree
