"""The files of one side as they are on disk: read once, again where time or size changed."""

import os
from collections.abc import Callable, Iterable
from typing import NamedTuple

from port_lsp.index.walk import Cancelled, Tree
from port_lsp.text import Text, decode

MAX_BYTES = 8 * 1024 * 1024  # what is larger was made by a machine


class Stamp(NamedTuple):
    """By what a file is known to be the same: modified in ns, size in bytes."""

    modified: int
    size: int


class Store:
    """The files below one root: `texts` of those that are wanted, `listed` are the names of all.

    `notes` says of each path that isn't there why not.
    """

    def __init__(
        self,
        root: str,
        tree: Callable[[], Tree],
        excluded: Callable[[str], bool],
        wanted: Callable[[Iterable[str]], Iterable[str]],
    ) -> None:
        """`tree` gives a new walk, `excluded` judges absolute paths, `wanted` picks those of the
        relative paths (with `/`) that are worth reading."""
        self.root = root
        self.notes: dict[str, str] = {}
        self.texts: dict[str, Text] = {}
        self.listed: tuple[str, ...] = ()
        self._tree = tree
        self._excluded = excluded
        self._wanted = wanted
        self._stamps: dict[str, Stamp] = {}
        self._walked: Tree | None = None

    def sweep(
        self,
        progress: Callable[[int, int], None] = lambda done, total: None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> bool:
        """Brings everything up to date with the disk; whether anything changed."""
        self._walked = tree = self._tree()
        self.listed = tuple(
            self.relative(path) for path in tree.below(self.root) if not self._excluded(path)
        )
        paths = list(self._wanted(self.listed))
        notes = dict(tree.notes)
        gone = self.texts.keys() - paths
        for path in gone:
            del self.texts[path], self._stamps[path]
        changed = bool(gone)
        for done, path in enumerate(paths):
            if cancelled():
                raise Cancelled
            progress(done, len(paths))
            changed |= self._take(path, notes)
        self.notes = notes
        return changed

    def refresh(self, path: str) -> bool:
        """Brings one file that is known up to date; whether it changed."""
        notes = {key: note for key, note in self.notes.items() if key != self.absolute(path)}
        changed = self._take(path, notes)
        self.notes = notes
        return changed

    def accepts(self, path: str) -> bool:
        """Whether a file (absolute path) would be listed if it were on disk."""
        tree = self._walked or self._tree()
        return not self._excluded(path) and tree.accepts(self.root, path)

    def relative(self, path: str) -> str:
        """The path below the root, with `/`."""
        return path[len(self.root) :].lstrip(os.sep).replace(os.sep, "/")

    def absolute(self, path: str) -> str:
        """The path of a file that is given below the root."""
        return os.path.join(self.root, *path.split("/"))

    def _take(self, path: str, notes: dict[str, str]) -> bool:
        full = self.absolute(path)
        try:
            status = os.stat(full)
            stamp = Stamp(status.st_mtime_ns, status.st_size)
            if self._stamps.get(path) == stamp:
                return False
            if status.st_size > MAX_BYTES:
                raise OSError(f"it is larger than {MAX_BYTES // 1024**2} MB")
            with open(full, "rb") as file:
                data = file.read()
        except FileNotFoundError:
            self._stamps.pop(path, None)
            return self.texts.pop(path, None) is not None
        except OSError as error:
            notes[full] = f"left out: {error.strerror or error}"
            self._stamps.pop(path, None)
            return self.texts.pop(path, None) is not None
        self._stamps[path] = stamp
        known = self.texts.get(path)
        text = decode(data)
        if known is not None and known.data == text.data:
            return False
        self.texts[path] = text
        return True
