"""What a handler answers, as a tree of decisions like a gate's.

Who is let in gets the handler's own answer; who is refused, its exception's. A parameter of the
path is known as what the request carries there; of bodies and queries nothing is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from port_lsp.facts.items import Model
from port_lsp.facts.source import SourceFile
from port_lsp.python import syntax as ir
from port_lsp.python.dependant import Dependant
from port_lsp.python.depended import Depended
from port_lsp.python.gates.machine import Machine
from port_lsp.python.gates.names import TooLongError
from port_lsp.python.gates.queries import Tables
from port_lsp.python.gates.settingnames import SettingNames
from port_lsp.python.gates.trees import FAILED
from port_lsp.python.gates.values import Env, Known, Then, Unfollowed
from port_lsp.python.values import Function, Scope
from port_lsp.types import auth as t
from port_lsp.types.settings import Setting

if TYPE_CHECKING:
    from port_lsp.python.interpret import Interpreter

_IN_PATH = re.compile(r"\{(\w+)(?::\w+)?\}")


class Handlers(Machine):
    """Follows handlers. State: the gates that they rest on, by the names in their paths: what a
    dependency takes from the path may be known there."""

    def __init__(
        self,
        run: Interpreter,
        files: Mapping[str, SourceFile],
        models: Iterable[Model],
        settings: Iterable[Setting],
    ) -> None:
        """Of a backend that was read."""
        tables = Tables({one.key: one for one in models if one.kind in ("sqlalchemy", "peewee")})
        super().__init__(run, SettingNames(settings, files), tables)
        self._in_path: frozenset[str] = frozenset()
        self._known: dict[str, tuple[Function, t.Tree]] = {}
        self._resting: dict[frozenset[str], dict[str, t.Gate]] = {}

    def answer(self, ident: str, handler: Function) -> t.Tree:
        """The tree of an endpoint (its id)."""
        known = self._known.get(ident)
        if known is None or known[0] is not handler:
            known = self._known[ident] = (handler, self._followed(ident, handler))
        return known[1]

    def _followed(self, ident: str, handler: Function) -> t.Tree:
        self._in_path = frozenset(_IN_PATH.findall(ident.partition("#")[2]))
        self.gates = self._resting.setdefault(self._in_path, {})
        self._steps = 0

        def returns(_: Known, at: Env) -> t.Tree:
            unread = next((one.text for one in at.known if isinstance(one, Unfollowed)), None)
            if unread is not None:
                return t.Hole((), FAILED, f"what `{unread}` does")
            return t.Pass()

        try:
            return self._solve(Depended("", handler, Dependant()), Env(), returns, ())
        except (TooLongError, RecursionError):
            return t.Hole((), FAILED, "it is too long to follow")

    def _plain(self, param: ir.Param, env: Env, scope: Scope, then: Then) -> t.Tree:
        if param.name in self._in_path:
            return then(t.Carried((t.Source("path", param.name),)), env)
        return super()._plain(param, env, scope, then)
