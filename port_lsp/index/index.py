"""The index: opened once, brought up to date edit by edit, each time with a new snapshot.

After any sequence of updates the snapshot is that of an index built from scratch over the same
disk and buffers (invariant 4).
"""

import gc
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from port_lsp.config import FILE_NAME, PYPROJECT, Config, Problem
from port_lsp.facts.items import Side
from port_lsp.facts.links import SideName
from port_lsp.facts.recut import is_broken
from port_lsp.index.analysis import Analysis
from port_lsp.index.overlay import Overlay
from port_lsp.index.roots import Settled, Wanted, excluder, settle
from port_lsp.index.sides import BackendSource, CrateSource, SideIndex, SideReader
from port_lsp.index.snapshot import Snapshot
from port_lsp.index.stale import Asked, Stale
from port_lsp.index.walk import Cancelled, Tree, is_below
from port_lsp.python.reader import BackendReader
from port_lsp.rules import RULE_NAMES
from port_lsp.rust.reader import CrateReader
from port_lsp.text import Text

NO_BUFFERS: Mapping[str, Text] = MappingProxyType({})
Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done and how much there is."""

__all__ = ["Cancelled", "Index", "Progress"]


def _silent(stage: str, done: int, total: int) -> None:
    """No progress is shown."""


def _never() -> bool:
    return False


class Index:
    """Not safe for threads: one caller at a time, whoever that is."""

    def __init__(self, wanted: Wanted) -> None:
        """`wanted` says where to look; `open` does the work."""
        self._wanted = wanted
        self._overlay = Overlay()
        self._analysis = Analysis()
        self._stale = Stale(RULE_NAMES)
        self._settled: Settled | None = None
        self._backend: SideIndex | None = None
        self._crate: SideIndex | None = None
        self.snapshot = Snapshot(0)

    @classmethod
    def open(
        cls,
        wanted: Wanted,
        progress: Progress = _silent,
        cancelled: Callable[[], bool] = _never,
        buffers: Mapping[str, Text] = NO_BUFFERS,
    ) -> "Index":
        """Finds the roots and reads everything. Raises Cancelled when `cancelled` says so.

        `buffers` are the documents that are open already, by their absolute paths.
        """
        index = cls(wanted)
        for path, text in buffers.items():
            index._overlay.put(path, text)
        index.reload(progress, cancelled)
        return index

    def reload(
        self, progress: Progress = _silent, cancelled: Callable[[], bool] = _never
    ) -> Snapshot:
        """Finds roots and configuration again; reads again only what that changes."""
        was_enabled = gc.isenabled()
        gc.disable()  # nothing that is read has cycles, and looking for them takes a third longer
        try:
            before = self._settled
            self._settled = settled = settle(
                self._wanted, RULE_NAMES, cancelled, self._config_buffer
            )
            if before is not None and _reading(before) == _reading(settled):
                return self._rebuild(progress, cancelled)
            self._start(settled)
            self._sweep(progress, cancelled)
            snapshot = self._rebuild(progress, cancelled)
            gc.freeze()  # what is read now mostly stays
            return snapshot
        finally:
            if was_enabled:
                gc.enable()

    def update(self, path: str, text: Text | None) -> Snapshot:
        """An open document was opened or edited (`text`), or closed (None). `path` is absolute."""
        path = self._canonical(path)
        if text is not None:
            self._overlay.put(path, text)
        elif self._overlay.drop(path):
            self._refresh(path)
        for _, side in self._sides():
            side.touch(path)
        if _is_config(path):
            return self.reload()
        return self._rebuild()

    def lay(self, texts: Mapping[str, Text]) -> Snapshot:
        """Several documents at once, by their absolute paths: as if all were open."""
        for path, text in texts.items():
            self._overlay.put(path, text)
            for _, side in self._sides():
                side.touch(path)
        return self._rebuild()

    def glance(self, path: str, text: Text) -> Snapshot | None:
        """An open document (absolute path) was edited: where it doesn't parse now, the snapshot
        with its new text and everything else as it was, for the price of cutting one file.

        None where it parses: then `update` says what it says. Until the next `update` or
        `changed` this index' own snapshot stays the one before.
        """
        path = self._canonical(path)
        self._overlay.put(path, text)
        for _, side in self._sides():
            file = side.glance(path)
            if file is not None and is_broken(file):
                return replace(
                    self.snapshot,
                    backend_files=self._backend.files if self._backend else {},
                    crate_files=self._crate.files if self._crate else {},
                )
        return None

    def changed(self, paths: Iterable[str]) -> Snapshot:
        """Files changed on disk (absolute paths): edited, made or deleted."""
        new = False
        for path in paths:
            if _is_config(path):
                return self.reload_from_disk()
            new |= not self._refresh(path) or not os.path.exists(path)
        return self.sweep() if new else self._rebuild()

    def sweep(self) -> Snapshot:
        """Looks at all files on disk again, by time and size."""
        self._sweep(_silent, _never)
        return self._rebuild()

    def reload_from_disk(self) -> Snapshot:
        """The configuration changed on disk, and maybe everything else."""
        self._sweep(_silent, _never)
        return self.reload()

    @property
    def backend_reader(self) -> BackendReader | None:
        """Who read the backend: it answers further questions about it. Not for threads."""
        source = self._backend.reader if self._backend else None
        return source.reader if isinstance(source, BackendSource) else None

    @property
    def crate_reader(self) -> CrateReader | None:
        """Who read the crate. Not for threads."""
        source = self._crate.reader if self._crate else None
        return source.reader if isinstance(source, CrateSource) else None

    @property
    def manifests(self) -> Mapping[str, bytes]:
        """The crate's Cargo.toml and Cargo.lock by their paths relative to its root, open ones as
        they are in the editor."""
        return self._crate.manifests if self._crate else {}

    def _start(self, settled: Settled) -> None:
        """Begins anew with other roots or other settings of the readers."""
        self._backend = self._crate = None
        if root := settled.backend and settled.backend.path:
            known = dict(settled.config.resolve)
            self._backend = self._side(settled, root, BackendSource(root, known))
        if root := settled.crate and settled.crate.path:
            self._crate = self._side(settled, root, CrateSource())

    def _side(self, settled: Settled, root: str, reader: SideReader) -> SideIndex:
        top = Path(settled.top) if settled.top else None
        excluded = excluder(settled.config, root)
        return SideIndex(root, lambda: Tree(top), excluded, self._overlay, reader)

    def _sides(self) -> list[tuple[SideName, SideIndex]]:
        sides: tuple[tuple[SideName, SideIndex | None], ...] = (
            ("backend", self._backend),
            ("crate", self._crate),
        )
        return [(name, side) for name, side in sides if side is not None]

    def _sweep(self, progress: Progress, cancelled: Callable[[], bool]) -> None:
        for name, side in self._sides():
            side.sweep(_staged(progress, f"finding the {name}'s files"), cancelled)

    def _refresh(self, path: str) -> bool:
        """Brings one known file up to date with the disk; whether it is known."""
        known = [side.refresh(path) for _, side in self._sides()]  # one root may lie in the other
        return any(known)

    def _rebuild(
        self, progress: Progress = _silent, cancelled: Callable[[], bool] = _never
    ) -> Snapshot:
        settled = self._settled
        if settled is None:
            raise RuntimeError("the index isn't open")
        facts: dict[SideName, Side | None] = {
            name: side.side(_staged(progress, f"reading the {name}"), cancelled)
            for name, side in self._sides()
        }
        backend, crate = facts.get("backend"), facts.get("crate")
        backend_files = self._backend.files if self._backend else {}
        crate_files = self._crate.files if self._crate else {}
        progress("linking", 0, 1)
        links, findings = self._analysis.of(
            backend, crate, backend_files, crate_files, settled.config
        )
        self.snapshot = Snapshot(
            revision=self.snapshot.revision + 1,
            backend_root=settled.backend,
            crate_root=settled.crate,
            backend=backend,
            crate=crate,
            backend_files=backend_files,
            crate_files=crate_files,
            links=links,
            findings=findings,
            problems=(*settled.problems, *self._stale_settings(facts), *self._notes()),
            config=settled.config,
            searched=settled.searched,
        )
        return self.snapshot

    def _stale_settings(self, facts: Mapping[SideName, Side | None]) -> tuple[Problem, ...]:
        settled = self._settled
        if settled is None:
            return ()
        asked: dict[SideName, Asked] = {
            name: Asked(side.root, known, side.files)
            for name, side in self._sides()
            if (known := facts.get(name)) is not None
        }
        verdicts = self._analysis.verdicts if len(asked) == len(facts) else None
        return self._stale.of(settled.config.source, settled.settings, asked, verdicts)

    def _notes(self) -> list[Problem]:
        return [
            Problem(path, 0, note, "information")
            for _, side in self._sides()
            for path, note in side.store.notes.items()
        ]

    def _canonical(self, path: str) -> str:
        """The path below a root, where an editor came to the file by another way."""
        if any(is_below(path, side.root) for _, side in self._sides()):
            return path
        real = os.path.realpath(path)
        for _, side in self._sides():
            root = os.path.realpath(side.root)
            if is_below(real, root):
                return side.root + real[len(root) :]
        return path

    def _config_buffer(self, path: Path) -> str | None:
        text = self._overlay.get(str(path))
        return text.data.decode("utf-8", "replace") if text is not None else None


def _staged(progress: Progress, stage: str) -> Callable[[int, int], None]:
    return lambda done, total: progress(stage, done, total)


def _reading(settled: Settled) -> tuple[str | None, str | None, Config]:
    """What the files and their facts depend on."""
    config = settled.config
    return (
        settled.backend.path if settled.backend else None,
        settled.crate.path if settled.crate else None,
        Config(source=config.source, exclude=config.exclude, resolve=config.resolve),
    )


def _is_config(path: str) -> bool:
    return os.path.basename(path) in (FILE_NAME, PYPROJECT)
