"""The routing tree: the one neutral form that FastAPI, Axum and actix-web are lowered to.

A Router holds steps in the order in which the code takes them. `resolve.routes` walks the tree
from an application and composes prefixes, layers and conditions; it knows no framework beyond the
`Join` that a router names.
"""

from __future__ import annotations

from typing import Literal

from port_lsp.facts.items import EndpointKind, Signature
from port_lsp.facts.source import Place, Record

Join = Literal["fastapi", "axum", "actix"]
Slashes = Literal["keep", "merge", "trim", "always"]
UNKNOWN_PATH = "{?}"  # stands where only a running program knows what a path is


class Layer(Record, frozen=True):
    """What stands before a handler: a router-wide dependency, a middleware.

    `reach` says which steps of its router it covers: all of them (FastAPI's dependencies, actix's
    wrap), or those that were taken before it (axum's layer and route_layer).
    """

    name: str
    place: Place
    reach: Literal["all", "before"] = "all"
    routes_only: bool = False


class Register(Record, frozen=True):
    """One handler put under one path for some methods ("ANY" for every one of them)."""

    methods: tuple[str, ...]
    path: str
    handler: str
    key: str
    place: Place
    registered: Place
    signature: Signature
    kind: EndpointKind = "route"
    layers: tuple[Layer, ...] = ()
    conditional: str | None = None
    stub: str | None = None
    guards: tuple[str, ...] = ()


class Mount(Record, frozen=True):
    """Another router put under a prefix."""

    prefix: str
    router: Router
    place: Place
    layers: tuple[Layer, ...] = ()
    conditional: str | None = None
    guards: tuple[str, ...] = ()


class Router(Record, frozen=True):
    """A router, scope, resource or application: its steps in order.

    `key` names where it was made, for messages. `slashes` is actix's NormalizePath and its like:
    what is done to the request's path before it is matched; whatever it is but "keep", several
    slashes in a row become one. `exact` is actix's resource: what answers its prefix alone, and
    nothing below it.
    """

    key: str
    place: Place
    join: Join
    steps: tuple[Register | Mount | Layer, ...] = ()
    layers: tuple[Layer, ...] = ()
    slashes: Slashes = "keep"
    exact: bool = False
