"""What is linked so far, while the tiers go over the endpoints."""

from typing import Literal

from port_lsp.linking.matches import Match, Route, Scale

Tier = Literal["pin", "exact", "prefix", "near", "alias", "wildcard"]


class Found:
    """A backend route's counterpart, the tier that found it, and further ones."""

    __slots__ = ("also", "match", "tier")

    def __init__(self, match: Match, tier: Tier) -> None:
        self.match = match
        self.tier: Tier = tier
        self.also: list[Route] = []


class Board:
    """The routes of both sides and what has been linked; the tiers write into it.

    `crate` holds the mounted routes, `unmounted` those that nothing mounts. `apart` are pairs of
    orders that must not be linked.
    """

    __slots__ = (
        "_addresses",
        "_free",
        "_open",
        "apart",
        "backend",
        "considered",
        "crate",
        "found",
        "scale",
        "taken",
        "unmounted",
    )

    def __init__(
        self,
        backend: list[Route],
        crate: list[Route],
        unmounted: list[Route],
        scale: Scale,
        apart: frozenset[tuple[int, int]],
    ) -> None:
        self.backend = backend
        self.crate = crate
        self.unmounted = unmounted
        self.scale = scale
        self.apart = apart
        self.found: dict[int, Found] = {}
        self.taken: set[int] = set()
        self._addresses: set[str] = set()
        self.considered: dict[int, list[Match]] = {}
        self._open: list[Route] | None = None
        self._free: list[Route] | None = None

    def link(self, match: Match, tier: Tier) -> Found:
        """Writes a link down; the crate's route is taken."""
        found = self.found[match.backend.order] = Found(match, tier)
        self.taken.add(match.crate.order)
        self._addresses.add(match.crate.twin)
        self._open = self._free = None
        return found

    def unlink(self, backend: Route) -> Found:
        """Takes a link back; its counterparts are free again."""
        found = self.found.pop(backend.order)
        self.taken.discard(found.match.crate.order)
        self.taken.difference_update(other.order for other in found.also)
        self._open = self._free = None
        return found

    def share(self, backend: Route, crate: Route) -> None:
        """Writes down a further counterpart of a linked backend route."""
        self.found[backend.order].also.append(crate)
        self.taken.add(crate.order)
        self._free = None

    def consider(self, match: Match) -> None:
        """Remembers a pair that may be shown where no link comes of it."""
        self.considered.setdefault(match.backend.order, []).append(match)

    def allowed(self, backend: Route, crate: Route) -> bool:
        """Whether the configuration lets the two be linked."""
        return (backend.order, crate.order) not in self.apart

    def open_backend(self) -> list[Route]:
        """The backend's routes that have no link right now, in their order; not to be changed."""
        if self._open is None:
            found = self.found
            self._open = [route for route in self.backend if route.order not in found]
        return self._open

    def free_crate(self) -> list[Route]:
        """As `open_crate`, without the twins of what is linked: they go with it. Not to be
        changed."""
        if self._free is None:
            addresses = self._addresses
            self._free = [route for route in self.open_crate() if route.twin not in addresses]
        return self._free

    def open_crate(self) -> list[Route]:
        """The crate's routes that nothing is linked to right now, mounted ones first."""
        taken = self.taken
        return [route for route in (*self.crate, *self.unmounted) if route.order not in taken]
