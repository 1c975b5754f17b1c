"""What writing works on: the crate at one revision, and a reader of its own for trials."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from port_lsp.facts.items import Side
from port_lsp.facts.source import Record, SourceFile
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

    Not safe for threads. Keep one and `open` it at each revision: the reader goes on from what it
    read before, and its first reading takes as long as the crate's without the parsing.
    """

    def __init__(self, reader: CrateReader) -> None:
        """`reader` is the index' own; it is asked for a fork and otherwise left alone."""
        self._reader = reader.fork()
        self.files: Mapping[str, SourceFile] = {}
        self.manifests: Mapping[str, bytes] = {}
        self.side = Side()
        self._scopes: Scopes | None = None

    def open(self, files: Mapping[str, SourceFile], manifests: Mapping[str, bytes]) -> Workshop:
        """Goes to another state of the crate: its files, and the texts of its Cargo.toml."""
        if self._scopes is None or files is not self.files or manifests != self.manifests:
            self.files, self.manifests = files, manifests
            self._read()
        return self

    @property
    def scopes(self) -> Scopes:
        """What names mean in the crate's files."""
        if not self.files:
            raise ValueError("the workshop isn't open")
        return self._scopes or self._read()

    def _read(self) -> Scopes:
        """Brings the reader to the workshop's own state."""
        self.side = self._reader.read(self.files, self.manifests)
        self._scopes = self._reader.scopes()
        return self._scopes

    def declared(self, path: str) -> tuple[tuple[str, Item], ...]:
        """Every item of a file of the crate, each with its chunk's id; nothing of other files."""
        file = self.files.get(path)
        return () if file is None else tuple(self._reader.declared(file))

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
        """What the crate would be with changes: its facts, files and manifests.

        The workshop itself stays at its state; its reader is brought back when somebody asks, for
        after most trials nobody does.
        """
        files, manifests = dict(self.files), dict(self.manifests)
        for change in changes:
            data = change.after.encode()
            if change.path.endswith(".rs"):
                known = files.get(change.path)
                files[change.path] = self._reader.outline(change.path, Text(data), known)
            elif change.path.rpartition("/")[2] == "Cargo.toml":
                manifests[change.path] = data
        ordered = {path: files[path] for path in sorted(files)}
        side = self._reader.read(ordered, manifests)
        self._scopes = None
        return side, ordered, manifests
