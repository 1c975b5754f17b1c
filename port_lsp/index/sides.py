"""One side of the index: its files from disk and buffers, cut by its reader, read to facts."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

from port_lsp.facts.items import Side
from port_lsp.facts.recut import is_broken
from port_lsp.facts.source import SourceFile, source_file
from port_lsp.index.membership import (
    backend_files,
    crate_files,
    is_test_module,
    manifests,
    projects,
)
from port_lsp.index.overlay import Overlay
from port_lsp.index.store import Store
from port_lsp.index.walk import LOCK, MANIFEST, PROJECT, Cancelled, Tree, is_below
from port_lsp.python.reader import BackendReader
from port_lsp.rust.reader import CrateReader
from port_lsp.text import Text

Progress = Callable[[int, int], None]

_MANIFESTS = (MANIFEST, LOCK)


class SideReader(Protocol):
    """What the two sides do differently."""

    def readable(self, paths: Iterable[str]) -> Iterable[str]:
        """Those of the relative paths whose text is needed."""
        ...

    def members(self, texts: Mapping[str, Text]) -> list[str]:
        """Those of the files that are part of the side, in the order of `texts`."""
        ...

    def outline(
        self, path: str, text: Text, previous: SourceFile | None = None, *, hasty: bool = False
    ) -> SourceFile:
        """Cuts a file into chunks. `previous` is an earlier version; with `hasty`, what is broken
        of it may be more than a whole cut would say."""
        ...

    def read(self, files: Mapping[str, SourceFile], texts: Mapping[str, Text]) -> Side:
        """The facts of the files; quick where the files are the same objects as before."""
        ...


class SideIndex:
    """The files of one side and what they say."""

    def __init__(
        self,
        root: str,
        tree: Callable[[], Tree],
        excluded: Callable[[str], bool],
        overlay: Overlay,
        reader: SideReader,
    ) -> None:
        self.root = root
        self.files: dict[str, SourceFile] = {}
        self.store = Store(root, tree, excluded, reader.readable)
        self._overlay = overlay
        self.reader = reader
        self._side: Side | None = None
        self._others: dict[str, bytes] = {}
        self._accepted: dict[str, bool] = {}
        self._names: tuple[tuple[str, ...], tuple[str, ...], list[str]] = ((), (), [])
        self._dirty = True
        self._unread = False
        # Of files that don't parse, the last version that did: what is cut again reaches from
        # there. And those that were cut in haste.
        self._sound: dict[str, SourceFile] = {}
        self._hasty: set[str] = set()

    @property
    def manifests(self) -> dict[str, bytes]:
        """The manifests among the files and what they are locked to, by path."""
        return {path: data for path, data in self._others.items() if path.endswith(_MANIFESTS)}

    def touch(self, path: str) -> None:
        """A buffer was opened, edited or closed: if it is of this side, it is looked at again."""
        if self.locate(path) is not None:
            self._dirty = True

    def sweep(self, progress: Progress, cancelled: Callable[[], bool]) -> bool:
        """Brings the files up to date with the disk; whether anything changed."""
        self._accepted.clear()
        self._dirty = True
        return self.store.sweep(progress, cancelled)

    def refresh(self, path: str) -> bool:
        """Brings one file (absolute path) up to date with the disk; whether it is known."""
        relative = self.locate(path)
        if relative is None or relative not in self.store.texts:
            return False
        self._dirty |= self.store.refresh(relative)
        return True

    def side(
        self,
        progress: Progress = lambda done, total: None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Side | None:
        """The facts of disk and buffers as they are now; None without a single file."""
        if not self._dirty:
            return self._side
        texts = self._texts()
        previous = self.files
        files: dict[str, SourceFile] = {}
        members = self.reader.members(texts)
        for done, path in enumerate(members):
            if cancelled():
                raise Cancelled
            progress(done, len(members))
            known = previous.get(path)
            text = texts[path]
            if known is not None and known.text is text and path not in self._hasty:
                files[path] = known
            else:
                files[path] = self._cut(path, text, known)
                self._keep(path, files[path], known)
        others = {path: text.data for path, text in texts.items() if path not in files}
        if self._side is None or self._unread or files != previous or others != self._others:
            self.files, self._others = files, others
            self._side = self.reader.read(files, texts) if files else None
        self._dirty = self._unread = False
        self._hasty.clear()
        return self._side

    def glance(self, path: str) -> SourceFile | None:
        """Cuts a file (absolute path) as it is open now, without reading its facts: `side` does
        that. None where the file wasn't part of the side before."""
        relative, text = self.locate(path), self._overlay.get(path)
        known = self.files.get(relative) if relative is not None else None
        if relative is None or text is None or known is None:
            return None
        self._dirty = self._unread = True
        file = self._cut(relative, text, known, hasty=True)
        self._keep(relative, file, known)
        self._hasty.discard(relative)
        if is_broken(file):
            self._hasty.add(relative)
        self.files = {**self.files, relative: file}
        return file

    def _cut(
        self, path: str, text: Text, known: SourceFile | None, *, hasty: bool = False
    ) -> SourceFile:
        """Cuts a file; from its last version that parses, which it may be again."""
        base = self._sound.get(path, known)
        if base is not None and base.text.data == text.data and not is_broken(base):
            return source_file(path, text, base.chunks)
        return self.reader.outline(path, text, base, hasty=hasty)

    def _keep(self, path: str, file: SourceFile, before: SourceFile | None) -> None:
        """Notes the last version of a file that parses, as long as it doesn't."""
        if not is_broken(file):
            self._sound.pop(path, None)
        elif before is not None and not is_broken(before):
            self._sound[path] = before

    def locate(self, path: str) -> str | None:
        """The relative path of a file of this side (absolute path); None for another's."""
        if not is_below(path, self.root):
            return None
        relative = self.store.relative(path)
        if relative in self.store.texts:
            return relative
        if path not in self._accepted:
            self._accepted[path] = self.store.accepts(path)
        return relative if self._accepted[path] else None

    def _texts(self) -> dict[str, Text]:
        """The texts of all files, open ones as they are in the editor, in order of their paths."""
        texts = dict(self.store.texts)
        for path in self._overlay.paths():
            relative = self.locate(path)
            text = self._overlay.get(path)
            if relative is not None and text is not None:
                texts[relative] = text
        listed, known = self.store.listed, tuple(texts)
        if self._names[:2] != (listed, known):
            names = sorted(self.reader.readable(dict.fromkeys((*listed, *known))))
            self._names = (listed, known, [name for name in names if name in texts])
        return {path: texts[path] for path in self._names[2]}


