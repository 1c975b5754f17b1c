"""What couldn't be translated in a pass, so that nobody tries it again in vain.

The blocks of a statement are translated once for each rule that keeps them (`statements/`), the
blocks in these as often again: without this, what stands deep inside is tried dozens of times.
"""

from __future__ import annotations

import ast
from collections.abc import Hashable
from typing import NamedTuple

from port_lsp.patterns.translate.answers import Answer
from port_lsp.patterns.translate.binding import stored
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.values import UntranslatedError


class _Failed(NamedTuple):
    """The names that were known, those that were the block's own, and why it failed; the answer
    that was wanted, which is kept as its identity is asked for."""

    env: Env
    own: tuple[str, ...]
    error: UntranslatedError
    answer: Answer


class Untranslated:
    """The statements that failed in one pass, with all that rules ask of where a statement stands.

    What is learned in a pass only grows, and what needs and functions were added to is taken back
    when a rule fails: so a statement that failed fails again by the same names, in the same
    circumstances, if none of the names that it binds is blocked now and wasn't then."""

    def __init__(self, scene: Scene) -> None:
        """Of the pass that is beginning."""
        self._scene = scene
        self._known: dict[Hashable, list[_Failed]] = {}

    def key(self, node: ast.stmt, blocked: set[str], *, last: bool) -> Hashable:
        """A statement in its circumstances; `last` as rules get it."""
        scene = self._scene
        bound = frozenset(blocked & stored(node)) if blocked else None
        where = (scene.may_move, scene.is_trying, scene.is_talk, scene.streams, scene.transaction)
        asked = (scene.witnessed, scene.unbound, scene.closed, scene.vague)
        return (id(node), last, bound, where, asked, id(scene.answer), scene.returns)

    def of(self, key: Hashable, env: Env, own: tuple[str, ...]) -> UntranslatedError | None:
        """How it failed by these names; None where it hasn't."""
        for one in self._known.get(key, ()):
            if one.own == own and one.env.bound == env.bound and one.env.names == env.names:
                return one.error
        return None

    def add(self, key: Hashable, env: Env, own: tuple[str, ...], error: UntranslatedError) -> None:
        """Notes that it did."""
        self._known.setdefault(key, []).append(_Failed(env, own, error, self._scene.answer))
