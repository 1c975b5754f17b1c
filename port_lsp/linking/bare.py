"""Endpoints without what links don't depend on: then an edit that changes nothing else is none.

Linking is given these and can't see more. Where a handler stands within its chunk stays, for two
functions of one name are told apart by it; where it is registered, its parameters and its guard go.
"""

from __future__ import annotations

import operator

import msgspec

from port_lsp.facts.items import Endpoint, Side, Signature, Unmounted
from port_lsp.facts.source import Place
from port_lsp.text import Span

_NOWHERE = Place("", "")


def bare(endpoint: Endpoint) -> Endpoint:
    """An endpoint without its parameters, dependencies, guard, and places but that of its name."""
    place, signature = endpoint.place, endpoint.signature
    start = place.span.start
    return Endpoint(
        id=endpoint.id,
        kind=endpoint.kind,
        method=endpoint.method,
        path=endpoint.path,
        handler=endpoint.handler,
        key=endpoint.key,
        place=Place(place.file, place.chunk, Span(start, start)),
        registered=_NOWHERE,
        signature=Signature(
            body_models=signature.body_models,
            response_models=signature.response_models,
            kinds=signature.kinds,
        ),
        middleware=endpoint.middleware,
        reachable=endpoint.reachable,
        stub=endpoint.stub,
    )


class _Bared:
    """The endpoints of one list, bare; the very same objects where they are equal to before."""

    __slots__ = ("_full", "_made")

    def __init__(self) -> None:
        self._full: tuple[Endpoint, ...] = ()
        self._made: tuple[Endpoint, ...] = ()

    def of(self, endpoints: tuple[Endpoint, ...]) -> tuple[Endpoint, ...]:
        if endpoints is self._full:
            return self._made
        known = {id(full): made for full, made in zip(self._full, self._made, strict=True)}
        fresh = {made.id: made for made in self._made}
        found: list[Endpoint] = []
        for one in endpoints:
            made = known.get(id(one))
            if made is None:
                made = bare(one)
                before = fresh.get(made.id)
                if before is not None and before == made:
                    made = before
            found.append(made)
        same = len(found) == len(self._made) and all(map(operator.is_, found, self._made))
        self._full, self._made = endpoints, self._made if same else tuple(found)
        return self._made


class Bares:
    """The sides as linking sees them. State: those of before, whose equal parts are given again."""

    def __init__(self) -> None:
        self._backend, self._crate, self._loose = _Bared(), _Bared(), _Bared()
        self._unmounted: tuple[object, tuple[Unmounted, ...]] = ((), ())

    def backend(self, side: Side) -> Side:
        """The backend with bare endpoints."""
        return msgspec.structs.replace(side, endpoints=self._backend.of(side.endpoints))

    def crate(self, side: Side) -> Side:
        """The crate with bare endpoints, and bare ones that nothing mounts."""
        loose = self._loose.of(tuple([one.endpoint for one in side.unmounted]))
        if loose is not self._unmounted[0]:
            self._unmounted = loose, tuple([Unmounted(one, "") for one in loose])
        return msgspec.structs.replace(
            side, endpoints=self._crate.of(side.endpoints), unmounted=self._unmounted[1]
        )
