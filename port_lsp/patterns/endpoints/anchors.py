"""Where in the crate a further route or router can stand: the calls that register something now."""

from __future__ import annotations

import functools
from typing import cast

from msgspec.structs import replace

from port_lsp.facts.items import Endpoint
from port_lsp.facts.routing import Join
from port_lsp.facts.source import Place, Record
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.endpoints.conventions import RANKS
from port_lsp.patterns.endpoints.handlers import Neighbours
from port_lsp.patterns.endpoints.routepaths import Segments, of_crate
from port_lsp.patterns.endpoints.says import Says
from port_lsp.resolve.paths import join
from port_lsp.rust.chains import Chain, chains_of
from port_lsp.text import Span
from port_lsp.writing.ir.types import AnyType

_Router = tuple[str, str, int]
Trail = tuple[tuple[str, Place], ...]


class Anchor(Record, frozen=True):
    """A registering call that something can be put behind (or in front of).

    `trail` are the mounts that what stands beside it is reached through, `prefix` what they add up
    to. `rank` says whom the middleware before it keeps out (RANKS; a guess from below: the most
    open endpoint that has it). `wraps` are those of its own actix resource, which a further route
    gets as well. `endpoint` is what is registered there, at `path`; of a mount, one below it: what
    an actix resource is mounted by counts as one, too (`in_resource`). `states` are what the
    handlers of axum's same router take as the state.
    """

    place: Place
    trail: Trail
    prefix: str
    segments: Segments
    rank: int
    endpoint: Endpoint
    is_mount: bool
    wraps: tuple[str, ...] | None = None
    in_resource: bool = False
    order: int = 0
    path: Segments = ()
    states: frozenset[AnyType] = frozenset()


def anchors(desk: Desk) -> list[Anchor]:
    """Every anchor of the crate, in the order in which its endpoints are registered; looked for
    once in each state of the crate."""
    key = ("anchors", desk.framework)
    kept = desk.workshop.kept
    if key not in kept:
        kept[key] = _Survey(desk).run()
    return cast("list[Anchor]", kept[key])


def prefix_of(how: Join, trail: Trail) -> str:
    """What the mounts of a trail add up to."""
    return functools.reduce(lambda before, step: join(how, before, step[0]), trail, "")


def _by_middleware(one: Endpoint) -> int:
    """The rank that an endpoint's middleware may have at most: none, where its guard doesn't name
    any."""
    guard = one.signature.guard
    named = any(text.startswith("middleware ") for text in guard.evidence)
    return RANKS[guard.level] if named else RANKS["public"]


