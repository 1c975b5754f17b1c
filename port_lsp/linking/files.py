"""Which files of the two sides belong together: by their names, and by the links already found.

A file's subject is what its path says beyond the layer it stands in: that of
`app/routers/users.py`, `src/handlers/user_handler.rs` and `src/users/mod.rs` is `user`.
"""

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from port_lsp.linking.names import overlap, word_set, words

# Folders and files by which projects name layers, never subjects.
_LAYERS = word_set(
    "adapter api app application backend common controller core crate crud dao data db domain dto "
    "endpoint entity feature presenter serializer infra infrastructure "
    "form handler helper http impl index init inner internal lib main mod module model python repo "
    "repository request resource response rest route router rust schema server service src store "
    "struct table type util view web v0 v1 v2 v3 v4"
)
# Names of files that hold whatever has no better place.
_ENTRIES = word_set("api app endpoint handler index init lib main mod route router server view web")
_ROOTS = 0.5  # how much app.py and main.rs belong together: both say nothing
BELONG = 0.3  # from here on two files belong together
_STEPS = ((0.6, 1.0), (0.3, 0.5), (0.1, 0.2))  # share of exact links, and what it is worth
_FEW = 2  # exact links; a single one between two files may be chance


@lru_cache(maxsize=4096)
def subject(path: str, top: int = 0) -> frozenset[str]:
    """The words of a file's path without those of layers; of its name where nothing else is left.

    (`routers/models.py` is about models, whatever other projects keep in a models.py.) `top` is
    how many folders all files of the side are in: they tell no two apart.
    """
    stem = path.rpartition(".")[0] or path
    folders = stem.split("/")
    parts = folders[top:] or folders[-1:]  # what isn't in all these folders has its name
    return frozenset(word for part in parts for word in words(part) if word not in _LAYERS) or (
        frozenset(words(parts[-1]))
    )


def without_layers(listed: Iterable[str]) -> frozenset[str]:
    """Words without those of layers."""
    return frozenset(word for word in listed if word not in _LAYERS)


def shared_folders(files: Iterable[str]) -> int:
    """How many folders, from the top, all files are in."""
    folders = [file.split("/")[:-1] for file in files]
    size = min(map(len, folders), default=0)
    return next((at for at in range(size) if len({parts[at] for parts in folders}) > 1), size)


@lru_cache(maxsize=16384)
def by_name(backend: frozenset[str], crate: frozenset[str]) -> float:
    """How much two files belong together by their subjects alone, 0 to 1."""
    if backend <= _ENTRIES and crate <= _ENTRIES:
        return 1.0 if backend == crate else _ROOTS
    return overlap(backend, crate)


class Files:
    """The files of both sides and how much each two belong together."""

    __slots__ = ("_backend_sizes", "_crate_sizes", "_links", "_seen", "top", "top_crate")

    def __init__(self, backend: Iterable[str], crate: Iterable[str], top: tuple[int, int]) -> None:
        """Takes the file of each endpoint of either side, as often as it has endpoints.

        `top` is how many folders all files of the backend and all of the crate are in.
        """
        self._backend_sizes = Counter(backend)
        self._crate_sizes = Counter(crate)
        self.top, self.top_crate = top
        self._links: Counter[tuple[str, str]] = Counter()
        self._seen: dict[tuple[str, str], float] = {}

    @property
    def counts(self) -> tuple[object, ...]:
        """All that `belong` is computed from, to be compared."""
        return (
            dict(self._links),
            dict(self._backend_sizes),
            dict(self._crate_sizes),
            self.top,
            self.top_crate,
        )

    @property
    def state(self) -> tuple[object, ...]:
        """All that `belong` depends on, to be compared."""
        single = len(self._backend_sizes) == 1, len(self._crate_sizes) == 1
        files = single, *((set(self._backend_sizes), set(self._crate_sizes)) if any(single) else ())
        by_links = {
            pair: said
            for pair in self._links
            if (said := self._by_links(*pair)) > self._by_name(*pair)
        }
        return (*files, by_links, self.top, self.top_crate)

    def learn(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Takes the files of links that are certain without their files' help."""
        learnt = list(pairs)
        if learnt:
            self._links.update(learnt)
            self._seen.clear()

    def belong(self, backend: str, crate: str) -> float:
        """How much a file of the backend and one of the crate belong together, 0 to 1."""
        known = self._seen.get((backend, crate))
        if known is None:
            known = self._seen[backend, crate] = max(
                self._by_name(backend, crate), self._by_links(backend, crate)
            )
        return known

    def _by_name(self, backend: str, crate: str) -> float:
        return by_name(subject(backend, self.top), subject(crate, self.top_crate))

    def _by_links(self, backend: str, crate: str) -> float:
        if self._all_in_one(backend, crate):
            return BELONG  # where else should it have gone
        links = self._links[backend, crate]
        if not links:
            return 0.0
        size = min(self._backend_sizes[backend], self._crate_sizes[crate])
        if links < _FEW and size > 1:
            return 0.0
        # In steps, so that an edit of one route seldom changes what is said of its file.
        return next((worth for share, worth in _STEPS if links >= share * size), 0.0)

    def _all_in_one(self, backend: str, crate: str) -> bool:
        """Whether one side has everything in its main file."""
        return (len(self._backend_sizes) == 1 and subject(backend, self.top) <= _ENTRIES) or (
            len(self._crate_sizes) == 1 and subject(crate, self.top_crate) <= _ENTRIES
        )
