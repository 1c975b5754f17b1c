"""Which router takes a new route: the reachable one with the longest matching prefix, whose
middleware lets in whom the endpoint lets in, beside the routes that are most like it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from port_lsp.facts.items import Endpoint, GuardLevel
from port_lsp.facts.source import Record, item_key
from port_lsp.linking.paths import exchanged, longest_first
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.endpoints.anchors import Anchor
from port_lsp.patterns.endpoints.conventions import RANKS, Conventions, GuardWay
from port_lsp.patterns.endpoints.routepaths import (
    Segment,
    Segments,
    begins,
    common,
    of_crate,
    of_fastapi,
    written,
)
from port_lsp.patterns.port import CannotPortError
from port_lsp.resolve.paths import join
from port_lsp.resolve.patterns import actix_pattern, actix_requests, taken
from port_lsp.rust.declared import FnItem
from port_lsp.writing.draft import Registration
from port_lsp.writing.ir.types import AnyType, Symbol

# actix-web: docs of `NormalizePath` (Trim is the default); tower-http: of `NormalizePathLayer`.
_TRIMS = re.compile(
    rb"NormalizePath::(?:trim|default)|TrailingSlash::Trim|trim_trailing_slash|NormalizePath\)"
)
_Fitness = Callable[[Anchor], tuple[int, ...]]


class Wanted(Record, frozen=True):
    """A route to be registered: method as the crate's reader names it, segments with the crate's
    names for parameters, who may call, how the crate sees to that, and the middleware that usually
    stands before such handlers in actix-web, where a resource can have it to itself. `state` is
    what the handler takes as the state in axum, where a router has one."""

    method: str
    segments: Segments
    level: GuardLevel
    way: GuardWay
    source: str
    middleware: tuple[Symbol, ...] = ()
    state: AnyType | None = None


class Routers:
    """Finds places among the crate's anchors."""

    def __init__(self, desk: Desk, anchors: list[Anchor]) -> None:
        """`anchors` are those of the desk's crate."""
        self._desk, self.anchors = desk, anchors
        crate = desk.snapshot.crate
        self._endpoints = crate.endpoints if crate is not None else ()
        self._version = crate.framework_version if crate is not None else None
        self._paths = [of_crate(one.path) for one in self._endpoints]
        self._prefixes = longest_first(desk.snapshot.config.links.prefixes)
        self._axum = desk.framework == "axum"
        files = desk.snapshot.crate_files.values()
        self._trims = any(_TRIMS.search(file.text.data) for file in files)

    def wanted(
        self, endpoint: Endpoint, level: GuardLevel, way: GuardWay, conventions: Conventions
    ) -> Wanted:
        """The route of an endpoint of the backend, with who may call it.

        Raises CannotPortError for one that the crate has already or whose path it can't express.
        """
        segments = self.segments(endpoint.path)
        for one in segments:
            if one.kind == "mixed" and self._axum:
                reason = f"axum has no pattern for the segment {one.text}"
                raise CannotPortError(reason, [endpoint.id])
        method = "GET" if endpoint.kind == "websocket" else endpoint.method
        for one, path in zip(self._endpoints, self._paths, strict=True):
            same = len(path) == len(segments) and begins(path, segments)
            if same and one.method in (method, "ANY") and one.reachable and one.kind == "route":
                reason = f"{one.method} {one.path} is registered already: {one.key}"
                raise CannotPortError(reason, [endpoint.id])
        middleware = () if self._axum else conventions.middleware(level)
        state = conventions.state() if self._axum else None
        taken = state.type if state is not None else None
        return Wanted(method, segments, level, way, endpoint.id, middleware, taken)

    def segments(self, path: str) -> Segments:
        """A path of the backend under the crate's prefix, where the configuration says another, and
        with the crate's names for parameters; without a closing slash where the crate's requests
        have none when they are matched."""
        found = self._named(of_fastapi(exchanged(path, self._prefixes)))
        if self._trims and len(found) > 1 and found[-1].text == "":
            return found[:-1]
        return found

    def route(
        self, wanted: Wanted, file: str, handler: Symbol, name: str, router: str = ""
    ) -> Registration:
        """The registration of a handler (its file, symbol and name), in the router of a certain
        function (its item key), or where it fits best. Raises CannotPortError."""
        joined = self._joined(wanted)
        anchor = joined or self._best(wanted, file, router)
        path, full = self.paths(anchor, wanted.segments)
        before = False
        shadow = None if joined is not None else self._shadow(anchor, wanted, full)
        wraps = self._wraps(anchor, wanted) if joined is None else None
        if shadow is not None:
            anchor, before = shadow, True
        return Registration(
            wanted.method, full, path, handler, item_key(file, name), wanted.source,
            anchor.place.file, anchor.place, joined is not None, before=before, wraps=wraps,
        )  # fmt: skip

    def choice(self, wanted: Wanted, file: str) -> tuple[str, ...]:
        """The functions (item keys) whose routers fit a route of a handler in a file equally well:
        the one that is taken, then the others. None where the crate has no such router, or a call
        that the route must be joined to."""
        fitting = [one for one in self.anchors if self._fits(one, wanted)]
        if not fitting or self._joined(wanted) is not None:
            return ()
        fitness = self._fitness(wanted, file)
        best = max(map(fitness, fitting))
        return self._functions(one for one in fitting if fitness(one) == best)

    def _functions(self, tied: Iterable[Anchor]) -> tuple[str, ...]:
        """The functions that anchors are in, that of the last one first."""
        turns = sorted(tied, key=lambda one: -one.order)
        return tuple(dict.fromkeys(self._function(one) for one in turns))

    def _function(self, anchor: Anchor) -> str:
        """The item key of the function that an anchor is in."""
        place = anchor.place
        for chunk, item in self._desk.workshop.declared(place.file):
            inside = chunk == place.chunk and item.start <= place.span.start < item.end
            if inside and isinstance(item, FnItem):
                return item_key(place.file, item.qualified)
        return item_key(place.file, place.chunk)

    def below(self, rest: Segments) -> str:
        """What stands in the registering call for the last segments of a path."""
        path = written(rest, self._desk.framework, self._version)
        return path or ("/" if self._axum else "")

    def paths(self, anchor: Anchor, segments: Segments) -> tuple[str, str]:
        """What stands in the registering call beside an anchor, and the path in full."""
        rest = segments[len(anchor.segments) :]
        path = written(rest, self._desk.framework, self._version)
        if self._axum and not path:
            path = "/"
        if not anchor.prefix and not path:
            path = "/"
        full = join("axum" if self._axum else "actix", anchor.prefix, path)
        return path, full

    def mount_point(self, wanted: Wanted, prefix: Segments, function: str = "") -> Anchor | None:
        """Where a router of its own for a prefix can be mounted: beside other mounts, of a certain
        function (its item key) or of any."""
        tied = self._mount_points(wanted, prefix, function)
        return max(tied, key=lambda one: one.order, default=None)

    def mount_choice(self, wanted: Wanted, prefix: Segments) -> tuple[str, ...]:
        """The functions (item keys) whose routers could mount one for a prefix equally well, as
        `choice` gives them."""
        return self._functions(self._mount_points(wanted, prefix))

    def _mount_points(self, wanted: Wanted, prefix: Segments, function: str = "") -> list[Anchor]:
        fitting = [
            one for one in self.anchors
            if begins(prefix, one.segments) and self._suits(one, wanted)
            and (one.is_mount or not one.in_resource)
            and (not function or self._function(one) == function)
        ]  # fmt: skip

        def fitness(one: Anchor) -> tuple[int, ...]:
            return len(one.segments), self._has_state(one, wanted), one.is_mount

        best = max(map(fitness, fitting), default=None)
        return [one for one in fitting if fitness(one) == best]

    def depth(self, wanted: Wanted) -> int:
        """How many segments of a route the best router's prefix has; -1 where there is none."""
        fitting = [one for one in self.anchors if self._fits(one, wanted)]
        return max((len(one.segments) for one in fitting), default=-1)

    def _wraps(self, anchor: Anchor, wanted: Wanted) -> tuple[str | Symbol, ...] | None:
        """The middleware that a resource of the route's own must have; None where the route needs
        no resource."""
        if anchor.in_resource and not anchor.is_mount:
            return anchor.wraps
        if anchor.is_mount:
            return wanted.middleware or None
        there = {name.rpartition("::")[2] for name in anchor.endpoint.middleware}
        return tuple(one for one in wanted.middleware if one.name not in there) or None

    # Choosing

    def _named(self, segments: Segments) -> Segments:
        """The path with the names that the crate's routes have for parameters at the same
        positions: those of a route with that very path, for axum wants them alike."""
        for path in self._paths:
            if len(path) == len(segments) and begins(path, segments):
                return path
        found: list[Segment] = []
        for index, one in enumerate(segments):
            name = one.text
            if one.kind in ("param", "rest"):
                names = (
                    path[index].text for path in self._paths
                    if len(path) > index and path[index].kind == one.kind
                    and begins(path[:index], segments[:index])
                )  # fmt: skip
                name = next(names, one.text)
                if any(other.text == name for other in found if other.kind == one.kind):
                    name = one.text
            found.append(Segment(one.kind, name))
        return tuple(found)

    def _fits(self, anchor: Anchor, wanted: Wanted) -> bool:
        return begins(wanted.segments, anchor.segments) and self._suits(anchor, wanted)

    def _suits(self, anchor: Anchor, wanted: Wanted) -> bool:
        """Whether the middleware before an anchor lets in whom the endpoint lets in."""
        rank = RANKS[wanted.level]
        if wanted.way.by == "middleware" and not wanted.middleware:
            return anchor.rank == rank
        return anchor.rank <= rank

    @staticmethod
    def _has_state(anchor: Anchor, wanted: Wanted) -> bool:
        """Whether a router's state may be what the handler takes: its other handlers do, or none
        takes any."""
        return wanted.state is None or not anchor.states or wanted.state in anchor.states

    def loses_slash(self, wanted: Wanted, prefix: Segments) -> bool:
        """Whether a route would lose the slash that its path ends with: axum's `nest` serves the
        path `/` of a router at the prefix itself (docs of axum, `Router::nest`)."""
        rest = wanted.segments[len(prefix) :]
        return self._axum and bool(prefix) and len(rest) == 1 and not rest[0].text

    def _best(self, wanted: Wanted, file: str, router: str) -> Anchor:
        fitting = [one for one in self.anchors if self._fits(one, wanted)]
        if router:
            fitting = [one for one in fitting if self._function(one) == router]
            if not fitting:
                raise CannotPortError(f"{router} has no router for the route", [wanted.source])
        if not fitting:
            below = [one for one in self.anchors if begins(wanted.segments, one.segments)]
            if not below:
                raise CannotPortError(
                    "the crate has no router that could take the route: "
                    "one with a first route, which main serves, is where others are added",
                    [wanted.source],
                )
            who = "a role" if RANKS[wanted.level] == RANKS["role"] else wanted.level
            reason = f"no router for this path has the middleware for {who}"
            raise CannotPortError(reason, [wanted.source])
        fitness = self._fitness(wanted, file)
        return max(fitting, key=lambda one: (fitness(one), one.order))

    def _fitness(self, wanted: Wanted, file: str) -> _Fitness:
        """How well an anchor suits a route; several may do so equally well."""
        rank = RANKS[wanted.level]

        def fitness(one: Anchor) -> tuple[int, ...]:
            endpoint = one.endpoint
            slash = not self.loses_slash(wanted, one.segments)
            same_level = not one.is_mount and RANKS[endpoint.signature.guard.level] == rank
            beside = endpoint.key.partition("::")[0] == file
            alike = common(one.path, wanted.segments)
            state = self._has_state(one, wanted)
            return slash, len(one.segments), state, same_level, not one.is_mount, beside, alike

        return fitness

    def _joined(self, wanted: Wanted) -> Anchor | None:
        """The registration of the same path that the route can be joined to."""
        for one in self.anchors:
            same = len(one.path) == len(wanted.segments) and begins(one.path, wanted.segments)
            routes = self._axum or one.in_resource
            if same and routes and not one.is_mount and self._fits(one, wanted):
                return one
        return None

    def _shadow(self, anchor: Anchor, wanted: Wanted, full: str) -> Anchor | None:
        """The first call beside an anchor whose route, in actix-web, would take the requests."""
        if self._axum:
            return None
        requests = actix_requests(full)
        for one in self.anchors:
            if (one.place.file, one.place.chunk) != (anchor.place.file, anchor.place.chunk):
                continue
            if one.trail != anchor.trail or one.order > anchor.order:
                continue
            prefix, path = one.is_mount and not one.in_resource, one.endpoint.path
            if prefix:
                steps = one.endpoint.trail[: len(one.trail) + 1]
                path = join("actix", one.prefix, steps[-1][0])
            elif not one.in_resource and one.endpoint.method not in (wanted.method, "ANY"):
                continue
            same = not prefix and path.rstrip("/") == full.rstrip("/")
            if same or not path.strip("/"):
                continue
            matcher = actix_pattern(path, prefix=prefix)
            if any(taken(matcher, request, prefix=prefix) is not None for request in requests):
                return one
        return None
