"""What writing works on: the crate at one revision, and readers of its own, one for trials."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from port_lsp.facts.items import Side
from port_lsp.facts.source import Record, SourceFile
from port_lsp.resolve.routes import Resolved
from port_lsp.rust.declared import Item
from port_lsp.rust.events import PlacedSocket
from port_lsp.rust.reader import CrateReader
from port_lsp.rust.scopes import Scopes
from port_lsp.text import Text


class FileChange(Record, frozen=True):
    """A file of the crate (relative path) before and after; None before where it is made."""

    path: str
    before: str | None
    after: str


class Workshop:
    """The crate's files, and what a reader makes of them with some changed.

    Not safe for threads. Keep one and `open` it at each revision: its readers go on from what they
    read before, the first reading of each takes as long as the crate's without the parsing.
    """

    def __init__(self, reader: CrateReader) -> None:
        """`reader` is the index' own; it is asked for a fork and otherwise left alone."""
        self._reader = reader.fork()
        self._trials: CrateReader | None = None
        self.files: Mapping[str, SourceFile] = {}
        self.manifests: Mapping[str, bytes] = {}
        self.side = Side()
        self.kept: dict[tuple[object, ...], object] = {}  # what was worked out of this state
        self._scopes: Scopes | None = None

    def open(self, files: Mapping[str, SourceFile], manifests: Mapping[str, bytes]) -> Workshop:
        """Goes to another state of the crate: its files, and the texts of its Cargo.toml."""
        if not self.is_at(files, manifests):
            self.files, self.manifests = files, manifests
            self.side = self._reader.read(files, manifests)
            self._scopes = self._reader.scopes()
            self.kept = {}
        return self

    def is_at(self, files: Mapping[str, SourceFile], manifests: Mapping[str, bytes]) -> bool:
        """Whether a state of the crate is the one that is open."""
        opened = self._scopes is not None and files is self.files
        return opened and manifests == self.manifests

    @property
    def scopes(self) -> Scopes:
        """What names mean in the crate's files."""
        if self._scopes is None:
            raise ValueError("the workshop isn't open")
        return self._scopes

    def declared(self, path: str) -> tuple[tuple[str, Item], ...]:
        """Every item of a file of the crate, each with its chunk's id; nothing of other files."""
        file = self.files.get(path)
        return () if file is None else tuple(self._reader.declared(file))

    def resolved(self) -> tuple[Resolved, ...]:
        """The crate's registrations, as they are reached from an application."""
        return self._reader.resolved()

    def sockets(self) -> Iterator[PlacedSocket]:
        """Where the crate handles or emits Socket.IO events, as written."""
        for file in self.files.values():
            yield from self._reader.sockets(file)

    def outline(self, path: str, text: Text) -> SourceFile:
        """A file of the crate with another text, cut into chunks."""
        return self._reader.outline(path, text, self.files.get(path))

    def trial(
        self, changes: Iterable[FileChange]
    ) -> tuple[Side, Mapping[str, SourceFile], Mapping[str, bytes]]:
        """What the crate would be with changes: its routes, models, functions and events, as a bare
        reader gives them, its files and manifests. The workshop itself stays at its state."""
        reader = self._trials = self._trials or self._reader.fork(bare=True)
        reader.share(self._reader)
        files, manifests = dict(self.files), dict(self.manifests)
        for change in changes:
            data = change.after.encode()
            if change.path.endswith(".rs"):
                known = files.get(change.path)
                files[change.path] = reader.outline(change.path, Text(data), known)
            elif change.path.rpartition("/")[2] == "Cargo.toml":
                manifests[change.path] = data
        ordered = {path: files[path] for path in sorted(files)}
        return reader.read(ordered, manifests), ordered, manifests
