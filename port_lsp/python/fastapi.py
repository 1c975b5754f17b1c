"""FastAPI's applications and routers: what their methods register.

The rules are those of `fastapi/routing.py` (APIRouter) and `fastapi/applications.py` (FastAPI): a
router's prefix goes before every path at registration, `include_router` copies routes under its
own prefix, and the dependencies of application, include, router and decorator come in that order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from port_lsp.facts.items import ApplicationPart, ForeignMount, Site, Unresolved
from port_lsp.facts.source import Place
from port_lsp.python import syntax as ir
from port_lsp.python.again import Again
from port_lsp.python.alternatives import choices, iterate
from port_lsp.python.classes import class_member
from port_lsp.python.evaluate import force
from port_lsp.python.handed import methods_of, name_of, text_of, unwrapped, why_not
from port_lsp.python.routers import (
    APPLICATIONS,
    ROUTERS,
    Include,
    Notes,
    PartDecorator,
    Route,
    RouteDecorator,
    RouteList,
    RouterObject,
    SuperOf,
)
from port_lsp.python.values import (
    Arguments,
    Class,
    Function,
    Made,
    Native,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from port_lsp.python.interpret import Interpreter

METHODS = ("get", "post", "put", "delete", "patch", "options", "head", "trace")
_DECORATORS = {*METHODS, "api_route", "websocket"}
_ADDING = {"add_api_route", "add_api_websocket_route", "add_route", "add_websocket_route"}
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


class FastApi:
    """The framework's half of the interpreter. State: the routers made and what was noted."""

    def __init__(self) -> None:
        self.routers: dict[str, list[RouterObject]] = {}
        self.notes: dict[str, Notes] = {}
        self._again = Again(set())

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
        self._again = Again(changed)
        for owner, routers in list(self.routers.items()):
            gone = [one for one in routers if owner in modules or one.place.file in modules]
            if gone:
                self._again.keep(gone)
                self.routers[owner] = [one for one in routers if one not in gone]
        for path in modules:
            self.notes.pop(path, None)

    def end(self) -> set[str]:
        """They were run. Gives the files of routers that nobody asked for this time, though they
        would be the same: who holds one must be run again after all."""
        again, self._again = self._again, Again(set())
        return again.left()

    # What the interpreter asks

    def construct(
        self, run: Interpreter, name: str, cls: Class | None, args: Arguments, at: Place
    ) -> Native | None:
        """An application or a router made by FastAPI's class `name` or a subclass of it."""
        if name not in APPLICATIONS and name not in ROUTERS and not _is_router_class(name):
            return None
        router = self._again.router(RouterObject(name in APPLICATIONS, cls, at, run.owner))
        self.routers.setdefault(run.owner, []).append(router)
        init = class_member(run, cls, "__init__") if cls is not None else None
        if isinstance(init, Function):
            with run.registering(at):
                run.run_function(init, args, router)
        else:
            self._initialise(run, router, args, at)
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
                self._listed_route(run, owner.router, force(run, given), at, "")
            elif method == "extend" and given is not None:
                for item in iterate(run, given):
                    self._listed_route(run, owner.router, item, at, "")
            return None
        if method == "__call__":
            if args.positional and isinstance(owner, (RouteDecorator, PartDecorator)):
                function = force(run, args.positional[0])
                self.decorate(run, owner, function, run.registered or at)
                return function
            return Unknown("an application called by hand")
        if not isinstance(owner, RouterObject):
            return Unknown(f".{method}()")
        return self._invoke_router(run, owner, method, args, at)

    def decorate(self, run: Interpreter, decorator: Value, function: Value, at: Place) -> bool:
        """Registers a function under a route decorator."""
        if isinstance(decorator, PartDecorator):
            name = function.definition.name if isinstance(function, Function) else decorator.kind
            self._part(run, decorator.kind, name, decorator.at, decorator.detail)
            return True
        if not isinstance(decorator, RouteDecorator):
            return False
        router, args = decorator.router, decorator.args
        override = class_member(run, router.cls, "add_api_route") if router.cls else None
        if isinstance(override, Function) and decorator.kind == "route":
            path = args.get(0, "path")
            keywords: dict[str, Value] = {**args.keywords, "methods": list(decorator.methods)}
            keywords.pop("path", None)
            given = Arguments([path, function], keywords)
            before = len(router.steps)
            with run.registering(at):
                run.run_function(override, given, router)
            if len(router.steps) > before:
                return True
        methods, kind = decorator.methods, decorator.kind
        self._register(run, router, methods, args, function, at, kind, decorated=True)
        return True

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
        self._unresolved(run, at, "module", reason, "")

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
            self._unresolved(run, at, func.name, why.reason, known)
        elif isinstance(path, str) and path.startswith("/") and func.name in _DECORATORS:
            self._unresolved(run, at, func.name, why.reason, path)

    # Routers

    def _initialise(
        self, run: Interpreter, router: RouterObject, args: Arguments, at: Place
    ) -> None:
        router.options = args
        if (prefix := args.keywords.get("prefix")) is not None and not router.application:
            known = text_of(run, prefix)
            if known is None:
                self._unresolved(run, at, "prefix", why_not(run, prefix), "")
                known = "{?}"
            router.prefix = known
        if (lifespan := args.keywords.get("lifespan")) is not None:
            value = force(run, lifespan)
            if isinstance(value, Function):
                self._part(run, "lifespan", value.definition.name, at, "")
                if run.registers(value):
                    run.run_function(value, Arguments([router]))
        if (given := args.keywords.get("middleware")) is not None:
            for item in iterate(run, given):
                if isinstance(item, Made) and item.args.positional:
                    name = name_of(force(run, item.args.positional[0]))
                    self._part(run, "middleware", name, item.place, "")
        if (handlers := args.keywords.get("exception_handlers")) is not None:
            known_handlers = force(run, handlers)
            if isinstance(known_handlers, dict):
                for handler in known_handlers.values():
                    self._part(run, "exception-handler", name_of(force(run, handler)), at, "")
        if (routes := args.get(None, "routes")) is not None:
            for item in iterate(run, routes):
                self._listed_route(run, router, item, at, "")

    def _listed_route(
        self, run: Interpreter, router: RouterObject, item: Value, at: Place, prefix: str
    ) -> None:
        """One of `FastAPI(routes=[…])`: a route, a WebSocket's, or a mount of more of them."""
        if not isinstance(item, Made):
            return
        short = item.maker.name.rpartition(".")[2]
        args = item.args
        if short == "Mount":
            path = text_of(run, args.get(0, "path"))
            if (inner := args.keywords.get("routes")) is not None and path is not None:
                for route in iterate(run, inner):
                    self._listed_route(run, router, route, at, prefix + path)
            else:
                self._mount(run, router, args, item.place)
            return
        if short not in ("APIRoute", "Route", "APIWebSocketRoute", "WebSocketRoute"):
            return
        handler = force(run, args.get(1, "endpoint"))
        socket = "WebSocket" in short
        methods = ("WEBSOCKET",) if socket else self._methods_of(run, args, handler)
        kind = "websocket" if socket else "route" if short == "APIRoute" else "starlette"
        self._register(run, router, methods, args, handler, item.place, kind, prefix)

    def _methods_of(self, run: Interpreter, args: Arguments, handler: Value) -> tuple[str, ...]:
        """The methods given; of an endpoint class (Starlette's HTTPEndpoint) those it has."""
        given = methods_of(run, args.get(None, "methods"))
        if not given and isinstance(handler, Class):
            names = run.members(handler).names
            given = tuple(sorted(name.upper() for name in METHODS if name in names))
        return given or ("GET",)

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
            return self._invoke_router(run, owner.owner, method, args, at)
        return None

    def _invoke_router(
        self, run: Interpreter, router: RouterObject, method: str, args: Arguments, at: Place
    ) -> Value:
        if method == "__init__":
            self._initialise(run, router, args, at)
            return None
        if method in METHODS:
            override = class_member(run, router.cls, "api_route") if router.cls else None
            if isinstance(override, Function):
                decorator = self._overridden(run, router, override, method, args, at)
                if decorator is not None and not isinstance(decorator, Unknown):
                    return decorator
            return RouteDecorator(router, (method.upper(),), args, at, "route")
        if method == "api_route":
            methods = methods_of(run, args.get(None, "methods"))
            return RouteDecorator(router, methods or ("GET",), args, at, "route")
        if method == "websocket":
            return RouteDecorator(router, ("WEBSOCKET",), args, at, "websocket")
        if method in _ADDING:
            self._add(run, router, method, args, at)
            return None
        if method == "include_router":
            self._include(run, router, args, at)
            return None
        if method == "mount":
            self._mount(run, router, args, at)
            return None
        if method == "route":
            methods = methods_of(run, args.get(None, "methods"))
            return RouteDecorator(router, methods or ("GET",), args, at, "starlette")
        if method == "websocket_route":
            return RouteDecorator(router, ("WEBSOCKET",), args, at, "websocket")
        if method == "host":
            self._site(run, at, method, "excluded", "a host is no path")
            return None
        return self._part_method(run, method, args, at)

    def _overridden(
        self,
        run: Interpreter,
        router: RouterObject,
        override: Function,
        method: str,
        args: Arguments,
        at: Place,
    ) -> Value:
        """`router.get(path)` of a class with its own `api_route`, by which FastAPI's `get` goes."""
        keywords: dict[str, Value] = {**args.keywords, "methods": [method.upper()]}
        if args.positional:
            keywords["path"] = args.positional[0]
        with run.registering(at):
            return force(run, run.run_function(override, Arguments([], keywords), router))

    def _part_method(self, run: Interpreter, method: str, args: Arguments, at: Place) -> Value:
        """Methods by which something is set up for a whole application."""
        first = force(run, args.positional[0]) if args.positional else None
        if method == "add_middleware":
            self._part(run, "middleware", name_of(first), at, "")
            return None
        if method == "add_exception_handler":
            handler = args.get(1, "handler")
            self._part(run, "exception-handler", name_of(force(run, handler)), at, name_of(first))
            return None
        if method == "middleware":
            return PartDecorator("middleware", str(first), at)
        if method == "exception_handler":
            return PartDecorator("exception-handler", name_of(first), at)
        if method == "on_event":
            return PartDecorator("lifespan", str(first), at)
        if method == "add_event_handler":
            handler = force(run, args.get(1, "func"))
            self._part(run, "lifespan", name_of(handler), at, str(first))
            return None
        return Unknown(f".{method}() of a router")

    def _add(
        self, run: Interpreter, router: RouterObject, method: str, args: Arguments, at: Place
    ) -> None:
        given = args.get(1, "endpoint")
        handler = force(run, given if given is not None else args.get(None, "route"))
        if "websocket" in method:
            self._register(run, router, ("WEBSOCKET",), args, handler, at, "websocket")
        else:
            methods = self._methods_of(run, args, handler)
            kind = "route" if "api" in method else "starlette"
            self._register(run, router, methods, args, handler, at, kind)

    def _register(
        self,
        run: Interpreter,
        router: RouterObject,
        methods: tuple[str, ...],
        args: Arguments,
        handler: Value,
        at: Place,
        kind: str,
        prefix: str = "",
        *,
        decorated: bool = False,
    ) -> None:
        given = args.get(0, "path")
        for condition, path in choices(run, given):
            if not isinstance(path, str):
                self._unresolved(run, at, kind, why_not(run, path), name_of(handler))
                continue
            conditional = run.condition(condition)
            known = unwrapped(run, handler)
            if not decorated:
                at = run.registered or at
            step = Route(methods, prefix + path, known, args, at, conditional, kind, run.owner)
            if decorated and not run.depth:
                step = self._again.route(router, step)
            router.steps.append(step)
            run.touched(router.module)
            self._site(run, at, kind, "resolved")

    def _include(self, run: Interpreter, router: RouterObject, args: Arguments, at: Place) -> None:
        for condition, target in choices(run, args.get(0, "router")):
            if not isinstance(target, RouterObject):
                if target is None and condition is not None:
                    continue  # the branch in which there is no router
                self._unresolved(run, at, "include_router", why_not(run, target), "")
                continue
            given = args.keywords.get("prefix")
            for inner, prefix in choices(run, given if given is not None else ""):
                known = prefix if isinstance(prefix, str) else None
                if known is None:
                    self._unresolved(run, at, "include_router", why_not(run, prefix), "")
                    continue
                both = " and ".join(text for text in (condition, inner) if text)
                conditional = run.condition(both or None)
                step = Include(known, target, args, at, conditional, run.owner)
                router.steps.append(step)
                run.touched(router.module)
                self._site(run, at, "include_router", "resolved")

    def _mount(self, run: Interpreter, router: RouterObject, args: Arguments, at: Place) -> None:
        path = text_of(run, args.get(0, "path"))
        target = force(run, args.get(1, "app"))
        conditional = run.condition(None)
        if isinstance(target, RouterObject) and path is not None:
            step = Include(
                path.rstrip("/"), target, Arguments(), at, conditional, run.owner, mounted=True
            )
            router.steps.append(step)
            run.touched(router.module)
        else:
            notes = self._notes(run)
            notes.mounts.append(ForeignMount(path or "{?}", name_of(target), at, conditional))
        self._site(run, at, "mount", "resolved")

    # Notes

    def _notes(self, run: Interpreter) -> Notes:
        return self.notes.setdefault(run.owner, Notes())

    def _part(self, run: Interpreter, kind: str, name: str, at: Place, detail: str) -> None:
        if kind in ("middleware", "exception-handler", "lifespan"):
            self._notes(run).parts.append(ApplicationPart(kind, name, at, detail))

    def _site(
        self, run: Interpreter, at: Place, construct: str, outcome: str, reason: str = ""
    ) -> None:
        if outcome in ("resolved", "unresolved", "excluded"):
            self._notes(run).sites.append(Site(at, construct, outcome, reason))

    def _unresolved(
        self, run: Interpreter, at: Place, construct: str, reason: str, known: str
    ) -> None:
        self._notes(run).unresolved.append(Unresolved(at, construct, reason, known))
        self._site(run, at, construct, "unresolved", reason)


def _is_router_class(name: str) -> bool:
    """A library's own APIRouter (`cadwyn.VersionedAPIRouter`): it registers as FastAPI's does."""
    return name.endswith(("APIRouter", ".InferringRouter")) and not name.startswith("builtins.")
