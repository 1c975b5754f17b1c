"""What is read of a crate once for all endpoints that are ported into it, and where one may go."""

from __future__ import annotations

from port_lsp.facts.items import Endpoint
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.endpoints.anchors import anchors
from port_lsp.patterns.endpoints.conventions import Conventions
from port_lsp.patterns.endpoints.handlers import Neighbours
from port_lsp.patterns.endpoints.needs import Names
from port_lsp.patterns.endpoints.newrouters import NewRouters
from port_lsp.patterns.endpoints.places import handlers_files
from port_lsp.patterns.endpoints.registration import Routers
from port_lsp.patterns.endpoints.says import GuardWay
from port_lsp.patterns.port import CannotPortError


class Survey:
    """Stands as long as the facts and the links do."""

    def __init__(self, desk: Desk) -> None:
        """Of the desk's revision."""
        self.neighbours = Neighbours(desk)
        self.routers = Routers(desk, anchors(desk))
        self._new = NewRouters(desk, self.routers, Names(desk.workshop.scopes))
        self._desk = desk
        self._conventions: dict[str, Conventions] = {}
        self._choices: dict[str, tuple[str, ...]] = {}
        self._files: dict[str, list[str]] = {}
        backend = desk.snapshot.backend
        self._endpoints = {one.id: one for one in backend.endpoints} if backend is not None else {}

    def conventions(self, backend_file: str) -> Conventions:
        """Those for the handlers of a file of the backend."""
        known = self._conventions.get(backend_file)
        if known is None:
            known = Conventions(self._desk, self.neighbours, backend_file)
            self._conventions[backend_file] = known
        return known

    def files(self, backend_file: str) -> list[str]:
        """The files that fit the handlers of a backend file equally well, the usual one first."""
        known = self._files.get(backend_file)
        if known is None:
            known = handlers_files(self._desk, self.neighbours, backend_file)
            self._files[backend_file] = known
        return known

    def choice(self, ident: str) -> tuple[str, ...]:
        """See `Pattern.places`; nothing for what is no endpoint, or can't be registered."""
        known = self._choices.get(ident)
        if known is None:
            endpoint = self._endpoints.get(ident)
            found = self._choice(endpoint) if endpoint is not None else ()
            known = self._choices[ident] = found if len(found) > 1 else ()
        return known

    def _choice(self, endpoint: Endpoint) -> tuple[str, ...]:
        backend_file = endpoint.key.partition("::")[0]
        files = self.files(backend_file)
        if len(files) > 1:
            return tuple(files)
        conventions, guard = self.conventions(backend_file), endpoint.signature.guard
        level = conventions.level(guard)
        way = conventions.guard(level, guard.name) or GuardWay("nothing")
        try:
            wanted = self.routers.wanted(endpoint, level, way, conventions)
        except CannotPortError:
            return ()
        if self._new.would_take(endpoint, wanted, files[0]):
            return self._new.choice(endpoint, wanted)
        return self.routers.choice(wanted, files[0])


def survey_of(desk: Desk) -> Survey:
    """That of a desk's revision."""
    return desk.stands(Survey)
