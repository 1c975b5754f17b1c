"""What a pattern works with: one snapshot, the crate's workshop, and the backend's reader."""

from __future__ import annotations

from port_lsp.index.index import Index
from port_lsp.index.snapshot import Snapshot
from port_lsp.python.reader import BackendReader
from port_lsp.writing.registering import Framework
from port_lsp.writing.workshop import Workshop


class NothingToWriteIntoError(ValueError):
    """There is no crate, or none that is served by a framework that is written for."""


class Desk:
    """One revision, ready for writing. Not safe for threads."""

    def __init__(
        self, snapshot: Snapshot, workshop: Workshop, backend: BackendReader, framework: Framework
    ) -> None:
        """All of one revision."""
        self.snapshot, self.workshop, self.backend = snapshot, workshop, backend
        self.framework: Framework = framework


class Desks:
    """Makes desks, revision by revision; keeps the workshop, whose first opening takes longest."""

    def __init__(self) -> None:
        self._workshop: Workshop | None = None
        self._reader: object = None

    def at(self, index: Index) -> Desk:
        """The desk of the index' present revision. Raises NothingToWriteIntoError."""
        snapshot, reader, backend = index.snapshot, index.crate_reader, index.backend_reader
        if snapshot.backend is None or backend is None:
            raise NothingToWriteIntoError("there is no backend")
        if snapshot.crate is None or reader is None:
            raise NothingToWriteIntoError("there is no crate to write into")
        if self._workshop is None or self._reader is not reader:
            self._workshop, self._reader = Workshop(reader), reader
        self._workshop.open(snapshot.crate_files, index.manifests)
        return Desk(snapshot, self._workshop, backend, framework_of(snapshot))


def framework_of(snapshot: Snapshot) -> Framework:
    """The crate's web framework. Raises NothingToWriteIntoError for a crate without one."""
    named = snapshot.crate.framework if snapshot.crate is not None else None
    if named == "axum":
        return "axum"
    if named == "actix-web":
        return "actix-web"
    raise NothingToWriteIntoError("the crate depends on neither axum nor actix-web")
