"""What stands before all endpoints, read again only for routes that are others than before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from port_lsp.python.depended import Depended, depended_by
from port_lsp.python.leaves import chain_to
from port_lsp.python.routers import Include, Route, RouterObject
from port_lsp.python.routingtree import function_of, lowered
from port_lsp.python.values import Function
from port_lsp.resolve.routes import flatten
from port_lsp.types.depended import Dependency

if TYPE_CHECKING:
    from port_lsp.python.interpret import Interpreter


class Before(NamedTuple):
    """What an endpoint depends on, what others may know of that, and what handles it."""

    every: tuple[Depended, ...]
    neutral: tuple[Dependency, ...]
    handler: Function | None = None


class StandBefore:
    """Reads the dependencies of applications, includes, routers and decorators, then those of the
    handlers: FastAPI's order."""

    def __init__(self, run: Interpreter) -> None:
        """Nothing is read yet."""
        self._run = run
        self._known: dict[tuple[object, ...], Before] = {}
        self._all: dict[str, Before] | None = None

    def forget(self) -> None:
        """Something was run again: routes and includes may be others now. What leads to a route by
        the same ones stays."""
        self._all = None

    def of(self, applications: Iterable[RouterObject]) -> dict[str, Before]:
        """What stands before each endpoint of applications, by its id."""
        if self._all is not None:
            return self._all
        found: dict[str, Before] = {}
        last, self._known = self._known, {}
        for app in applications:
            for resolved in flatten(lowered(app, ())):
                chain = chain_to(app, resolved.address)
                key = (app, *chain)
                before = last.get(key)
                if before is None:
                    every = tuple(depended_by(self._run, app, chain))
                    handler = _handler(chain)
                    before = Before(every, tuple(one.neutral() for one in every), handler)
                self._known[key] = before
                register, path = resolved.register, resolved.path or "/"
                for method in register.methods:
                    found.setdefault(f"{register.key}#{method} {path}", before)
        self._all = found
        return found


def _handler(chain: Sequence[Route | Include]) -> Function | None:
    last = chain[-1] if chain else None
    return function_of(last.handler) if isinstance(last, Route) else None
