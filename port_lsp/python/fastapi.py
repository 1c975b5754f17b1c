"""FastAPI's applications and routers: what their methods register.

The rules are those of `fastapi/routing.py` (APIRouter) and `fastapi/applications.py` (FastAPI): a
router's prefix goes before every path at registration, `include_router` copies routes under its
own prefix, and the dependencies of application, include, router and decorator come in that order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from port_lsp.facts.source import Place
from port_lsp.python import syntax as ir
from port_lsp.python.again import Again
from port_lsp.python.alternatives import iterate
from port_lsp.python.classes import class_member
from port_lsp.python.evaluate import force
from port_lsp.python.noting import Notebook
from port_lsp.python.registering import Registering
from port_lsp.python.routercalls import RouterCalls
from port_lsp.python.routers import (
    APPLICATIONS,
    METHODS,
    ROUTERS,
    PartDecorator,
    RouteDecorator,
    RouteList,
    RouterObject,
    SuperOf,
)
from port_lsp.python.values import Arguments, Class, Function, Made, Native, Unknown, Value

if TYPE_CHECKING:
    from port_lsp.python.interpret import Interpreter

_DECORATORS = {*METHODS, "api_route", "websocket"}
_STARLETTE = {"route", "websocket_route", "add_route", "add_websocket_route", "host"}
# Calls by which something is registered, for the reconciliation. A decorator counts by its method.
REGISTERING_CALLS = {
    *_DECORATORS,
    "add_api_route",
    "add_api_websocket_route",
    "include_router",
    "mount",
    *_STARLETTE,
}

# What no other library's objects are asked.
_HANDED = {
    *("add_api_route", "add_api_websocket_route", "add_route", "add_websocket_route"),
    "include_router",
}
# Frameworks with decorators like FastAPI's. What is registered there isn't FastAPI's to serve.
_OTHERS = {
    *("aiohttp", "blacksheep", "bottle", "falcon", "flask", "litestar", "quart", "robyn", "sanic"),
    *("starlite", "tornado"),
}


class FastApi:
    """The framework's half of the interpreter. State: the routers made and what was noted."""

    def __init__(self) -> None:
        self.routers: dict[str, list[RouterObject]] = {}
        self.notes = Notebook()
        self._put = Registering(self.notes)
        self._calls = RouterCalls(self.notes, self._put)

    def of(self, path: str) -> list[RouterObject]:
        """The routers that are made in a file, or by the run of its module."""
        return [
            router
            for owner, routers in self.routers.items()
            for router in routers
            if path in (owner, router.place.file)
        ]

    def begin(self, modules: set[str], changed: set[tuple[str, str]]) -> None:
        """Drops what modules made and noted, before they are run again.

        `changed` are the chunks (file, id) that may mean other things.
        """
        again = self._put.again = Again(changed)
        for owner, routers in list(self.routers.items()):
            gone = [one for one in routers if owner in modules or one.place.file in modules]
            if gone:
                again.keep(gone)
                self.routers[owner] = [one for one in routers if one not in gone]
        for path in modules:
            self.notes.pages.pop(path, None)

    def end(self) -> set[str]:
        """They were run. Gives the files of routers that nobody asked for this time, though they
        would be the same: who holds one must be run again after all."""
        again, self._put.again = self._put.again, Again(set())
        return again.left()

    # What the interpreter asks

    def construct(
        self, run: Interpreter, name: str, cls: Class | None, args: Arguments, at: Place
    ) -> Native | None:
        """An application or a router made by FastAPI's class `name` or a subclass of it."""
        if name not in APPLICATIONS and name not in ROUTERS and not _is_router_class(name):
            return None
        router = self._put.again.router(RouterObject(name in APPLICATIONS, cls, at, run.owner))
        self.routers.setdefault(run.owner, []).append(router)
        init = class_member(run, cls, "__init__") if cls is not None else None
        if isinstance(init, Function):
            with run.registering(at):
                run.run_function(init, args, router)
        else:
            self._calls.initialise(run, router, args, at)
        return router

    def invoke(
        self, run: Interpreter, owner: Native, method: str, args: Arguments, at: Place
    ) -> Value:
        """A method of a router, or a decorator applied as a plain call."""
        if isinstance(owner, SuperOf):
            return self._invoke_super(run, owner, method, args, at)
        if isinstance(owner, RouteList):
            given = args.get(0, "object")
            if method == "append":
                self._put.listed(run, owner.router, force(run, given), at, "")
            elif method == "extend" and given is not None:
                for item in iterate(run, given):
                    self._put.listed(run, owner.router, item, at, "")
            return None
        if method == "__call__":
            if args.positional and isinstance(owner, (RouteDecorator, PartDecorator)):
                function = force(run, args.positional[0])
                self._calls.decorate(run, owner, function, run.registered or at)
                return function
            return Unknown("an application called by hand")
        if not isinstance(owner, RouterObject):
            return Unknown(f".{method}()")
        return self._calls.invoke(run, owner, method, args, at)

    def _invoke_super(
        self, run: Interpreter, owner: SuperOf, method: str, args: Arguments, at: Place
    ) -> Value:
        for base in run.bases_behind(owner.behind):
            members = run.members(base)
            if method in members.names:
                function = force(run, members.names[method])
                if isinstance(function, Function):
                    return run.run_function(function, args, owner.owner)
        if isinstance(owner.owner, RouterObject):
            return self._calls.invoke(run, owner.owner, method, args, at)
        return None

    def decorate(self, run: Interpreter, decorator: Value, function: Value, at: Place) -> bool:
        """Registers a function under a route decorator."""
        if isinstance(decorator, Made):
            self._foreign(run, decorator, at)
        return self._calls.decorate(run, decorator, function, at)

    def _foreign(self, run: Interpreter, decorator: Made, at: Place) -> None:
        """A decorator that looks like a route's, of what a library outside the tree has."""
        owner, _, method = decorator.maker.name.rpartition(".")
        path = force(run, decorator.args.get(0, "path"))
        if method not in _DECORATORS:
            return
        if not isinstance(path, str) or path[:1] not in ("/", ""):
            self.notes.site(run, at, method, "excluded", f"no path, and {_outside(owner)}")
        elif owner.partition(".")[0] in _OTHERS:
            self.notes.site(run, at, method, "excluded", "of another framework's application")
        else:
            self.notes.unresolved(run, at, method, _outside(owner), path)

    def attribute(self, owner: Native, name: str) -> Value:
        """`app.router` is the application as a router; `.routes` can be added to."""
        if isinstance(owner, RouterObject):
            if name == "router" and owner.application and name not in owner.attributes:
                return owner
            if name == "routes":
                return RouteList(owner)
            if name == "prefix":
                return owner.prefix
        return None

    def super_of(self, run: Interpreter, cls: Class, owner: Value) -> Value:
        """`super()` of a method of `cls` whose first parameter is `owner`."""
        return SuperOf(cls, owner)

    def lost(self, run: Interpreter, at: Place, reason: str) -> None:
        """A chunk that couldn't be followed to its end: what it registers isn't known."""
        self.notes.unresolved(run, at, "module", reason, "")

    def foreign_call(self, run: Interpreter, name: str, args: Arguments, at: Place) -> None:
        """A call of a library's: unresolved where it is handed what only routers are."""
        owner, _, method = name.rpartition(".")
        if method not in _HANDED and method != "mount":
            return
        path = force(run, args.positional[0]) if args.positional else None
        known = path if isinstance(path, str) else ""
        if owner.partition(".")[0] not in _OTHERS and (method in _HANDED or known[:1] == "/"):
            self.notes.unresolved(run, at, method, _outside(owner), known)

    def undone(self, run: Interpreter, owner: Value, method: str, at: Place) -> None:
        """A router's own `get` and its like, made into something that isn't followed."""
        if isinstance(owner, RouterObject) and owner.cls is not None and method in _DECORATORS:
            name = owner.cls.definition.name
            self.notes.unresolved(run, at, method, f"what {name}.{method}() does isn't known", "")

    def own_call(self, run: Interpreter, method: str, at: Place) -> None:
        """A method of the backend's own under a router's name: what it registers is seen inside."""
        if method in _HANDED:
            self.notes.site(run, at, method, "excluded", "a method of the backend's own class")

    def skipped(
        self, run: Interpreter, method: str, at: Place, why: str, *, decorates: bool
    ) -> None:
        """A registration that doesn't run, and why it doesn't."""
        if method in _HANDED or (decorates and method in _DECORATORS):
            self.notes.site(run, at, method, "excluded", why)

    def unknown_call(
        self, run: Interpreter, expr: ir.Call, args: Arguments, at: Place, why: Unknown
    ) -> None:
        """A call on something unknown: unresolved where it looks like a registration."""
        func = expr.func
        if not isinstance(func, ir.Attr) or func.name not in REGISTERING_CALLS:
            return
        path = force(run, args.positional[0]) if args.positional else None
        takes_router = isinstance(path, RouterObject)
        if func.name == "include_router" or func.name.startswith("add_api") or takes_router:
            known = path if isinstance(path, str) else ""
            self.notes.unresolved(run, at, func.name, why.reason, known)
        elif isinstance(path, str) and path.startswith("/"):
            self.notes.unresolved(run, at, func.name, why.reason, path)


def _outside(owner: str) -> str:
    return f"{owner} isn't in the tree"


def _is_router_class(name: str) -> bool:
    """A library's own APIRouter (`cadwyn.VersionedAPIRouter`): it registers as FastAPI's does."""
    return name.endswith(("APIRouter", ".InferringRouter")) and not name.startswith("builtins.")
