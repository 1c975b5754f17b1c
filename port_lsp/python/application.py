"""From applications and routers to endpoints: the routing tree, walked by the one evaluator."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

from port_lsp.facts.items import Endpoint, Signature
from port_lsp.facts.routing import Layer, Mount, Register, Router
from port_lsp.facts.source import Place
from port_lsp.python import syntax as ir
from port_lsp.python.alternatives import iterate
from port_lsp.python.annotations import kind_of
from port_lsp.python.dependant import Dependant, merged, one_each, placeholders
from port_lsp.python.dependencies import dependant_of, dependency
from port_lsp.python.evaluate import force
from port_lsp.python.fastapi import FastApi
from port_lsp.python.fields import written
from port_lsp.python.guards import guard_of
from port_lsp.python.handed import name_of
from port_lsp.python.routers import Include, Route, RouterObject
from port_lsp.python.values import (
    Arguments,
    Bound,
    Class,
    External,
    Function,
    Instance,
    LambdaValue,
    Late,
    Partial,
    Value,
)
from port_lsp.resolve.routes import Resolved, flatten

if TYPE_CHECKING:
    from port_lsp.python.interpret import Interpreter

_MOST = 20_000  # routes of which something is kept, whether they are there still or not

Named = tuple[str, Dependant]
_State = tuple[object, ...]
_Leaves = dict[object, tuple[_State, list[Endpoint]]]


class _Step(NamedTuple):
    """What an application's step gave: its leaves, and all that they rest on where that is known
    without a look at each."""

    rests_on: _State | None
    leaves: _Leaves


class Endpoints:
    """The endpoints of all applications. State: signatures by the route they belong to."""

    def __init__(self, run: Interpreter, fastapi: FastApi) -> None:
        self._run = run
        self._fastapi = fastapi
        self._own: dict[tuple[Route, frozenset[str]], tuple[Dependant, list[Named]]] = {}
        self._lists: dict[object, list[Named]] = {}
        self._signatures: dict[tuple[object, ...], Signature] = {}
        # Of routes to which nothing above them adds anything: they survive another run of what
        # includes them.
        self._plain: dict[tuple[Route, frozenset[str]], Signature] = {}
        self._all: tuple[Endpoint, ...] | None = None
        self._steps: dict[tuple[RouterObject, object], _Step] = {}

    def forget(self) -> None:
        """Something was run again. Drops what belongs to routes that are no more, once that is
        much."""
        self._lists.clear()
        self._all = None
        if len(self._own) + len(self._signatures) < _MOST:
            return
        alive = {
            step
            for routers in self._fastapi.routers.values()
            for router in routers
            for step in router.steps
        }
        self._own = {key: own for key, own in self._own.items() if key[0] in alive}
        self._plain = {key: signature for key, signature in self._plain.items() if key[0] in alive}
        self._signatures = {
            chain: signature
            for chain, signature in self._signatures.items()
            if chain[-1] in alive and all(step in alive for step in chain[1:])
        }

    def all(self) -> tuple[Endpoint, ...]:
        """Every endpoint of every application, each id once, in the applications' order.

        Kept until `forget` says that something was run again.
        """
        if self._all is None:
            self._all = self._compose()
        return self._all

    def _compose(self) -> tuple[Endpoint, ...]:
        made = [r for path in sorted(self._fastapi.routers) for r in self._fastapi.routers[path]]
        below = {
            step.router for router in made for step in router.steps if isinstance(step, Include)
        }
        found: dict[str, Endpoint] = {}
        kept, self._steps = self._steps, {}
        for app in made:
            if app.application and app not in below:
                for index, step in enumerate(app.steps):
                    key = app, _told_by(step)
                    rests_on, last = _rests_on(app, step), kept.get(key)
                    if last is None or rests_on is None or last.rests_on != rests_on:
                        now = self._steps[key].leaves if key in self._steps else {}
                        self._read_step(app, index, step, last.leaves if last else {}, now)
                        last = _Step(rests_on, now)
                    self._steps[key] = last
                    for _, endpoints in last.leaves.values():
                        for endpoint in endpoints:
                            found.setdefault(endpoint.id, endpoint)
        return tuple(found.values())

    def _read_step(
        self,
        app: RouterObject,
        index: int,
        step: Route | Include,
        before: _Leaves,
        now: _Leaves,
    ) -> None:
        """Puts the leaves of an application's step into `now`, those that stand from `before`."""
        own = (app.prefix, _adding(app.options))
        fresh = False
        for leaf, state, address in _leaves(app, index, step):
            known = before.get(leaf)
            if known is None or known[0] != (own, state):
                known, fresh = ((own, state), self._below(app, address)), True
            now[leaf] = known
        if fresh:
            _keep(before, now)

    def _below(self, app: RouterObject, address: tuple[int, ...]) -> list[Endpoint]:
        """The endpoints at and below one step, given by the indices that lead to it."""
        size = len(address)
        return [
            endpoint
            for resolved in flatten(_lowered(app, (), address))
            for endpoint in self._endpoints(app, resolved, (*address, *resolved.address[size:]))
        ]

    def _endpoints(
        self, app: RouterObject, resolved: Resolved, address: tuple[int, ...]
    ) -> list[Endpoint]:
        register = resolved.register
        chain = _chain(app, address)
        path = resolved.path or "/"
        signature = self._signature(app, chain, path)
        return [
            Endpoint(
                id=f"{register.key}#{method} {path}",
                kind=register.kind,
                method=method,
                path=path,
                handler=register.handler,
                key=register.key,
                place=register.place,
                registered=register.registered,
                signature=signature,
                conditional=resolved.conditional,
                trail=resolved.trail,
            )
            for method in register.methods
        ]

    def _signature(self, app: RouterObject, chain: list[Route | Include], path: str) -> Signature:
        key = (app, *chain)
        found = self._signatures.get(key)
        if found is None:
            found = self._signatures[key] = self._read_signature(app, chain, path)
        return found

    def _read_signature(
        self, app: RouterObject, chain: list[Route | Include], path: str
    ) -> Signature:
        """The endpoint's own signature with what applications, includes and routers add."""
        route = chain[-1]
        if not isinstance(route, Route):
            return Signature()
        before = list(self._named(app, app.options.keywords.get("dependencies")))
        classes = [app.options.keywords.get("default_response_class")]
        for step in chain[:-1]:
            if isinstance(step, Include):
                if step.mounted:  # a mounted application is asked by itself
                    before, classes = [], []
                before += self._named(step, step.options.keywords.get("dependencies"))
                router = step.router
                before += self._named(router, router.options.keywords.get("dependencies"))
                classes += [
                    step.options.keywords.get("default_response_class"),
                    router.options.keywords.get("default_response_class"),
                ]
        alone = (route, placeholders(path))
        is_plain = not before and all(given is None for given in classes)
        if is_plain and (found := self._plain.get(alone)) is not None:
            return found
        own, listed = self._own_of(*alone)
        dependant = merged(own, [*before, *listed])
        response_class = route.options.keywords.get("response_class")
        signature = self._assembled(route, dependant, [*classes, response_class])
        if is_plain:
            self._plain[alone] = signature
        return signature

    def _assembled(self, route: Route, dependant: Dependant, classes: list[Value]) -> Signature:
        run = self._run
        function = _function(route.handler)
        given = route.options.keywords.get("response_model")
        model, models = written(given), self._models_of(given)
        if given is None and function is not None and route.kind == "route":
            returns = function.definition.returns
            if returns is not None:
                model = returns.text
                models = kind_of(run, returns.expr, function.scope).models
        if model == "None":
            model = None
        chosen = next((value for value in reversed(classes) if value is not None), None)
        facts = next((hop.facts for hop in dependant.chain if not hop.name), None)
        if not models and facts is not None and function is not None:
            models = self._returned(facts.returns, function)
        kinds = dict.fromkeys(facts.kinds if facts else ())
        if route.kind == "websocket":
            kinds["websocket"] = None
        if "background_tasks" in dependant.own_uses:
            kinds["background"] = None
        return Signature(
            parameters=one_each(dependant.parameters),
            dependencies=dependant.direct,
            guard=guard_of(dependant),
            body_models=dependant.models,
            response_model=model,
            response_models=models,
            response_class=name_of(force(run, chosen)).rpartition(".")[2] if chosen else None,
            status_code=_status(force(run, route.options.keywords.get("status_code"))),
            kinds=tuple(kinds),
        )

    def _returned(self, names: tuple[str, ...], function: Function) -> tuple[str, ...]:
        """The models that a body answers with where nobody told FastAPI."""
        found: dict[str, None] = {}
        for name in names:
            expr = ir.at_path(name)
            found |= dict.fromkeys(kind_of(self._run, expr, function.scope).models)
        return tuple(found)

    def _models_of(self, given: Value) -> tuple[str, ...]:
        if isinstance(given, Late):
            return kind_of(self._run, given.expr, given.scope).models
        return ()

    def _own_of(self, route: Route, names: frozenset[str]) -> tuple[Dependant, list[Named]]:
        """What a route's handler and decorator ask for below a path with these placeholders."""
        key = (route, names)
        if key not in self._own:
            # A view's method is handed its object; Starlette's own routes take a request alone.
            own = (
                Dependant()
                if route.kind == "starlette" or isinstance(route.handler, Class)
                else dependant_of(self._run, route.handler, names, view=True)
            )
            listed = self._list(route.options.keywords.get("dependencies"))
            self._own[key] = (own, listed)
        return self._own[key]

    def _named(self, owner: object, given: Value) -> list[Named]:
        if given is None:
            return []
        if owner not in self._lists:
            self._lists[owner] = self._list(given)
        return self._lists[owner]

    def _list(self, given: Value) -> list[Named]:
        """The dependencies that a `dependencies=[…]` lists."""
        known = force(self._run, given)
        if not isinstance(known, (list, tuple)):
            return []
        found = (dependency(self._run, item) for item in iterate(self._run, known))
        return [item for item in found if item is not None]


