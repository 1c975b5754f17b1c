"""The crate's handlers as its conventions are read of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Generic, NamedTuple, TypeVar

from port_lsp.facts.items import Endpoint
from port_lsp.facts.source import Record, item_key
from port_lsp.patterns.desk import Desk
from port_lsp.rust.declared import FnItem

_Answer = TypeVar("_Answer", bound=Hashable)


class Said(NamedTuple, Generic[_Answer]):
    """An answer, of how many handlers that say something how many say it, and in which group (its
    index) they are."""

    answer: _Answer
    voices: int
    of: int
    group: int


class Handler(Record, frozen=True):
    """A function that answers requests, with its routes. `backend` are the files whose endpoints
    are linked to it, `guards` the names of those endpoints' guards."""

    key: str
    file: str
    item: FnItem
    endpoints: tuple[Endpoint, ...]
    backend: frozenset[str] = frozenset()
    guards: frozenset[str] = frozenset()


class Neighbours:
    """The crate's handlers, nearest first."""

    def __init__(self, desk: Desk) -> None:
        """Of the desk's revision."""
        self.all = _handlers(desk)

    def groups(self, backend_file: str) -> tuple[list[Handler], ...]:
        """Those that are linked from a file of the backend; those that stand in the same files;
        all of the crate."""
        linked = [one for one in self.all if backend_file in one.backend]
        files = {one.file for one in linked}
        return linked, [one for one in self.all if one.file in files], self.all


def tally(
    groups: Iterable[Sequence[Handler]], says: Callable[[Handler], _Answer | None]
) -> Said[_Answer] | None:
    """What most handlers of the nearest group say that say something at all; of several that are
    said equally often, the first."""
    for index, group in enumerate(groups):
        said = Counter(answer for one in group if (answer := says(one)) is not None)
        if said:
            answer, count = said.most_common(1)[0]
            return Said(answer, count, said.total(), index)
    return None


def vote(
    groups: Iterable[Sequence[Handler]], says: Callable[[Handler], _Answer | None]
) -> _Answer | None:
    """The answer of `tally`."""
    said = tally(groups, says)
    return said.answer if said is not None else None


def _handlers(desk: Desk) -> list[Handler]:
    crate, links = desk.snapshot.crate, desk.snapshot.links
    if crate is None:
        return []
    by_id: dict[str, set[str]] = {}
    for link in links.endpoints:
        if link.backend is None or link.presence not in ("ported", "stub"):
            continue
        for one in (link.crate, *link.also):
            if one is not None:
                by_id.setdefault(one, set()).add(link.backend)
    backend = desk.snapshot.backend
    guards = {one.id: one.signature.guard.name for one in backend.endpoints} if backend else {}
    items: dict[str, FnItem] = {}
    routes: dict[str, list[Endpoint]] = {}
    for endpoint in crate.endpoints:
        if endpoint.kind != "fallback":  # what answers where no handler does
            routes.setdefault(endpoint.key, []).append(endpoint)
    for file in dict.fromkeys(key.partition("::")[0] for key in routes):
        for _, item in desk.workshop.declared(file):
            if isinstance(item, FnItem):
                items.setdefault(item_key(file, item.qualified), item)
    return [
        Handler(
            key,
            key.partition("::")[0],
            items[key],
            tuple(endpoints),
            frozenset(
                ident.partition("::")[0] for one in endpoints for ident in by_id.get(one.id, ())
            ),
            frozenset(
                name
                for one in endpoints
                for ident in by_id.get(one.id, ())
                if (name := guards.get(ident)) is not None
            ),
        )
        for key, endpoints in routes.items()
        if key in items
    ]
