"""What is put on a router: routes, other routers, sub-applications.

The rules are those of `fastapi/routing.py` (APIRouter.add_api_route, include_router, mount).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from port_lsp.facts.items import ForeignMount
from port_lsp.facts.source import Place
from port_lsp.python.again import Again
from port_lsp.python.alternatives import choices, iterate
from port_lsp.python.evaluate import force
from port_lsp.python.handed import methods_of as given_methods
from port_lsp.python.handed import name_of, text_of, unwrapped, why_not
from port_lsp.python.noting import Notebook
from port_lsp.python.routers import METHODS, Include, Route, RouterObject
from port_lsp.python.values import Arguments, Class, Made, Unknown, Value

if TYPE_CHECKING:
    from port_lsp.python.interpret import Interpreter


class Registering:
    """Puts steps on routers. State: what may be taken over from the last run, as `again`."""

    def __init__(self, notes: Notebook) -> None:
        self.again = Again(set())
        self._notes = notes

    def route(
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
        """A route at each path that `args` may give; `prefix` is a mount's, of listed routes."""
        given = args.get(0, "path")
        for condition, path in choices(run, given):
            if not isinstance(path, str):
                shown = name_of(handler) if not isinstance(handler, Unknown) else ""
                self._notes.unresolved(run, at, kind, why_not(run, path), shown)
                continue
            conditional = run.condition(condition)
            known = unwrapped(run, handler)
            if not decorated:
                at = run.registered or at
            step = Route(methods, prefix + path, known, args, at, conditional, kind, run.owner)
            if decorated and not run.depth:
                step = self.again.route(router, step)
            router.steps.append(step)
            run.touched(router.module)
            self._notes.site(run, at, kind, "resolved")

    def include(self, run: Interpreter, router: RouterObject, args: Arguments, at: Place) -> None:
        """`router.include_router(…)`: each router it may be, under each prefix it may have."""
        for condition, target in choices(run, args.get(0, "router")):
            if not isinstance(target, RouterObject):
                if target is None and condition is not None:
                    continue  # the branch in which there is no router
                self._notes.unresolved(run, at, "include_router", why_not(run, target), "")
                continue
            given = args.keywords.get("prefix")
            for inner, prefix in choices(run, given if given is not None else ""):
                known = prefix if isinstance(prefix, str) else None
                if known is None:
                    self._notes.unresolved(run, at, "include_router", why_not(run, prefix), "")
                    continue
                both = " and ".join(text for text in (condition, inner) if text)
                conditional = run.condition(both or None)
                step = Include(known, target, args, at, conditional, run.owner)
                router.steps.append(step)
                run.touched(router.module)
                self._notes.site(run, at, "include_router", "resolved")

    def mount(self, run: Interpreter, router: RouterObject, args: Arguments, at: Place) -> None:
        """`app.mount(path, app)`: an application of the backend's own, or a foreign one."""
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
            name = name_of(target)
            self._notes.mount(run, ForeignMount(path or "{?}", name, at, conditional))
        self._notes.site(run, at, "mount", "resolved")

    def listed(
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
                    self.listed(run, router, route, at, prefix + path)
            else:
                self.mount(run, router, args, item.place)
            return
        if short not in ("APIRoute", "Route", "APIWebSocketRoute", "WebSocketRoute"):
            return
        handler = force(run, args.get(1, "endpoint"))
        socket = "WebSocket" in short
        methods = ("WEBSOCKET",) if socket else self.methods_of(run, args, handler)
        kind = "websocket" if socket else "route" if short == "APIRoute" else "starlette"
        self.route(run, router, methods, args, handler, item.place, kind, prefix)

    def methods_of(self, run: Interpreter, args: Arguments, handler: Value) -> tuple[str, ...]:
        """The methods given; of an endpoint class (Starlette's HTTPEndpoint) those it has."""
        given = given_methods(run, args.get(None, "methods"))
        if not given and isinstance(handler, Class):
            names = run.members(handler).names
            given = tuple(sorted(name.upper() for name in METHODS if name in names))
        return given or ("GET",)
