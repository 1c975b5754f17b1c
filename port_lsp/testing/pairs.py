"""An endpoint of the backend with its counterpart in the crate."""

from __future__ import annotations

from port_lsp.facts.items import Endpoint
from port_lsp.facts.links import Link
from port_lsp.facts.source import Record
from port_lsp.index.snapshot import Snapshot


class Pair(Record, frozen=True):
    """An endpoint, its counterpart and their link."""

    link: Link
    ours: Endpoint
    theirs: Endpoint

    @property
    def about(self) -> str:
        """The endpoint as people write it."""
        return f"{self.ours.method} {self.ours.path}"


class Pairs:
    """The endpoints of a revision that have a counterpart, by their ids."""

    def __init__(self, snapshot: Snapshot) -> None:
        """Of a revision."""
        backend, crate = snapshot.backend, snapshot.crate
        self._ours = {one.id: one for one in (backend.endpoints if backend is not None else ())}
        theirs = [*crate.endpoints, *(one.endpoint for one in crate.unmounted)] if crate else []
        self._theirs = {one.id: one for one in theirs}
        self._links = {
            one.backend: one for one in reversed(snapshot.links.endpoints)
            if one.backend is not None and one.crate in self._theirs
        }  # fmt: skip

    def of(self, ident: str) -> Pair | str:
        """An endpoint (its id) and its counterpart, or why there are no tests of it."""
        endpoint = self._ours.get(ident)
        if endpoint is None:
            return "it is no endpoint of the backend"
        link = self._links.get(ident)
        if link is None or link.crate is None:
            return "it isn't ported"
        return Pair(link, endpoint, self._theirs[link.crate])
