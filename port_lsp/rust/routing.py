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
from port_lsp.rust.interpret import Interpreter
from port_lsp.rust.modules import Found, Modules
from port_lsp.rust.registering import mount
from port_lsp.rust.roots import FactsByFile, Made, find_roots
from port_lsp.rust.values import UNKNOWN_TEXT


class Routing(msgspec.Struct, frozen=True, eq=False):
    """What the crate's code registers. `handlers` are the functions by the place of their name."""

    endpoints: tuple[Endpoint, ...]
    unmounted: tuple[Unmounted, ...]
    mounts: tuple[ForeignMount, ...]
    unresolved: tuple[Unresolved, ...]
    run: Interpreter
    handlers: Mapping[Place, Found]


def read_routing(
    files: Mapping[str, SourceFile], facts: FactsByFile, modules: Modules, axum: str | None
) -> Routing:
    """The routes of all applications; `axum` is the version that the crate asks for."""
    run = Interpreter(files, modules)
    roots = find_roots(run, files, facts)
    endpoints: list[Endpoint] = []
    mounts: list[ForeignMount] = []
    ids: Counter[str] = Counter()
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
                _endpoint(found, method, reasons.get((index, method)), ids)
                for method in found.register.methods
            )
        before |= seen
    mounted = {endpoint.registered for endpoint in endpoints}
    unmounted: list[Unmounted] = []
    for made in roots.unmounted:
        key = item_key(made.function.module.file, made.function.qualified)
        unmounted += _unmounted(modules, flatten(_root(made)), key, mounted, ids)
    for steps in roots.unserved:
        root = Router("", steps[0].place, "actix", steps)
        unmounted += _unmounted(modules, flatten(root), steps[0].key, mounted, ids)
    return Routing(
        tuple(endpoints),
        tuple(unmounted),
        tuple(mounts),
        _unresolved(run, endpoints),
        run,
        run.handlers,
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


def _endpoint(found: Resolved, method: str, reason: str | None, ids: Counter[str]) -> Endpoint:
    register: Register = found.register
    ident = f"{register.key}#{method} {found.path}"
    ids[ident] += 1
    return Endpoint(
        id=ident if ids[ident] == 1 else f"{ident}~{ids[ident]}",
        kind=register.kind,
        method=method,
        path=found.path,
        handler=register.handler,
        key=register.key,
        place=register.place,
        registered=register.registered,
        signature=register.signature,
        conditional=found.conditional,
        trail=found.trail,
        middleware=found.layers,
        reachable=reason is None,
        unreachable_reason=reason,
        stub=register.stub,
    )


def _unmounted(
    modules: Modules,
    resolved: Iterable[Resolved],
    root: str,
    mounted: set[Place],
    ids: Counter[str],
) -> list[Unmounted]:
    """Registrations below something that nothing mounts; what is mounted elsewhere isn't one."""
    reasons = {True: "no `mod` declares its file", False: "nothing mounts it"}
    return [
        Unmounted(
            _endpoint(found, method, reasons[root.partition("::")[0] in modules.orphans], ids), root
        )
        for found in resolved
        if found.register.registered not in mounted
        for method in found.register.methods
    ]
