"""FastAPI's applications and routers: what their methods register.

The rules are those of `fastapi/routing.py` (APIRouter) and `fastapi/applications.py` (FastAPI): a
router's prefix goes before every path at registration, `include_router` copies routes under its
own prefix, and the dependencies of application, include, router and decorator come in that order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from port_lsp.facts.source import Place
from port_lsp.python.again import Again
from port_lsp.python.alternatives import iterate
from port_lsp.python.classes import class_member
from port_lsp.python.evaluate import force
from port_lsp.python.noting import Notebook
from port_lsp.python.registering import Registering
from port_lsp.python.routercalls import RouterCalls
from port_lsp.python.routers import (
    APPLICATIONS,
    ROUTERS,
    PartDecorator,
    RouteDecorator,
    RouteList,
    RouterObject,
    SuperOf,
)
from port_lsp.python.unfollowed import Unfollowed
from port_lsp.python.values import Arguments, Class, Function, Made, Native, Unknown, Value

if TYPE_CHECKING:
    from port_lsp.python.interpret import Interpreter


# The addresses that an application has if it isn't told others (`FastAPI.__init__`).
_ADDRESSES = {
    "openapi_url": "/openapi.json",
    "docs_url": "/docs",
    "redoc_url": "/redoc",
    "swagger_ui_oauth2_redirect_url": "/docs/oauth2-redirect",
    "root_path": "",
}


class FastApi:
    """The framework's half of the interpreter. State: the routers made and what was noted."""

    def __init__(self) -> None:
        self.routers: dict[str, list[RouterObject]] = {}
        self.notes = Notebook()
        self.unfollowed = Unfollowed(self.notes)
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
            self.unfollowed.decorated(run, decorator, at)
        return self._calls.decorate(run, decorator, function, at)

    def attribute(self, owner: Native, name: str) -> Value:
        """`app.router` is the application as a router; `.routes` can be added to; `.docs_url` and
        its like are what it was made with."""
        if isinstance(owner, RouterObject):
            if owner.application and name in _ADDRESSES and name not in owner.attributes:
                return owner.options.keywords.get(name, _ADDRESSES[name])
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


def _is_router_class(name: str) -> bool:
    """A library's own APIRouter (`cadwyn.VersionedAPIRouter`): it registers as FastAPI's does."""
    return name.endswith(("APIRouter", ".InferringRouter")) and not name.startswith("builtins.")