class _Survey:
    def __init__(self, desk: Desk) -> None:
        self._files = desk.snapshot.crate_files
        self._endpoints = desk.snapshot.crate.endpoints if desk.snapshot.crate else ()
        self._how: Join = "axum" if desk.framework == "axum" else "actix"
        self._desk = desk
        self._at: dict[Place, Chain | None] = {}
        self._by_middleware: dict[tuple[str, ...], int] = {}
        self._by_trail: dict[tuple[Place, ...], int] = {}
        for one in self._endpoints:
            rank = _by_middleware(one)
            known = self._by_middleware.get(one.middleware, rank)
            self._by_middleware[one.middleware] = min(rank, known)
            places = tuple(place for _, place in one.trail)
            for length in range(len(places) + 1):
                key = places[:length]
                self._by_trail[key] = min(rank, self._by_trail.get(key, rank))

    def run(self) -> list[Anchor]:
        found: dict[tuple[Place, Trail], Anchor] = {}
        states = self._states() if self._how == "axum" else {}
        conditions = {(one.registered, one.conditional) for one in self._endpoints}
        for order, one in enumerate(self._endpoints):
            # What stands there whether or not a condition holds is there in either case: the
            # first of the two says how.
            either = (one.registered, f"!({one.conditional})") in conditions
            if (one.conditional and not either) or one.kind == "fallback":
                continue
            for anchor in (*self._of_mounts(one, order), *self._of_route(one, order)):
                taken = states.get(self._router(anchor.place), frozenset())
                key = (anchor.place, anchor.trail)
                if key not in found:
                    found[key] = replace(anchor, states=taken) if taken else anchor
        return list(found.values())

    def _states(self) -> dict[_Router, frozenset[AnyType]]:
        """What handlers take as the state, by the routers that they are registered in."""
        says, found = Says(self._desk), dict[_Router, frozenset[AnyType]]()
        for handler in Neighbours(self._desk).all:
            state = says.state_of(handler)
            kind = state.param.type if state is not None else None
            if kind is None:
                continue
            for one in handler.endpoints:
                router = self._router(one.registered)
                found[router] = found.get(router, frozenset()).union((kind,))
        return found

    def _router(self, place: Place) -> _Router:
        """The chain of calls that makes the router in which something is registered."""
        chain = self._chain(place)
        return place.file, place.chunk, chain.root.start if chain is not None else -1

    def _of_route(self, one: Endpoint, order: int) -> list[Anchor]:
        """The call that registers an endpoint."""
        chain = self._chain(one.registered)
        if chain is None or chain.at < 0:
            last = one.trail[-1:]  # an attribute: the scope that has it takes further routes
            whole = self._chain(last[0][1]) if last else None
            if whole is None or whole.at >= 0:
                return []
            rank = self._by_middleware[one.middleware]
            return [self._anchor(last[0][1], one.trail, rank, one, order, is_mount=False)]
        rank = self._by_middleware[one.middleware]
        if not self._is_resource(one.registered, chain):
            return [self._anchor(one.registered, one.trail, rank, one, order, is_mount=False)]
        if chain.outer is None or chain.outer.at < 0 or not one.trail:
            return []
        wraps = tuple(
            self._written(one.registered, link.args[0])
            for link in chain.links
            if link.name == "wrap" and len(link.args) == 1
        )
        return [
            self._anchor(one.registered, one.trail[:-1], rank, one, order, is_mount=False,
                         wraps=wraps, in_resource=True)
        ]  # fmt: skip

    def _of_mounts(self, one: Endpoint, order: int) -> list[Anchor]:
        """The calls that mount what an endpoint is below."""
        found: list[Anchor] = []
        for depth, (_, place) in enumerate(one.trail):
            chain = self._chain(place)
            is_scope = True
            if chain is not None and chain.at < 0:
                is_scope = not self._is_resource(place, chain)
                chain = chain.outer
            if chain is None or chain.at < 0:
                continue
            above = one.trail[:depth]
            rank = self._by_trail[tuple(at for _, at in above)]
            if not is_scope:
                rank = min(rank, self._outside(one, place))
            call = self._moved(place, chain.links[chain.at].name_at)
            found.append(
                self._anchor(call, above, rank, one, order, is_mount=True, in_resource=not is_scope)
            )
        return found

    def _outside(self, one: Endpoint, resource: Place) -> int:
        """The rank of what stands before an endpoint's resource (where it is made), without the
        resource's own middleware."""
        chain = self._chain(resource)
        wraps = sum(link.name == "wrap" for link in chain.links) if chain is not None else 0
        before = one.middleware[: len(one.middleware) - wraps]
        ranks = [
            rank for names, rank in self._by_middleware.items() if names[: len(before)] == before
        ]
        return self._by_middleware.get(before, min(ranks))

    def _anchor(
        self,
        place: Place,
        trail: Trail,
        rank: int,
        one: Endpoint,
        order: int,
        *,
        is_mount: bool,
        wraps: tuple[str, ...] | None = None,
        in_resource: bool = False,
    ) -> Anchor:
        prefix = prefix_of(self._how, trail)
        return Anchor(place, trail, prefix, of_crate(prefix), rank, one, is_mount, wraps or None,
                      in_resource, order, of_crate(one.path))  # fmt: skip

    def _chain(self, place: Place) -> Chain | None:
        """The chain with the call at a place; its offsets are those of the chunk."""
        if place not in self._at:
            self._at[place] = self._read(place)
        return self._at[place]

    def _read(self, place: Place) -> Chain | None:
        text = self._text(place)
        return chains_of(text).at(place.span.start) if text is not None else None

    def _text(self, place: Place) -> bytes | None:
        """The text of a place's chunk."""
        file = self._files.get(place.file)
        chunk = file.by_id.get(place.chunk) if file is not None else None
        return file.chunk_bytes(chunk) if file is not None and chunk is not None else None

    def _is_resource(self, place: Place, chain: Chain) -> bool:
        return self._written(place, chain.root).partition("(")[0].endswith("resource")

    def _written(self, place: Place, span: Span) -> str:
        """What stands in a span of a place's chunk."""
        return (self._text(place) or b"")[span.start : span.end].decode("utf-8", "replace")

    @staticmethod
    def _moved(place: Place, offset: int) -> Place:
        """A place at another offset of its chunk."""
        return Place(place.file, place.chunk, Span(offset, offset + 1))
