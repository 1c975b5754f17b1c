"""Routers and routes that are the same objects after another run."""

from __future__ import annotations

from port_lsp.python.routers import Route, RouterObject
from port_lsp.python.values import Function


class Again:
    """What modules made in their last run, while they are run again.

    A router made at the same place is the same object again: who included it needn't be run again,
    too. So is a route, where nothing that its chunk speaks of is another: what was found out about
    it still holds.
    """

    def __init__(self, changed: set[tuple[str, str]]) -> None:
        """`changed` are the chunks (file, id) that may mean other things."""
        self._changed = changed
        self._routers: dict[tuple[object, ...], list[RouterObject]] = {}
        self._routes: dict[tuple[object, ...], Route] = {}
        self._more: set[str] = set()

    def keep(self, routers: list[RouterObject]) -> None:
        """Takes what was made."""
        for router in routers:
            for step in router.steps:
                if isinstance(step, Route):
                    self._routes[_route_key(router, step)] = step
            self._routers.setdefault(_router_key(router), []).append(router)

    def router(self, made: RouterObject) -> RouterObject:
        """The router that was made in the place of this one before, emptied; else this one."""
        known = self._routers.get(_router_key(made))
        if not known:
            if known is not None:  # made once more than before: which one others hold is another
                self._more.add(made.place.file)
            return made
        router = known.pop(0)
        router.module = made.module
        router.cls, router.prefix, router.options = made.cls, "", made.options
        router.steps, router.attributes = [], {}
        return router

    def route(self, router: RouterObject, made: Route) -> Route:
        """The route that was registered in the place of this one before, else this one."""
        handler = made.handler
        if not isinstance(handler, Function) or (made.at.file, made.at.chunk) in self._changed:
            return made
        if (handler.place.file, handler.place.chunk) != (made.at.file, made.at.chunk):
            return made
        return self._routes.get(_route_key(router, made), made)

    def left(self) -> set[str]:
        """The files of the routers that weren't made again and aren't others, or more than once."""
        return self._more | {
            router.place.file
            for routers in self._routers.values()
            for router in routers
            if (router.place.file, router.place.chunk) not in self._changed
        }


def _router_key(router: RouterObject) -> tuple[object, ...]:
    cls = router.cls.key if router.cls is not None else None
    return router.place, cls, router.application


def _route_key(router: RouterObject, route: Route) -> tuple[object, ...]:
    return (
        router,
        route.at,
        route.methods,
        route.path,
        route.kind,
        route.conditional,
        route.module,
        route.handler.key if isinstance(route.handler, Function) else None,
    )
