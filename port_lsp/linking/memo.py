"""What linking worked out of endpoints, given again where it rests on the very same objects.

Linking goes through all endpoints each time, for what one of them is linked to may decide about
another. But after an edit most routes, pairs and rows are what they were.
"""

import operator
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Generic, TypeVar

from port_lsp.facts.items import Endpoint
from port_lsp.facts.links import Link
from port_lsp.linking.matches import Match, Route

_K = TypeVar("_K")
_V = TypeVar("_V")


class Kept(Generic[_K, _V]):
    """Results by key; what wasn't asked for in a whole linking is dropped at the next one's end."""

    __slots__ = ("_before", "_now")

    def __init__(self) -> None:
        self._before: dict[_K, _V] = {}
        self._now: dict[_K, _V] = {}

    def begin(self, *, anew: bool) -> None:
        """A new linking; `anew` drops everything."""
        self._before, self._now = {} if anew else self._now, {}

    def get(self, key: _K) -> _V | None:
        """The last result with a key."""
        known = self._now.get(key)
        return known if known is not None else self._before.get(key)

    def put(self, key: _K, value: _V) -> None:
        """Keeps a result."""
        self._now[key] = value


Row = tuple[Route, tuple[object, ...], Link]
Group = tuple[list[Route], list[Route], list[Match]]


class Exact:
    """What the first tier linked of each address: its routes of both sides, and the pairs.

    `same_files` says whether the files belong together as they did when it was last asked.
    """

    __slots__ = ("_apart", "_files", "groups", "same_files")

    def __init__(self) -> None:
        self._files: object = None
        self._apart: object = None
        self.groups: Kept[str, Group] = Kept()
        self.same_files = False

    def begin(self, files: object, apart: object) -> None:
        """A new linking. `files` is all that says which belong together; nothing is kept where
        `apart`, the pairs that must not be linked, are others."""
        self.same_files = files == self._files
        self.groups.begin(anew=apart != self._apart)
        self._files, self._apart = files, apart

    def forget(self) -> None:
        """Drops everything."""
        self._apart = None


class Memo:
    """Routes by side and order, matches by their routes' orders, rows by that of the backend's."""

    __slots__ = ("_addresses", "_basis", "_routes", "exact", "matches", "rows")

    def __init__(self) -> None:
        self._basis: object = None
        self._routes: dict[str, list[Route]] = {}
        self._addresses: tuple[list[Route], dict[str, list[Route]]] | None = None
        self.matches: Kept[tuple[int, int, int, float | None], Match] = Kept()
        self.exact = Exact()
        self.rows: Kept[int, Row] = Kept()

    def begin(self, basis: object) -> None:
        """A new linking; nothing is kept where `basis`, on which all rests, isn't equal."""
        anew = basis != self._basis
        self._basis = basis
        if anew:
            self._routes.clear()
            self.exact.forget()
        self.matches.begin(anew=anew)
        self.rows.begin(anew=anew)

    def routes(
        self,
        side: str,
        endpoints: Sequence[Endpoint],
        make: Callable[[Endpoint, int], Route],
    ) -> list[Route]:
        """The endpoints of a side made ready, each in its order."""
        known = self._routes.get(side, [])
        pairs = zip(endpoints, known, strict=False)
        made = [
            route if route.endpoint is one else make(one, order)
            for order, (one, route) in enumerate(pairs)
        ]
        made += [make(one, order) for order, one in enumerate(endpoints[len(made) :], len(made))]
        same = len(made) == len(known) and all(map(operator.is_, made, known))
        self._routes[side] = made = known if same else made
        return made

    def addresses(self, crate: list[Route]) -> dict[str, list[Route]]:
        """The routes of the crate by their addresses; not to be changed."""
        if self._addresses is None or self._addresses[0] != crate:
            self._addresses = crate, by_address(crate)
        return self._addresses[1]


def by_address(routes: Iterable[Route]) -> dict[str, list[Route]]:
    """Routes by their addresses."""
    found: defaultdict[str, list[Route]] = defaultdict(list)
    for route in routes:
        found[route.address].append(route)
    return dict(found)
