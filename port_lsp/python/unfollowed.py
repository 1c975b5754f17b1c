"""FastAPI's registering calls that don't lead to a route, for the account of them all.

What a library outside the tree or an unknown value is asked is unresolved where only a router or an
application is asked so; what isn't run, or is the backend's own method of that name, is excluded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from port_lsp.facts.source import Place
from port_lsp.python import syntax as ir
from port_lsp.python.evaluate import force
from port_lsp.python.noting import Notebook
from port_lsp.python.routers import METHODS, RouterObject
from port_lsp.python.values import Arguments, Bound, External, Made, Native, Unknown, Value

if TYPE_CHECKING:
    from port_lsp.python.interpret import Interpreter

_DECORATORS = {*METHODS, "api_route", "websocket"}
# What no other library's objects are asked.
_HANDED = {
    *("add_api_route", "add_api_websocket_route", "add_route", "add_websocket_route"),
    "include_router",
}
_REGISTERING = {*_DECORATORS, *_HANDED, "mount", "route", "websocket_route", "host"}
# Frameworks with decorators like FastAPI's. What is registered there isn't FastAPI's to serve.
_OTHERS = {
    *("aiohttp", "blacksheep", "bottle", "falcon", "flask", "litestar", "quart", "robyn", "sanic"),
    *("starlite", "tornado"),
}


class Unfollowed:
    """Notes them, in the notes of the module that runs."""

    def __init__(self, notes: Notebook) -> None:
        self._notes = notes

    def lost(self, run: Interpreter, at: Place, reason: str) -> None:
        """A chunk that couldn't be followed to its end: what it registers isn't known."""
        self._notes.unresolved(run, at, "module", reason, "")

    def met(self, run: Interpreter) -> int:
        """How many registering calls the running module has come upon."""
        return len(self._notes.of(run).sites)

    def called(
        self, run: Interpreter, func: Value, expr: ir.Call, args: Arguments, at: Place
    ) -> None:
        """A call of `func`, which is none of the framework's own methods."""
        if not isinstance(expr.func, ir.Attr) or expr.func.name not in _REGISTERING:
            return
        method = expr.func.name
        if isinstance(func, Bound):
            if method in _HANDED and not isinstance(func.owner, Native):
                reason = "a method of the backend's own class"  # what it registers is seen inside
                self._notes.site(run, at, method, "excluded", reason)
            return
        if isinstance(func, External):
            owner = func.name.rpartition(".")[0]
            if owner.partition(".")[0] in _OTHERS or method in _DECORATORS:
                return  # a client is asked to `get` as well; of decorators see `decorated`
            reason = _outside(owner)
        elif isinstance(func, Unknown):
            reason = func.reason
        else:
            return
        first = force(run, args.positional[0]) if args.positional else None
        path = first if isinstance(first, str) else ""
        is_sure = method == "include_router" or method.startswith("add_api")
        if is_sure or path.startswith("/") or isinstance(first, RouterObject):
            self._notes.unresolved(run, at, method, reason, path)

    def decorated(self, run: Interpreter, decorator: Made, at: Place) -> None:
        """A decorator of what a library outside the tree has: is it a route's?"""
        owner, _, method = decorator.maker.name.rpartition(".")
        if method not in _DECORATORS:
            return
        path = force(run, decorator.args.get(0, "path"))
        if not isinstance(path, str) or path[:1] not in ("/", ""):
            self._notes.site(run, at, method, "excluded", f"no path, and {_outside(owner)}")
        elif owner.partition(".")[0] in _OTHERS:
            self._notes.site(run, at, method, "excluded", "of another framework's application")
        else:
            self._notes.unresolved(run, at, method, _outside(owner), path)

    def undone(self, run: Interpreter, owner: Value, method: str, at: Place) -> None:
        """A decorator that a router's own `get` or its like made, which registered nothing seen."""
        if isinstance(owner, RouterObject) and owner.cls is not None and method in _DECORATORS:
            reason = f"what {owner.cls.definition.name}.{method}() does isn't known"
            self._notes.unresolved(run, at, method, reason, "")

    def skipped(
        self, run: Interpreter, method: str, at: Place, why: str, *, decorates: bool
    ) -> None:
        """A call that doesn't run, and why it doesn't."""
        if method in _HANDED or (decorates and method in _DECORATORS):
            self._notes.site(run, at, method, "excluded", why)


def _outside(owner: str) -> str:
    return f"{owner} isn't in the tree"
