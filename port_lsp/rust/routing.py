"""The crate's routes: runs the interpreter and turns what it made into endpoints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import msgspec

from port_lsp.facts.items import Endpoint, ForeignMount, Unmounted, Unresolved
from port_lsp.facts.routing import Router
from port_lsp.facts.source import Place, SourceFile, item_key
from port_lsp.resolve.reach import unreachable
from port_lsp.resolve.routes import Resolved, flatten
from port_lsp.rust.describe import Describes
from port_lsp.rust.interpret import Interpreter
from port_lsp.rust.memo import Memo
from port_lsp.rust.module import Found
from port_lsp.rust.modules import Modules
from port_lsp.rust.registering import mount
from port_lsp.rust.roots import FactsByFile, Made, begins, find_roots
from port_lsp.rust.values import UNKNOWN_TEXT

_Key = tuple[Place, str, str, str | None]


class Route(msgspec.Struct, frozen=True, eq=False):
    """One method of a registration. `reason` says why no request reaches it, `root` is the item
    key of what should be mounted where nothing mounts it."""

    resolved: Resolved
    method: str
    reason: str | None = None
    root: str | None = None


class Registered(msgspec.Struct, frozen=True, eq=False):
    """What the crate's code registers, and the run that found it."""

    routes: tuple[Route, ...]
    mounts: tuple[ForeignMount, ...]
    unresolved: tuple[Unresolved, ...]
    run: Interpreter
    doubtful: tuple[tuple[Found, bool], ...]

    def still_begins(self, files: Mapping[str, SourceFile], facts: FactsByFile) -> bool:
        """Whether the functions that may begin an application are taken for the same."""
        return all(
            begins(self.run, files, facts, found, self.run.named) == taken
            for found, taken in self.doubtful
        )


def read_routes(
    files: Mapping[str, SourceFile],
    facts: FactsByFile,
    modules: Modules,
    axum: str | None,
    memo: Memo,
) -> Registered:
    """The routes of all applications; `axum` is the version that the crate asks for."""
    run = Interpreter(files, modules, memo)
    roots = find_roots(run, files, facts)
    routes: list[Route] = []
    mounts: list[ForeignMount] = []
    before: set[_Key] = set()
    for made in roots.applications:
        root = _root(made)
        resolved = flatten(root)
        reasons = unreachable(root, resolved, axum, memo.matching)
        seen: set[_Key] = set()
        for index, found in enumerate(resolved):
            key = (found.register.registered, found.register.key, found.path, found.conditional)
            if key in before:
                continue  # the same application, served twice
            seen.add(key)
            if not found.register.methods:
                mounts.append(_foreign(found))
            routes += (
                Route(found, method, reasons.get((index, method)))
                for method in found.register.methods
            )
        before |= seen
    for steps in roots.given:
        for found in flatten(Router("", steps[0].place, "actix", steps)):
            routes += (Route(found, method, None) for method in found.register.methods)
    mounted = {route.resolved.register.registered for route in routes}
    unmounted: list[Route] = []
    for made in roots.unmounted:
        key = item_key(made.function.module.file, made.function.qualified)
        unmounted += _unmounted(modules, flatten(_root(made)), key, mounted)
    for steps in roots.unserved:
        root = Router("", steps[0].place, "actix", steps)
        unmounted += _unmounted(modules, flatten(root), steps[0].key, mounted)
    return Registered(
        (*routes, *unmounted), tuple(mounts), tuple(_unresolved(run, routes)), run, roots.doubtful
    )


def _unresolved(run: Interpreter, routes: Iterable[Route]) -> Iterator[Unresolved]:
    """What can't be read. A function that is run twice may know the second time."""
    known: dict[tuple[str, str, int], bool] = {}
    for route in routes:
        place = route.resolved.register.registered
        key = (place.file, place.chunk, place.span.start)
        known[key] = known.get(key, True) and UNKNOWN_TEXT not in route.resolved.path
    for place, one in run.record.unresolved.items():
        if not known.get((place.file, place.chunk, place.span.start), False):
            yield one


def _root(made: Made) -> Router:
    routes = made.routes
    join = "axum" if routes.kind in ("axum", "methods") else "actix"
    prefix = routes.paths[0] if routes.kind in ("scope", "resource") else ""
    mounted = mount(routes, join, prefix, routes.place, routes.guards)
    return Router(routes.key, routes.place, join, (mounted,)) if prefix else mounted.router