class BackendSource:
    """The backend's files are all modules but those of tests; projects say what is installed."""

    def __init__(self, root: str, known: Mapping[str, str]) -> None:
        """`known` are values of names that can't be read statically."""
        self.reader = BackendReader(known, os.path.basename(root))
        self.outline = self.reader.outline

    def readable(self, paths: Iterable[str]) -> Iterable[str]:
        """Whether a file named like a test is one says its text."""
        every = list(paths)
        return [*backend_files(every), *projects(every)]

    def members(self, texts: Mapping[str, Text]) -> list[str]:
        """The modules, without tests."""
        modules = (path for path in texts if not path.endswith(PROJECT))
        return [path for path in modules if not is_test_module(path, texts[path].data)]

    def read(self, files: Mapping[str, SourceFile], texts: Mapping[str, Text]) -> Side:
        """The facts of the modules."""
        return self.reader.read(files, frozenset(projects(texts)))


class CrateSource:
    """The crate's files are its modules; its manifests say what they are."""

    def __init__(self) -> None:
        self.reader = CrateReader()
        self.outline = self.reader.outline

    def readable(self, paths: Iterable[str]) -> Iterable[str]:
        """Modules and manifests."""
        every = list(paths)
        return [*crate_files(every), *manifests(every)]

    def members(self, texts: Mapping[str, Text]) -> list[str]:
        """The modules."""
        return [path for path in texts if not path.endswith(_MANIFESTS)]

    def read(self, files: Mapping[str, SourceFile], texts: Mapping[str, Text]) -> Side:
        """The facts of the modules."""
        return self.reader.read(files, {p: texts[p].data for p in texts if p.endswith(_MANIFESTS)})