def _rests_on(app: RouterObject, step: Route | Include) -> _State | None:
    """All that the leaves of an application's step depend on, compared faster than leaf by leaf;
    None where routers are nested further."""
    if isinstance(step, Route) or step.router is app or Include in map(type, step.router.steps):
        return None
    inner = step.router
    adding = (_adding(app.options), _adding(step.options), _adding(inner.options))
    return (app.prefix, *adding, inner, inner.prefix, *inner.steps)


def _keep(before: _Leaves, now: _Leaves) -> None:
    """Endpoints, each of which that is equal to one of before is that one."""
    known = {one.id: one for _, endpoints in before.values() for one in endpoints}
    for _, endpoints in now.values():
        endpoints[:] = [known[one.id] if known.get(one.id) == one else one for one in endpoints]


def _leaves(
    app: RouterObject, index: int, step: Route | Include
) -> Iterator[tuple[object, _State, tuple[int, ...]]]:
    """The parts of an application's step: what tells each from the others, what else it depends
    on, and the indices that lead to it. Those of an include are its router's steps."""
    if isinstance(step, Route) or step.router is app:
        yield None, (), (index,)
        return
    adding, inner = _adding(step.options), step.router
    for at, one in enumerate(inner.steps):
        yield _told_by(one), (adding, _state(inner, one, (app,))), (index, at)


