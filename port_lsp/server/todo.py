"""What the index has to be told."""

import os
from dataclasses import dataclass, field

from port_lsp.config import FILE_NAME, PYPROJECT
from port_lsp.index.index import Index
from port_lsp.index.snapshot import Snapshot
from port_lsp.server.places import Places
from port_lsp.server.progress import Work
from port_lsp.text import Text


def is_config(path: str) -> bool:
    """Whether a file may hold the configuration."""
    return os.path.basename(path) in (FILE_NAME, PYPROJECT)


@dataclass(slots=True)
class Todo:
    """Work for the index, put together while it is busy.

    `fresh`: begin from nothing. `again`: read what was only glanced at. `sweep`: look at all files
    again. `changed`: these files (absolute paths) changed on disk. `buffers`: texts of open
    documents by path, None for one that was closed; for a fresh index, of all of them.
    """

    fresh: bool = False
    again: bool = False
    sweep: bool = False
    changed: set[str] = field(default_factory=set[str])
    buffers: dict[str, Text | None] = field(default_factory=dict[str, "Text | None"])

    def is_empty(self) -> bool:
        """Whether there is nothing to do."""
        return not (self.fresh or self.again or self.sweep or self.changed or self.buffers)

    def is_heavy(self) -> bool:
        """Whether it may take longer than a keystroke."""
        return self.fresh or self.sweep or bool(self.changed) or any(map(is_config, self.buffers))

    def title(self) -> str | None:
        """What the user is told of it; None for what is over in no time."""
        if self.fresh:
            return "Indexing"
        configured = any(map(is_config, (*self.changed, *self.buffers)))
        return "Reading the configuration" if configured else None

    def run(self, index: Index | None, places: Places, work: Work) -> tuple[Index, Snapshot]:
        """Does it; without an index from nothing. Raises Cancelled when `work` says so."""
        if self.fresh or index is None:
            texts = {path: text for path, text in self.buffers.items() if text is not None}
            index = Index.open(places.wanted(), work.report, work.is_cancelled, texts)
            return index, index.snapshot
        return index, self.apply(index)

    def glance(self, index: Index) -> Snapshot | None:
        """For one edit, after which a document doesn't parse: see `Index.glance`."""
        if len(self.buffers) != 1 or self.again or self.is_heavy():
            return None
        [(path, text)] = self.buffers.items()
        return index.glance(path, text) if text is not None else None

    def apply(self, index: Index) -> Snapshot:
        """Does it to an index."""
        snapshot = index.snapshot
        for path, text in self.buffers.items():
            snapshot = index.update(path, text)
        if self.sweep:
            return index.sweep()
        return index.changed(sorted(self.changed)) if self.changed or self.again else snapshot