def _foreign(found: Resolved) -> ForeignMount:
    register = found.register
    return ForeignMount(found.path, register.handler, register.registered, found.conditional)


def _unmounted(
    modules: Modules, resolved: Iterable[Resolved], root: str, mounted: set[Place]
) -> Iterator[Route]:
    """Registrations below something that nothing mounts; what is mounted elsewhere isn't one."""
    orphan = root.partition("::")[0] in modules.orphans
    reason = "no `mod` declares its file" if orphan else "nothing mounts it"
    for found in resolved:
        if found.register.registered not in mounted:
            for method in found.register.methods:
                yield Route(found, method, reason, root)


class _Made(NamedTuple):
    """The last endpoints, and what they were made of."""

    registered: Registered
    mounted: tuple[Endpoint, ...]
    unmounted: tuple[Unmounted, ...]


class Endpoints:
    """Makes endpoints, each with an id of its own; gives the same one again where it can."""

    def __init__(self) -> None:
        self._kept: dict[int, tuple[Route, Endpoint]] = {}
        self._last: _Made | None = None

    def make(
        self, registered: Registered, describing: Describes
    ) -> tuple[tuple[Endpoint, ...], tuple[Unmounted, ...]]:
        """The endpoints that are mounted, and those that aren't."""
        last = self._last
        if last is None or last.registered is not registered or not describing.as_before:
            mounted, unmounted = self._make(registered, describing)
        else:
            mounted, unmounted = self._again(last, describing)
        self._last = _Made(registered, mounted, unmounted)
        return mounted, unmounted

    def _again(
        self, last: _Made, describing: Describes
    ) -> tuple[tuple[Endpoint, ...], tuple[Unmounted, ...]]:
        """The same, where no more than the text of some files is another: the endpoints whose
        handlers are in other files stay."""
        handlers = last.registered.run.record.handlers
        touched = False
        for route in last.registered.routes:
            handler = handlers.get(route.resolved.register.place)
            if handler is None or describing.is_as_before(handler.module.file):
                continue
            endpoint = self._kept[id(route)][1]
            signature = describing.signature(handler, route.resolved)
            if signature is not endpoint.signature:
                touched = True
                self._kept[id(route)] = (
                    route,
                    msgspec.structs.replace(endpoint, signature=signature),
                )
        if not touched:
            return last.mounted, last.unmounted
        made = [(route.root, self._kept[id(route)][1]) for route in last.registered.routes]
        return (
            tuple([one for root, one in made if root is None]),
            tuple([Unmounted(one, root) for root, one in made if root is not None]),
        )

    def _make(
        self, registered: Registered, describing: Describes
    ) -> tuple[tuple[Endpoint, ...], tuple[Unmounted, ...]]:
        handlers = registered.run.record.handlers
        ids: Counter[str] = Counter()
        kept: dict[int, tuple[Route, Endpoint]] = {}
        mounted: list[Endpoint] = []
        unmounted: list[Unmounted] = []
        for route in registered.routes:
            found, register = route.resolved, route.resolved.register
            handler = handlers.get(register.place)
            ident = f"{register.key}#{route.method} {found.path}"
            ids[ident] += 1
            if ids[ident] > 1:
                ident = f"{ident}~{ids[ident]}"
            signature = describing.signature(handler, found)
            stub = describing.stub(register.key) if handler is not None else None
            known = self._kept.get(id(route))
            endpoint = known[1] if known is not None and known[0] is route else None
            same = endpoint is not None and endpoint.signature is signature
            if endpoint is None or not same or endpoint.stub != stub:
                endpoint = Endpoint(
                    id=ident,
                    kind=register.kind,
                    method=route.method,
                    path=found.path,
                    handler=register.handler,
                    key=register.key,
                    place=register.place,
                    registered=register.registered,
                    signature=signature,
                    conditional=found.conditional,
                    trail=found.trail,
                    middleware=found.layers,
                    reachable=route.reason is None,
                    unreachable_reason=route.reason,
                    stub=stub,
                )
            kept[id(route)] = (route, endpoint)
            if route.root is None:
                mounted.append(endpoint)
            else:
                unmounted.append(Unmounted(endpoint, route.root))
        self._kept = kept
        return tuple(mounted), tuple(unmounted)
