"""What the methods of a router or an application do, and its decorators.

The rules are those of `fastapi/routing.py` (APIRouter) and `fastapi/applications.py` (FastAPI).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from port_lsp.facts.source import Place
from port_lsp.python.alternatives import iterate
from port_lsp.python.classes import class_member
from port_lsp.python.evaluate import force
from port_lsp.python.handed import methods_of, name_of, text_of, why_not
from port_lsp.python.noting import Notebook
from port_lsp.python.registering import Registering
from port_lsp.python.routers import METHODS, PartDecorator, RouteDecorator, RouterObject
from port_lsp.python.values import Arguments, Function, Made, Unknown, Value

if TYPE_CHECKING:
    from port_lsp.python.interpret import Interpreter

_ADDING = {"add_api_route", "add_api_websocket_route", "add_route", "add_websocket_route"}

_STATUSES = 1000


class RouterCalls:
    """A router's methods, called. What they register is put on it by `put`, or noted."""

    def __init__(self, notes: Notebook, put: Registering) -> None:
        self._notes = notes
        self._put = put

    def decorate(self, run: Interpreter, decorator: Value, function: Value, at: Place) -> bool:
        """Registers a function under a route decorator."""
        if isinstance(decorator, PartDecorator):
            name = function.definition.name if isinstance(function, Function) else decorator.kind
            self._notes.part(run, decorator.kind, name, decorator.at, decorator.detail)
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
        self._put.route(run, router, methods, args, function, at, kind, decorated=True)
        return True

    def initialise(
        self, run: Interpreter, router: RouterObject, args: Arguments, at: Place
    ) -> None:
        """What the constructor is given: prefix, lifespan, middleware, handlers, routes."""
        router.options = args
        if (prefix := args.keywords.get("prefix")) is not None and not router.application:
            known = text_of(run, prefix)
            if known is None:
                self._notes.unresolved(run, at, "prefix", why_not(run, prefix), "")
                known = "{?}"
            router.prefix = known
        if (lifespan := args.keywords.get("lifespan")) is not None:
            value = force(run, lifespan)
            if isinstance(value, Function):
                self._notes.part(run, "lifespan", value.definition.name, at, "")
                if run.registers(value):
                    run.at_start(value, Arguments([router]))
        if (given := args.keywords.get("middleware")) is not None:
            for item in iterate(run, given):
                if isinstance(item, Made) and item.args.positional:
                    name = name_of(force(run, item.args.positional[0]))
                    self._notes.part(run, "middleware", name, item.place, "")
        if (handlers := args.keywords.get("exception_handlers")) is not None:
            known_handlers = force(run, handlers)
            if isinstance(known_handlers, dict):
                for key, handler in known_handlers.items():
                    name = name_of(force(run, handler))
                    # A class is there by its identity, which says no name.
                    of = str(key) if isinstance(key, int) and key < _STATUSES else ""
                    self._notes.part(run, "exception-handler", name, at, of)
        if (routes := args.get(None, "routes")) is not None:
            for item in iterate(run, routes):
                self._put.listed(run, router, item, at, "")

    def invoke(
        self, run: Interpreter, router: RouterObject, method: str, args: Arguments, at: Place
    ) -> Value:
        """A method called: a decorator is waiting for its function, anything else is done."""
        if method == "__init__":
            self.initialise(run, router, args, at)
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
            self._put.include(run, router, args, at)
            return None
        if method == "mount":
            self._put.mount(run, router, args, at)
            return None
        if method == "route":
            methods = methods_of(run, args.get(None, "methods"))
            return RouteDecorator(router, methods or ("GET",), args, at, "starlette")
        if method == "websocket_route":
            return RouteDecorator(router, ("WEBSOCKET",), args, at, "websocket")
        if method == "host":
            self._notes.site(run, at, method, "excluded", "a host is no path")
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
            self._notes.part(run, "middleware", name_of(first), at, "")
            return None
        if method == "add_exception_handler":
            name = name_of(force(run, args.get(1, "handler")))
            self._notes.part(run, "exception-handler", name, at, name_of(first))
            return None
        if method == "middleware":
            return PartDecorator("middleware", str(first), at)
        if method == "exception_handler":
            return PartDecorator("exception-handler", name_of(first), at)
        if method == "on_event":
            return PartDecorator("lifespan", str(first), at)
        if method == "add_event_handler":
            handler = force(run, args.get(1, "func"))
            self._notes.part(run, "lifespan", name_of(handler), at, str(first))
            return None
        return Unknown(f".{method}() of a router")

    def _add(
        self, run: Interpreter, router: RouterObject, method: str, args: Arguments, at: Place
    ) -> None:
        given = args.get(1, "endpoint")
        handler = force(run, given if given is not None else args.get(None, "route"))
        if "websocket" in method:
            self._put.route(run, router, ("WEBSOCKET",), args, handler, at, "websocket")
        else:
            methods = self._put.methods_of(run, args, handler)
            kind = "route" if "api" in method else "starlette"
            self._put.route(run, router, methods, args, handler, at, kind)