def _chain(app: RouterObject, address: tuple[int, ...]) -> list[Route | Include]:
    """The steps from an application to a route: includes, then the route."""
    chain: list[Route | Include] = []
    router = app
    for index in address:
        step = router.steps[index]
        chain.append(step)
        if isinstance(step, Include):
            router = step.router
    return chain


def _told_by(step: Route | Include) -> object:
    """What tells a step from others. An include is made anew whenever its module is run, so that
    it is told by what it says; not by its options, of which little matters."""
    if isinstance(step, Route):
        return step
    return (step.prefix, step.router, step.at, step.conditional, step.mounted)


def _adding(options: Arguments) -> Arguments | None:
    """The options of an application, a router or an include where they add to the endpoints below;
    None where they don't."""
    given = options.keywords
    return options if "dependencies" in given or "default_response_class" in given else None


def _state(router: RouterObject, step: Route | Include, above: tuple[RouterObject, ...]) -> _State:
    """All that the endpoints of a step of a router depend on: includes by what they say, all else
    told apart by identity."""
    own = (router, router.prefix, _adding(router.options), _told_by(step))
    if isinstance(step, Route):
        return own
    inner = step.router
    if inner is router or inner in above:
        return (*own, _adding(step.options))
    states = [_state(inner, one, (*above, router)) for one in inner.steps]
    return (*own, _adding(step.options), *states)


def _lowered(
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
                    else _lowered(inner, (*above, router), address[1:]),
                    step.at,
                    conditional=step.conditional,
                )
            )
    return Router("", router.place, "fastapi", tuple(steps))


def _register(router: RouterObject, step: Route) -> Register:
    function = _function(step.handler)
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


def _function(handler: Value) -> Function | None:
    if isinstance(handler, Partial):
        inner = handler.func
        return _function(inner.value if isinstance(inner, Late) else inner)
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


def _status(value: Value) -> int | None:
    """A status code as a number; `status.HTTP_201_CREATED` has it in its name."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, External):
        last = value.name.removesuffix(".value").rpartition(".")[2]
        digits = last.removeprefix("HTTP_")[:3]
        if digits.isdigit():
            return int(digits)
        return _NAMED.get(last)
    return None


_NAMED = {status.name: status.value for status in HTTPStatus}
