"""Statements in the midst of a block that are a gap, behind which translation goes on.

A gap binds the names of which Python says what they are, so that what follows can use them; of the
others nothing is known any more. Gaps that follow each other are one.
"""

from __future__ import annotations

import ast

from port_lsp.patterns.translate.binding import mentioned, stored
from port_lsp.patterns.translate.guesses import guess
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.values import Val
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import UNIT, AnyType, Tuple

REASON = "not ported yet"


class Pending:
    """A gap that is growing: `first` and `last` are its lines, `before` the names in front of it,
    `env` those behind it."""

    def __init__(self, first: int, env: Env) -> None:
        """In front of its first statement; `first` is the line that its text begins on."""
        self.first, self.last = first, first
        self.before = self.env = env
        self.nodes: list[ast.stmt] = []
        self._bound: dict[str, tuple[str, AnyType]] = {}

    def add(self, scene: Scene, node: ast.stmt, wanted: set[str]) -> None:
        """One more statement; `wanted` are the names that it binds and others read later."""
        self.nodes.append(node)
        self.last = node.end_lineno or node.lineno
        kinds = _kinds(scene, node, wanted - self.env.changeable(wanted), self.env)
        env = self.env.without(stored(node)).vague(mentioned((node,)))
        for name in stored(node):
            if name in self._bound:
                env = env.gone(name, self._bound.pop(name)[0])
        for name, kind in kinds.items():
            rust = env.free(name)
            env = env.bind(name, Val(b.Name(rust), kind, True, rust), rust)
            self._bound[name] = (rust, kind)
        self.env = env

    def made(self, python: tuple[str, ...]) -> b.Gap:
        """The gap with its Python."""
        names = tuple(rust for rust, _ in self._bound.values())
        kinds = tuple(kind for _, kind in self._bound.values())
        unused = touched(self.nodes, self.before)
        return gap(python, unused, names, kinds)


def gap(
    python: tuple[str, ...],
    unused: tuple[str, ...],
    names: tuple[str, ...],
    kinds: tuple[AnyType, ...],
) -> b.Gap:
    """A gap that binds variables of certain types."""
    if not names:
        return b.Gap(python, REASON, unused)
    if len(names) == 1:
        return b.Gap(python, REASON, unused, b.Bind(names[0]), kinds[0])
    pattern = b.TuplePattern(None, tuple(map(b.Bind, names)))
    return b.Gap(python, REASON, unused, pattern, Tuple(kinds))


def touched(nodes: list[ast.stmt] | list[ast.expr], env: Env) -> tuple[str, ...]:
    """The variables that statements speak of, as far as they are known."""
    said = mentioned(nodes)
    roots = {val.root for name, val in env.names.items() if name.partition(".")[0] in said}
    return tuple(one for one in env.bound if one.partition(".")[0] in roots)


def _kinds(scene: Scene, node: ast.stmt, wanted: set[str], env: Env) -> dict[str, AnyType]:
    """The types of names that a statement binds in any case, where Python says them."""
    if isinstance(node, ast.AnnAssign) and node.value is not None:
        target, value = node.target, node.value
    elif isinstance(node, ast.Assign) and len(node.targets) == 1:
        target, value = node.targets[0], node.value
    else:
        return {}
    if not isinstance(target, ast.Name) or target.id not in wanted:
        return {}
    kind = guess(scene, value, env)
    return {target.id: kind} if kind is not None and kind != UNIT else {}
