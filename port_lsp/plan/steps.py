"""Steps of a migration, as data."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterable, Sequence

from port_lsp.facts.source import Record

_REST = "Everything else"
_MODELS = frozenset(("model", "models", "schema", "schemas"))


class PlannedFile(Record, frozen=True):
    """A file of the backend (relative path), with how hard its port is said to be and how long it
    takes; "" where nobody says so."""

    file: str
    complexity: str = ""
    effort: str = ""


class Step(Record, frozen=True):
    """A step: its title, and the files that it is about, in the order of working on them."""

    title: str
    files: tuple[PlannedFile, ...] = ()


class Named:
    """Finds the backend's files that a text names."""

    def __init__(self, files: Iterable[str], routers: Collection[str]) -> None:
        """`files` are relative paths, `routers` those that have routes."""
        self._files = sorted(files)
        self._routers = frozenset(routers)

    def by_path(self, path: str) -> list[str]:
        """The files that a path ends like, or that a folder holds: documents name them from the
        repository's top, from the backend's, or by their last parts."""
        wanted = path.strip("/").removeprefix("./")
        if wanted.endswith(".py"):
            parts = wanted.split("/")
            for start in range(len(parts)):
                tail = "/".join(parts[start:])
                found = [one for one in self._files if f"/{one}".endswith(f"/{tail}")]
                if found:
                    return found if len(found) == 1 or start == 0 else found[:1]
            return []
        return [one for one in self._files if f"/{one}".find(f"/{wanted}/") >= 0] if wanted else []

    def by_word(self, word: str) -> list[str]:
        """The routers that are called like a word, singular or plural, and the models beside them:
        a word alone means no other file."""
        name = word.strip().lower().replace("-", "_").replace(" ", "_")
        forms = {name, f"{name}s", name.removesuffix("s")}
        found = [one for one in self._files if _stem(one) in forms]
        routers = [one for one in found if one in self._routers]
        models = [one for one in found if _folder(one) in _MODELS and one not in routers]
        return [*routers, *models] if routers else []


def with_rest(steps: Sequence[Step], files: Iterable[str]) -> tuple[Step, ...]:
    """Steps, each file in the first one that names it, and a last one for what none names."""
    seen: set[str] = set()
    found: list[Step] = []
    for step in steps:
        own = tuple(one for one in step.files if one.file not in seen)
        seen |= {one.file for one in own}
        found.append(Step(step.title, own))
    rest = tuple(PlannedFile(file) for file in files if file not in seen)
    return (*found, Step(_REST, rest)) if rest else tuple(found)


def _stem(file: str) -> str:
    stem = posixpath.splitext(posixpath.basename(file))[0]
    return posixpath.basename(posixpath.dirname(file)) if stem == "__init__" else stem.lower()


def _folder(file: str) -> str:
    return posixpath.basename(posixpath.dirname(file))
