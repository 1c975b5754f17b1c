"""Routers of the backend lowered to the routing tree that both sides share."""

from __future__ import annotations

from port_lsp.facts.items import Signature
from port_lsp.facts.routing import Layer, Mount, Register, Router
from port_lsp.facts.source import Place
from port_lsp.python.handed import name_of
from port_lsp.python.routers import Route, RouterObject
from port_lsp.python.values import (
    Bound,
    Class,
    Function,
    Instance,
    LambdaValue,
    Late,
    Partial,
    Value,
)


def lowered(
    router: RouterObject, above: tuple[RouterObject, ...], address: tuple[int, ...] = ()
) -> Router:
    """The routing tree of a router; one that includes itself ends there. With an address, only
    the steps that it leads to.

    Each step keeps its index, which is how a resolved route finds its way back.
    """
    steps: list[Register | Mount | Layer] = []
    for step in router.steps[address[0] : address[0] + 1] if address else router.steps:
        if isinstance(step, Route):
            steps.append(_register(router, step))
        else:
            inner = step.router
            cyclic = inner is router or inner in above
            steps.append(
                Mount(
                    # A mount goes by its own path alone (starlette.routing.Router.mount).
                    step.prefix if step.mounted else router.prefix + step.prefix,
                    Router("", inner.place, "fastapi")
                    if cyclic
                    else lowered(inner, (*above, router), address[1:]),
                    step.at,
                    conditional=step.conditional,
                )
            )
    return Router("", router.place, "fastapi", tuple(steps))


def _register(router: RouterObject, step: Route) -> Register:
    function = function_of(step.handler)
    if function is not None:
        name, key, place = function.definition.name, function.key, function.place
    else:
        name = name_of(step.handler).rpartition(".")[2]
        if isinstance(step.handler, LambdaValue):
            name = "<lambda>"
        key, place = _elsewhere(step.handler, step.at, name)
    return Register(
        step.methods,
        router.prefix + step.path,
        name,
        key,
        place,
        step.at,
        Signature(),
        kind="websocket" if step.kind == "websocket" else "route",
        conditional=step.conditional,
    )


def function_of(handler: Value) -> Function | None:
    """The function of the tree that a handler is in the end."""
    if isinstance(handler, Partial):
        inner = handler.func
        return function_of(inner.value if isinstance(inner, Late) else inner)
    if isinstance(handler, Bound):
        return handler.function
    return handler if isinstance(handler, Function) else None


def _elsewhere(handler: Value, at: Place, name: str) -> tuple[str, Place]:
    """Key and place of a handler that is no function of the tree: where it is registered."""
    if isinstance(handler, Instance):
        called = handler.cls.members.names.get("__call__") if handler.cls.members else None
        place = called.place if isinstance(called, Function) else handler.cls.place
        return handler.cls.key, place
    if isinstance(handler, Class):
        return handler.key, handler.place
    return f"{at.file}::{name}", at
