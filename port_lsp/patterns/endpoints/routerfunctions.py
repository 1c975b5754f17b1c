"""The function that makes a router, or configures a scope, as the crate writes such functions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from port_lsp.facts.source import Record
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.endpoints.anchors import Anchor
from port_lsp.patterns.endpoints.conventions import Conventions
from port_lsp.patterns.endpoints.routepaths import of_crate
from port_lsp.patterns.endpoints.typeparameters import open_names
from port_lsp.patterns.endpoints.written import type_of
from port_lsp.rust.declared import FnItem
from port_lsp.rust.typetable import arguments, head
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import AnyType, Reference, Symbol, Type, named, symbol
from port_lsp.writing.printer.literals import string
from port_lsp.writing.registering import Framework

_GENERAL = re.compile(r"rout|config|scope|service|app$")
_ROUTER = symbol("axum::Router")
_WEB = "actix_web::web"


class RouterRoute(Record, frozen=True):
    """One route: the path below the router, and the middleware that its own resource has."""

    method: str
    path: str
    handler: Symbol
    middleware: tuple[Symbol, ...] = ()


class Maker(Record, frozen=True):
    """How such functions look: their name; axum's return type and parameters. One with parameters
    gives the first of them to the router as its state."""

    name: str
    returns: AnyType | None = None
    params: tuple[i.Param, ...] = ()
    generics: tuple[i.Generic, ...] = ()


def maker_of(desk: Desk, anchors: Sequence[Anchor], conventions: Conventions) -> Maker:
    """The crate's way: as most functions that register the handlers of their own file."""
    keys = Counter(
        (one.place.file, one.place.chunk)
        for one in anchors
        if not one.is_mount and one.endpoint.key.partition("::")[0] == one.place.file
    )
    functions: list[tuple[str, FnItem]] = []
    for file, chunk in keys:
        functions += [
            (file, item)
            for ident, item in desk.workshop.declared(file)
            if ident == chunk and isinstance(item, FnItem) and item.name == chunk
        ]
    axum = desk.framework == "axum"
    names = Counter(item.name for _, item in functions if item.name != "main")
    usual = names.most_common(1)[0] if names else ("", 0)
    # A name of one function alone may say what that one is about: `auth`.
    says = usual[1] > 1 or _GENERAL.search(usual[0]) is not None
    name = usual[0] if says else "router" if axum else "configure"
    if not axum:
        return Maker(name)
    for file, item in functions:
        if item.name != usual[0] or not item.returns:
            continue
        kind, args = head(item.returns).rpartition("::")[2], arguments(item.returns)
        if kind != "Router":
            continue
        returns = type_of(desk.workshop.scopes, file, item.returns)
        if open_names(returns):
            break  # as the state has it
        if args or not item.params:
            return Maker(name, returns)
        types = [type_of(desk.workshop.scopes, file, written) for _, written in item.params]
        if len(types) == 1 and types[0] is not None:
            return Maker(name, returns, (i.Param(b.Bind("state"), types[0]),))
    state = conventions.state()
    inner = state.type if state is not None else None
    if isinstance(inner, Type) and inner.args:
        return Maker(name, Type(_ROUTER, inner.args), generics=conventions.state_generics())
    return Maker(name, Type(_ROUTER))


def router_function(
    maker: Maker, name: str, routes: Sequence[RouterRoute], framework: Framework
) -> i.Function:
    """The function with these routes."""
    if framework == "axum":
        return _axum(maker, name, routes)
    config = Reference(named(f"{_WEB}::ServiceConfig"), mutable=True)
    chain: b.Expr = b.Name("cfg")
    groups = _in_turn(routes)
    apart = Counter(same[0].path for same in groups)
    for same in groups:
        chain = _actix_routes(chain, same, apart=apart[same[0].path] > 1)
    block = b.Block((b.Do(chain),))
    return i.Function(name, (i.Param(b.Bind("cfg"), config),), None, block, visibility="pub")


def _axum(maker: Maker, name: str, routes: Sequence[RouterRoute]) -> i.Function:
    by_path: dict[str, b.Expr] = {}
    for one in routes:
        method, known = one.method.lower(), by_path.get(one.path)
        handler = b.Path(one.handler)
        if known is None:
            by_path[one.path] = b.Call(b.Path(symbol(f"axum::routing::{method}")), (handler,))
        else:
            by_path[one.path] = b.Method(known, method, (handler,))
    chain: b.Expr = b.Call(b.Path(_ROUTER, ("new",)))
    for path, methods in by_path.items():
        chain = b.Method(chain, "route", (b.Lit(string(path)), methods))
    if maker.params:
        chain = b.Method(chain, "with_state", (b.Name("state"),))
    block = b.Block((), chain)
    return i.Function(
        name, maker.params, maker.returns, block, visibility="pub", generics=maker.generics
    )


def _in_turn(routes: Sequence[RouterRoute]) -> list[list[RouterRoute]]:
    """Routes by their paths, each with the others of its path but where that would put it before a
    route whose requests it takes: actix-web asks one after the other."""
    groups: list[list[RouterRoute]] = []
    for one in routes:
        same = next((at for at, group in enumerate(groups) if group[0].path == one.path), None)
        if same is None or any(_takes(one.path, group[0].path) for group in groups[same + 1 :]):
            groups.append([one])
        else:
            groups[same].append(one)
    return groups


def _takes(path: str, other: str) -> bool:
    """Whether a path matches what another is for."""
    mine, theirs = of_crate(path), of_crate(other)
    if any(one.kind == "rest" for one in mine):
        return True
    return len(mine) == len(theirs) and all(
        one.kind in ("param", "mixed") or one.text == their.text
        for one, their in zip(mine, theirs, strict=True)
    )


def _actix_routes(chain: b.Expr, same: Sequence[RouterRoute], *, apart: bool) -> b.Expr:
    """Routes of one path; `apart` says that there are more of it. Those with middleware need a
    resource; a resource answers every method of its path, unless it has a guard."""
    wrapped: dict[tuple[Symbol, ...], list[RouterRoute]] = {}
    for one in same:
        if one.middleware:
            wrapped.setdefault(one.middleware, []).append(one)
        else:
            chain = b.Method(chain, "route", (b.Lit(string(one.path)), _to(one)))
    alone = not apart and len(wrapped) == 1 and all(one.middleware for one in same)
    for middleware, routes in wrapped.items():
        for some in [routes] if alone else [[one] for one in routes]:
            resource: b.Expr = b.Call(
                b.Path(symbol(f"{_WEB}::resource")), (b.Lit(string(some[0].path)),)
            )
            if not alone:
                guard = b.Path(symbol(f"actix_web::guard::{some[0].method.capitalize()}"))
                resource = b.Method(resource, "guard", (b.Call(guard),))
            for wrap in middleware:
                resource = b.Method(resource, "wrap", (b.Path(wrap),))
            for one in some:
                resource = b.Method(resource, "route", (_to(one),))
            chain = b.Method(chain, "service", (resource,))
    return chain


def _to(one: RouterRoute) -> b.Expr:
    """`web::get().to(handler)`."""
    verb = b.Call(b.Path(symbol(f"{_WEB}::{one.method.lower()}")))
    return b.Method(verb, "to", (b.Path(one.handler),))
