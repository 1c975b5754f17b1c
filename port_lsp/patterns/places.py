"""Where an item of the backend goes in the crate: beside its siblings that are there already,
else by how the crate names its files, else as the guide does."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterable

from port_lsp.facts.links import Link
from port_lsp.patterns.names import snake

_ROOTS = frozenset(("main", "lib", "mod"))  # Rust files that are no modules of their own


class Siblings:
    """How the crate places its models: looked at once for a revision, asked for many files."""

    def __init__(
        self, links: Iterable[Link], crate_files: Iterable[str], source: str = "src"
    ) -> None:
        """`links` are those of models, `crate_files` the paths of the crate's files, `source` the
        folder that its modules are below."""
        self._source, self._models = source, f"{source}/models"
        pairs = [
            (link.backend.partition("::")[0], link.crate.partition("::")[0])
            for link in links
            if link.backend is not None and link.crate is not None and link.presence == "ported"
        ]
        self._known = frozenset(crate_files)
        self._singular = _is_singular(set(pairs))
        self._files = Counter(crate for _, crate in pairs)
        self._folders = Counter(posixpath.dirname(crate) for _, crate in pairs)
        self._siblings: dict[str, Counter[str]] = {}
        for backend, crate in pairs:
            self._siblings.setdefault(backend, Counter())[crate] += 1

    def file_of(self, backend_file: str) -> str:
        """The file of the crate for a model of a file of the backend; it may not exist yet.

        Where siblings are linked, most of them decide; else the folder that most linked models are
        in, and the backend file's name as its neighbours' are changed.
        """
        return self.files_of(backend_file)[0]

    def files_of(self, backend_file: str) -> tuple[str, ...]:
        """The files that fit equally well: the one that is taken, then the others."""
        if backend_file in self._siblings:
            return tuple(_most(self._siblings[backend_file]))
        folders = _most(self._folders) if self._folders else [self._models]
        return tuple(dict.fromkeys(self._named_after(backend_file, one) for one in folders))

    def _named_after(self, backend_file: str, folder: str) -> str:
        if folder in ("", "src", self._source):  # all in src/models.rs, as small crates have it
            return _most(self._files)[0]
        if not self._folders and f"{self._models}.rs" in self._known:
            return f"{self._models}.rs"
        stem = _stem(backend_file)
        stem = singular(stem) if self._singular else stem
        if stem == posixpath.basename(folder) and f"{folder}/{stem}.rs" not in self._known:
            stem = singular(stem) if stem != singular(stem) else f"{stem}_"  # no models::models
        return f"{folder}/{stem}.rs"


def _most(counted: Counter[str]) -> list[str]:
    """What was counted most often, in order."""
    most = max(counted.values())
    return sorted(one for one, count in counted.items() if count == most)


def _stem(path: str) -> str:
    """What a file of the backend is about: its name, or its package's."""
    stem = posixpath.splitext(posixpath.basename(path))[0]
    if stem in ("__init__", "models", "schemas", "main", "schema", "model"):
        stem = posixpath.basename(posixpath.dirname(path)) or stem
    name = snake(stem)
    return "app" if name in _ROOTS else name


def _is_singular(pairs: Iterable[tuple[str, str]]) -> bool:
    """Whether the crate says `user.rs` where the backend says `users.py`."""
    votes: Counter[bool] = Counter()
    for backend, crate in pairs:
        ours, theirs = _stem(backend), posixpath.splitext(posixpath.basename(crate))[0]
        if ours != singular(ours):
            votes[theirs == singular(ours)] += theirs in (ours, singular(ours))
    return votes[True] > votes[False]


def singular(word: str) -> str:
    """An English plural's singular, by its end alone."""
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
