"""What linking worked out of endpoints, given again where it rests on the very same objects.

Linking goes through all endpoints each time, for what one of them is linked to may decide about
another. But after an edit most routes, pairs and rows are what they were.
"""

from collections.abc import Callable
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
        return self._now.get(key) or self._before.get(key)

    def put(self, key: _K, value: _V) -> None:
        """Keeps a result."""
        self._now[key] = value


class Memo:
    """Routes by side and order, matches by their routes' orders, rows by that of the backend's."""

    __slots__ = ("_basis", "matches", "routes", "rows")

    def __init__(self) -> None:
        self._basis: object = None
        self.routes: Kept[tuple[str, int], Route] = Kept()
        self.matches: Kept[tuple[int, int, int, float | None], Match] = Kept()
        self.rows: Kept[int, tuple[tuple[object, ...], Link]] = Kept()

    def begin(self, basis: object) -> None:
        """A new linking; nothing is kept where `basis`, on which all rests, isn't equal."""
        anew = basis != self._basis
        self._basis = basis
        self.routes.begin(anew=anew)
        self.matches.begin(anew=anew)
        self.rows.begin(anew=anew)

    def route(
        self, side: str, order: int, endpoint: Endpoint, make: Callable[[Endpoint, int], Route]
    ) -> Route:
        """An endpoint made ready."""
        known = self.routes.get((side, order))
        if known is None or known.endpoint is not endpoint:
            known = make(endpoint, order)
        self.routes.put((side, order), known)
        return known
