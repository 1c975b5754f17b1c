"""From applications and routers to endpoints: the routing tree, walked by the one evaluator."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from port_lsp.facts.items import Endpoint, Signature
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
from port_lsp.python.leaves import Leaves, Step, adding, chain_to, keep, leaves, rests_on, told_by
from port_lsp.python.routers import Include, Route, RouterObject
from port_lsp.python.routingtree import function_of, lowered
from port_lsp.python.standbefore import Before, StandBefore
from port_lsp.python.values import Class, External, Function, Late, Value
from port_lsp.resolve.routes import Resolved, flatten

if TYPE_CHECKING:
    from port_lsp.python.interpret import Interpreter


_MOST = 20_000  # routes of which something is kept, whether they are there still or not

Named = tuple[str, Dependant]


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
        self._before = StandBefore(run)
        self._steps: dict[tuple[RouterObject, object], Step] = {}

    def forget(self) -> None:
        """Something was run again. Drops what belongs to routes that are no more, once that is
        much."""
        self._lists.clear()
        self._all = None
        self._before.forget()
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

    def _applications(self) -> list[RouterObject]:
        """The applications that no other one takes over."""
        made = [r for path in sorted(self._fastapi.routers) for r in self._fastapi.routers[path]]
        below = {
            step.router for router in made for step in router.steps if isinstance(step, Include)
        }
        return [one for one in made if one.application and one not in below]

    def _compose(self) -> tuple[Endpoint, ...]:
        found: dict[str, Endpoint] = {}
        kept, self._steps = self._steps, {}
        for app in self._applications():
            for index, step in enumerate(app.steps):
                key = app, told_by(step)
                whole, last = rests_on(app, step), kept.get(key)
                if last is None or whole is None or last.rests_on != whole:
                    now = self._steps[key].leaves if key in self._steps else {}
                    self._read_step(app, index, step, last.leaves if last else {}, now)
                    last = Step(whole, now)
                self._steps[key] = last
                for _, endpoints in last.leaves.values():
                    for endpoint in endpoints:
                        found.setdefault(endpoint.id, endpoint)
        return tuple(found.values())

    def depended(self) -> dict[str, Before]:
        """What stands before each endpoint (its id). Kept until `forget` says that something was
        run again."""
        return self._before.of(self._applications())

    def _read_step(
        self,
        app: RouterObject,
        index: int,
        step: Route | Include,
        before: Leaves,
        now: Leaves,
    ) -> None:
        """Puts the leaves of an application's step into `now`, those that stand from `before`."""
        own = (app.prefix, adding(app.options))
        fresh = False
        for leaf, state, address in leaves(app, index, step):
            known = before.get(leaf)
            if known is None or known[0] != (own, state):
                known, fresh = ((own, state), self._below(app, address)), True
            now[leaf] = known
        if fresh:
            keep(before, now)

    def _below(self, app: RouterObject, address: tuple[int, ...]) -> list[Endpoint]:
        """The endpoints at and below one step, given by the indices that lead to it."""
        size = len(address)
        return [
            endpoint
            for resolved in flatten(lowered(app, (), address))
            for endpoint in self._endpoints(app, resolved, (*address, *resolved.address[size:]))
        ]

    def _endpoints(
        self, app: RouterObject, resolved: Resolved, address: tuple[int, ...]
    ) -> list[Endpoint]:
        register = resolved.register
        chain = chain_to(app, address)
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
        function = function_of(route.handler)
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
