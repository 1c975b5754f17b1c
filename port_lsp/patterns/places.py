"""Where an item of the backend goes in the crate: beside its siblings that are there already,
else by how the crate names its files, else as the guide does."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterable

from port_lsp.facts.links import Link
from port_lsp.patterns.names import snake

_MODELS = "src/models"


def file_of_model(backend_file: str, links: Iterable[Link], crate_files: Iterable[str]) -> str:
    """The file of the crate for a model of a file of the backend; it may not exist yet.

    `links` are those of models. Where siblings are linked, most of them decide; else the folder
    that most linked models are in, and the backend file's name as its neighbours' are changed.
    """
    pairs = [
        (link.backend.partition("::")[0], link.crate.partition("::")[0])
        for link in links
        if link.backend is not None and link.crate is not None and link.presence == "ported"
    ]
    siblings = Counter(crate for backend, crate in pairs if backend == backend_file)
    if siblings:
        return max(sorted(siblings), key=lambda path: siblings[path])
    stem = _stem(backend_file)
    known = frozenset(crate_files)
    folders = Counter(posixpath.dirname(crate) for _, crate in pairs)
    folder = max(sorted(folders), key=lambda path: folders[path]) if folders else _MODELS
    if folder in ("", "src"):  # all in src/models.rs, as small crates have it
        files = Counter(crate for _, crate in pairs)
        return max(sorted(files), key=lambda path: files[path])
    if not folders and f"{_MODELS}.rs" in known:
        return f"{_MODELS}.rs"
    name = singular(stem) if _is_singular(pairs) else stem
    return f"{folder}/{name}.rs"


def _stem(path: str) -> str:
    """What a file of the backend is about: its name, or its package's."""
    stem = posixpath.splitext(posixpath.basename(path))[0]
    if stem in ("__init__", "models", "schemas", "main", "schema", "model"):
        stem = posixpath.basename(posixpath.dirname(path)) or stem
    return snake(stem)


def _is_singular(pairs: Iterable[tuple[str, str]]) -> bool:
    """Whether the crate says `user.rs` where the backend says `users.py`."""
    votes: Counter[bool] = Counter()
    for backend, crate in set(pairs):
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
