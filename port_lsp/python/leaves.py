"""The steps of applications and routers: what tells them apart, what endpoints depend on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from port_lsp.facts.items import Endpoint
from port_lsp.python.routers import Include, Route, RouterObject
from port_lsp.python.values import Arguments

State = tuple[object, ...]

Leaves = dict[object, tuple[State, list[Endpoint]]]


class Step(NamedTuple):
    """What an application's step gave: its leaves, and all that they rest on where that is known
    without a look at each."""

    rests_on: State | None
    leaves: Leaves


def rests_on(app: RouterObject, step: Route | Include) -> State | None:
    """All that the leaves of an application's step depend on, compared faster than leaf by leaf;
    None where routers are nested further."""
    if isinstance(step, Route) or step.router is app or Include in map(type, step.router.steps):
        return None
    inner = step.router
    added = (adding(app.options), adding(step.options), adding(inner.options))
    return (app.prefix, *added, inner, inner.prefix, *inner.steps)


def keep(before: Leaves, now: Leaves) -> None:
    """Endpoints, each of which that is equal to one of before is that one."""
    known = {one.id: one for _, endpoints in before.values() for one in endpoints}
    for _, endpoints in now.values():
        endpoints[:] = [known[one.id] if known.get(one.id) == one else one for one in endpoints]


def leaves(
    app: RouterObject, index: int, step: Route | Include
) -> Iterator[tuple[object, State, tuple[int, ...]]]:
    """The parts of an application's step: what tells each from the others, what else it depends
    on, and the indices that lead to it. Those of an include are its router's steps."""
    if isinstance(step, Route) or step.router is app:
        yield None, (), (index,)
        return
    added, inner = adding(step.options), step.router
    for at, one in enumerate(inner.steps):
        yield told_by(one), (added, _state(inner, one, (app,))), (index, at)


def chain_to(app: RouterObject, address: tuple[int, ...]) -> list[Route | Include]:
    """The steps from an application to a route: includes, then the route."""
    chain: list[Route | Include] = []
    router = app
    for index in address:
        step = router.steps[index]
        chain.append(step)
        if isinstance(step, Include):
            router = step.router
    return chain


def told_by(step: Route | Include) -> object:
    """What tells a step from others. An include is made anew whenever its module is run, so that
    it is told by what it says; not by its options, of which little matters."""
    if isinstance(step, Route):
        return step
    return (step.prefix, step.router, step.at, step.conditional, step.mounted)


def adding(options: Arguments) -> Arguments | None:
    """The options of an application, a router or an include where they add to the endpoints below;
    None where they don't."""
    given = options.keywords
    return options if "dependencies" in given or "default_response_class" in given else None


def _state(router: RouterObject, step: Route | Include, above: tuple[RouterObject, ...]) -> State:
    """All that the endpoints of a step of a router depend on: includes by what they say, all else
    told apart by identity."""
    own = (router, router.prefix, adding(router.options), told_by(step))
    if isinstance(step, Route):
        return own
    inner = step.router
    if inner is router or inner in above:
        return (*own, adding(step.options))
    states = [_state(inner, one, (*above, router)) for one in inner.steps]
    return (*own, adding(step.options), *states)
