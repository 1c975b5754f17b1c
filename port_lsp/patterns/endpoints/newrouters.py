"""Routers of their own for handlers in new files, mounted where the crate mounts others."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from port_lsp.facts.items import Endpoint
from port_lsp.facts.source import item_key
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.endpoints.anchors import Anchor
from port_lsp.patterns.endpoints.conventions import RANKS, Conventions
from port_lsp.patterns.endpoints.needs import Names
from port_lsp.patterns.endpoints.places import symbol_in
from port_lsp.patterns.endpoints.registration import Routers, Wanted
from port_lsp.patterns.endpoints.routepaths import Segments, begins
from port_lsp.patterns.endpoints.routerfunctions import (
    Maker,
    RouterRoute,
    maker_of,
    router_function,
)
from port_lsp.patterns.port import CannotPortError, about
from port_lsp.resolve.paths import join
from port_lsp.rust.chains import chain_at
from port_lsp.writing.draft import Draft, Piece, Registration, joined
from port_lsp.writing.ir.types import Symbol

_CALLED = re.compile(r"\w\((?P<arguments>.*)\)\s*$", re.S)


@dataclass(frozen=True, slots=True)
class Routed:
    """A handler (its file, symbol and name) and one of its routes; `into` is the function whose
    router is to mount the new one, "" for any."""

    endpoint: Endpoint
    wanted: Wanted
    file: str
    handler: Symbol
    name: str
    conventions: Conventions
    into: str = ""


def _one_scope_each(registrations: Sequence[Registration]) -> tuple[Registration, ...]:
    """Routers of one prefix in one scope: actix-web asks no second one."""
    found: dict[object, Registration] = {}
    for one in registrations:
        key = (one.file, one.neighbour, one.full, one.path, one.arguments)
        known = found.get(key if one.path else one)
        if known is None:
            found[key if one.path else one] = one
        else:
            more = (*known.more, ("", one.handler, ""))
            found[key] = replace(known, mounts=(*known.mounts, *one.mounts), more=more)
    return tuple(found.values())


class NewRouters:
    """Collects the routes of one draft that go into new routers."""

    def __init__(self, desk: Desk, routers: Routers, names: Names) -> None:
        """`names` are those of the draft."""
        self._desk, self._routers, self._names = desk, routers, names
        self._waiting: dict[tuple[str, bool, Segments, str], list[Routed]] = {}
        inside = [
            one.endpoint.registered.file == one.endpoint.key.partition("::")[0]
            for one in routers.anchors
            if not one.is_mount
        ]
        self._usual = 2 * sum(inside) > len(inside)

    def takes(self, routed: Routed) -> bool:
        """Whether a route goes into a router of its file's own."""
        if not self.would_take(routed.endpoint, routed.wanted, routed.file):
            return False
        apart = routed.wanted.way.by == "middleware" and not routed.wanted.middleware
        key = (routed.file, apart, self._prefix(routed.endpoint), routed.into)
        self._waiting.setdefault(key, []).append(routed)
        return True

    def would_take(self, endpoint: Endpoint, wanted: Wanted, file: str) -> bool:
        """Whether a route of a handler in a file goes into a router of that file's own: the crate
        does it so, the file is new, and no router has its prefix yet."""
        prefix = self._prefix(endpoint)
        if not self._usual or file in self._desk.workshop.files or not prefix:
            return False
        if self._routers.depth(wanted) >= len(prefix):
            return False
        return not self._routers.loses_slash(wanted, prefix)

    def choice(self, endpoint: Endpoint, wanted: Wanted) -> tuple[str, ...]:
        """The functions (item keys) whose routers could mount the new one equally well."""
        return self._routers.mount_choice(wanted, self._prefix(endpoint))

    def draft(self, turns: Mapping[str, int]) -> Draft:
        """The new routers with what mounts them, routes in the order of their endpoints' turns.

        Raises CannotPortError where nothing can mount one.
        """
        made: list[tuple[Segments, Draft]] = []
        for (file, apart, prefix, _), waiting in self._waiting.items():
            routed = sorted(waiting, key=lambda one: turns.get(one.endpoint.id, 0))
            with about(one.endpoint.id for one in routed):
                draft = self._router(file, routed, apart=apart)
            made.insert(self._turn(prefix, [one for one, _ in made]), (prefix, draft))
        whole = joined(draft for _, draft in made)
        if self._desk.framework == "axum":
            return whole
        return replace(whole, registrations=_one_scope_each(whole.registrations))

    def _turn(self, prefix: Segments, before: Sequence[Segments]) -> int:
        """Where a router comes among others: a scope of actix-web's takes every path below its
        prefix, so that a longer one must be asked first."""
        if self._desk.framework == "axum":
            return len(before)
        above = (at for at, one in enumerate(before) if len(one) < len(prefix))
        return next((at for at in above if begins(prefix, before[at])), len(before))

    def _prefix(self, endpoint: Endpoint) -> Segments:
        """What the backend's routers put before an endpoint's path."""
        return self._routers.segments("".join(prefix for prefix, _ in endpoint.trail))

    def _router(self, file: str, routed: Sequence[Routed], *, apart: bool) -> Draft:
        """`apart` are the routes that a guard must stand before."""
        prefix = self._prefix(routed[0].endpoint)
        strictest = min(routed, key=lambda one: RANKS[one.wanted.level])
        into = strictest.into
        anchor = self._routers.mount_point(strictest.wanted, prefix, into)
        if anchor is None:
            what = f"{into} has" if into else "the crate has"
            raise CannotPortError(f"{what} no router that could take a new one")
        maker = maker_of(self._desk, self._routers.anchors, routed[0].conventions)
        name = f"guarded_{maker.name}" if apart else maker.name
        name = self._names.claim(file, name)
        path, full = self._routers.paths(anchor, prefix)
        routes: list[RouterRoute] = []
        found: list[tuple[str, str, str]] = []
        for one in routed:
            below = self._routers.below(one.wanted.segments[len(prefix) :])
            how = "axum" if self._desk.framework == "axum" else "actix"
            route = RouterRoute(one.wanted.method, below, one.handler, one.wanted.middleware)
            if route not in routes:  # twins with and without a slash are one where that is trimmed
                routes.append(route)
            found.append((one.wanted.method, join(how, full, below), item_key(one.file, one.name)))
        function = router_function(maker, name, routes, self._desk.framework)
        mount = Registration(
            "", full, path, symbol_in(self._desk.workshop.scopes, file, name), "",
            routed[0].wanted.source, anchor.place.file, anchor.place,
            mounts=tuple(found), arguments=self._arguments(anchor, maker),
        )  # fmt: skip
        return Draft((Piece(file, (function,), routed[0].wanted.source),), (mount,))

    def _arguments(self, anchor: Anchor, maker: Maker) -> str:
        """What the routers beside a mount are called with, where ours takes the same."""
        file = self._desk.snapshot.crate_files.get(anchor.place.file)
        if not maker.params or file is None:
            return ""
        chain = chain_at(file.text.data, file.span(anchor.place).start)
        if chain is None or chain.at < 0:
            raise CannotPortError("what the crate's routers are made with can't be read")
        args = chain.links[chain.at].args
        text = file.text.data[args[-1].start : args[-1].end].decode("utf-8", "replace")
        called = _CALLED.search(text) if args else None
        if called is None or not called["arguments"].strip():
            raise CannotPortError("what the crate's routers are made with can't be read")
        return called["arguments"]
