"""The crate's routes: runs the interpreter and turns what it made into endpoints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import msgspec

from port_lsp.facts.items import Endpoint, ForeignMount, Unmounted, Unresolved
from port_lsp.facts.routing import Register, Router
from port_lsp.facts.source import Place, SourceFile, item_key
from port_lsp.resolve.reach import unreachable
from port_lsp.resolve.routes import Resolved, flatten
from port_lsp.rust.describe import Describing
from port_lsp.rust.interpret import Interpreter
from port_lsp.rust.modules import Modules
from port_lsp.rust.registering import mount
from port_lsp.rust.roots import FactsByFile, Made, find_roots
from port_lsp.rust.values import UNKNOWN_TEXT


class Routing(msgspec.Struct, frozen=True, eq=False):
    """What the crate's code registers, and the run that found it."""

    endpoints: tuple[Endpoint, ...]
    unmounted: tuple[Unmounted, ...]
    mounts: tuple[ForeignMount, ...]
    unresolved: tuple[Unresolved, ...]
    run: Interpreter


def read_routing(
    files: Mapping[str, SourceFile],
    facts: FactsByFile,
    modules: Modules,
    describing: Describing,
    axum: str | None,
) -> Routing:
    """The routes of all applications; `axum` is the version that the crate asks for."""
    run = Interpreter(files, modules)
    roots = find_roots(run, files, facts)
    endpoints: list[Endpoint] = []
    mounts: list[ForeignMount] = []
    making = _Making(describing, run)
    before: set[tuple[Place, str, str, str | None]] = set()
    for made in roots.applications:
        root = _root(made)
        resolved = flatten(root)
        reasons = unreachable(root, resolved, axum)
        seen: set[tuple[Place, str, str, str | None]] = set()
        for index, found in enumerate(resolved):
            if not found.register.methods:
                mounts.append(_foreign(found))
            key = (found.register.registered, found.register.key, found.path, found.conditional)
            if key in before:
                continue  # the same application, served twice
            seen.add(key)
            endpoints += (
                making.endpoint(found, method, reasons.get((index, method)))
                for method in found.register.methods
            )
        before |= seen
    mounted = {endpoint.registered for endpoint in endpoints}
    unmounted: list[Unmounted] = []
    for made in roots.unmounted:
        key = item_key(made.function.module.file, made.function.qualified)
        unmounted += _unmounted(modules, flatten(_root(made)), key, mounted, making)
    for steps in roots.unserved:
        root = Router("", steps[0].place, "actix", steps)
        unmounted += _unmounted(modules, flatten(root), steps[0].key, mounted, making)
    return Routing(
        tuple(endpoints),
        tuple(unmounted),
        tuple(mounts),
        _unresolved(run, endpoints),
        run,
    )


def _unresolved(run: Interpreter, endpoints: Iterable[Endpoint]) -> tuple[Unresolved, ...]:
    """What can't be read. A function that is run twice may know the second time."""
    known: dict[tuple[str, str, int], bool] = {}
    for endpoint in endpoints:
        place = endpoint.registered
        key = (place.file, place.chunk, place.span.start)
        known[key] = known.get(key, True) and UNKNOWN_TEXT not in endpoint.path
    return tuple(
        one
        for place, one in run.unresolved.items()
        if not known.get((place.file, place.chunk, place.span.start), False)
    )


def _root(made: Made) -> Router:
    routes = made.routes
    join = "axum" if routes.kind in ("axum", "methods") else "actix"
    prefix = routes.paths[0] if routes.kind in ("scope", "resource") else ""
    mounted = mount(routes, join, prefix, routes.place, routes.guards)
    return Router(routes.key, routes.place, join, (mounted,)) if prefix else mounted.router


def _foreign(found: Resolved) -> ForeignMount:
    register = found.register
    return ForeignMount(found.path, register.handler, register.registered, found.conditional)


class _Making:
    """Makes endpoints, each with an id of its own."""

    def __init__(self, describing: Describing, run: Interpreter) -> None:
        self._describing = describing
        self._run = run
        self._ids: Counter[str] = Counter()

    def endpoint(self, found: Resolved, method: str, reason: str | None) -> Endpoint:
        """The endpoint of one method of a route; `reason` says why no request reaches it."""
        register: Register = found.register
        ident = f"{register.key}#{method} {found.path}"
        self._ids[ident] += 1
        handler = self._run.handlers.get(register.place)
        return Endpoint(
            id=ident if self._ids[ident] == 1 else f"{ident}~{self._ids[ident]}",
            kind=register.kind,
            method=method,
            path=found.path,
            handler=register.handler,
            key=register.key,
            place=register.place,
            registered=register.registered,
            signature=self._describing.signature(handler, found),
            conditional=found.conditional,
            trail=found.trail,
            middleware=found.layers,
            reachable=reason is None,
            unreachable_reason=reason,
            stub=self._describing.stub(register.key) if handler else None,
        )


def _unmounted(
    modules: Modules,
    resolved: Iterable[Resolved],
    root: str,
    mounted: set[Place],
    making: _Making,
) -> list[Unmounted]:
    """Registrations below something that nothing mounts; what is mounted elsewhere isn't one."""
    reasons = {True: "no `mod` declares its file", False: "nothing mounts it"}
    return [
        Unmounted(
            making.endpoint(found, method, reasons[root.partition("::")[0] in modules.orphans]),
            root,
        )
        for found in resolved
        if found.register.registered not in mounted
        for method in found.register.methods
    ]
