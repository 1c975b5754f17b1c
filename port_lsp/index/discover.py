"""Finds the backend and the crate without configuration, from wherever somebody starts.

The search goes downwards from the start, then from each folder above it up to the repository's
top. A side is settled at the first level at which it is found, so that a start inside one side
takes that side; of several pairs the one that fits best is taken, and the reason is said.
"""

import os
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import product
from math import log
from pathlib import Path

from port_lsp.facts.links import SideName
from port_lsp.facts.source import Record
from port_lsp.index.backends import Candidate, backends
from port_lsp.index.crates import crates
from port_lsp.index.membership import backend_files
from port_lsp.index.walk import MANIFEST, Tree, is_below

_WORDS = re.compile(r"[a-z]+|\d+", re.I)
# What says "this is the backend", "this is the port" and no more.
_SAYS_NOTHING = frozenset(
    re.findall(
        r"\w+",
        "api app application axum actix back backend core crate crates end lib main new old package"
        " packages port project py python repo rewrite rs rust server service services src v1 v2"
        " web",
    )
)
_ALIKE = 3.0  # how much equal names count, beside the logarithm of the number of files
_STEP = 0.5  # and how much each folder on the way between the two
_PROJECT_FILES = ("pyproject.toml", "setup.py", "setup.cfg", "requirements.txt", MANIFEST)
_SHOWN = 3

Excluded = Callable[[str], bool]


class Root(Record, frozen=True):
    """A side's root (absolute) and why it was taken; `others` were possible too."""

    path: str
    reason: str
    others: tuple[str, ...] = ()


class Found(Record, frozen=True):
    """What the search came to. `searched` is the widest folder that was looked at."""

    backend: Root | None
    crate: Root | None
    searched: str


def discover(
    start: Path,
    tree: Tree,
    *,
    backend: Path | None = None,
    crate: Path | None = None,
    wanted: Sequence[SideName] = ("backend", "crate"),
    excluded: Excluded = lambda path: False,
) -> Found:
    """Looks for the sides in `wanted`. `backend` and `crate` are roots that are known already;
    they decide between several candidates for the other side."""
    given = {"backend": backend, "crate": crate}
    known: dict[str, list[Candidate]] = {
        side: [_given(path)] for side, path in given.items() if path is not None
    }
    missing = [side for side in wanted if side not in known]
    searched = str(start)
    levels = list(_levels(start, tree))
    for at, is_beside in levels:
        if not missing:
            break
        searched = at
        paths = [path for path in tree.below(at) if not excluded(path)]
        for side in list(missing):
            candidates = [
                candidate
                for candidate in _candidates(side, paths, at, tree)
                if is_below(candidate.path, at) or at == levels[-1][0]
                if not is_beside or os.path.dirname(candidate.path) == at
            ]
            if candidates:
                known[side] = candidates
                missing.remove(side)
    first, second = _pair(known.get("backend", []), known.get("crate", []))
    return Found(
        _root(first, known.get("backend", []), second, "backend") if not backend else None,
        _root(second, known.get("crate", []), first, "crate") if not crate else None,
        searched,
    )


def _levels(start: Path, tree: Tree) -> Iterator[tuple[str, bool]]:
    """The folders to search from, and whether only what stands directly in one counts.

    Outside of a repository nothing says how far up a project goes: only from the root of one side
    the folders beside it are looked at.
    """
    yield str(start), False
    if tree.top is not None:
        folder = str(start)
        while folder != tree.top:
            folder = os.path.dirname(folder)
            yield folder, False
        return
    folder = next((f for f in (start, *start.parents) if _is_project(f)), None)
    if folder is None or folder.parent in (folder, Path.home(), *Path.home().parents):
        return
    if folder != start:
        yield str(folder), False
    yield str(folder.parent), True


def _is_project(folder: Path) -> bool:
    return any((folder / name).is_file() for name in _PROJECT_FILES)


def _candidates(side: str, paths: list[str], at: str, tree: Tree) -> list[Candidate]:
    if side == "crate":
        return [] if _in_workspace(at, tree) else crates(paths, at)
    relative = {os.path.relpath(path, at).replace(os.sep, "/"): path for path in paths}
    return backends((relative[path] for path in backend_files(relative)), at)


def _in_workspace(at: str, tree: Tree) -> bool:
    """Whether a folder above is a Cargo workspace: then the search begins there."""
    top = tree.top or at
    while at != top and at != os.path.dirname(at):
        at = os.path.dirname(at)
        try:
            with open(os.path.join(at, MANIFEST), "rb") as file:
                if b"[workspace" in file.read():
                    return True
        except OSError:
            continue
    return False


def _given(path: Path) -> Candidate:
    return Candidate(str(path), 0, 0, (path.name, path.parent.name))


def _pair(
    backend: list[Candidate], crate: list[Candidate]
) -> tuple[Candidate | None, Candidate | None]:
    """The two that fit best; of one side alone the largest."""
    pairs = list(product(backend or [None], crate or [None]))
    return min(pairs, key=lambda pair: (-_fit(*pair), [c.path for c in pair if c]))


def _fit(one: Candidate | None, other: Candidate | None) -> float:
    size = sum(log(1 + candidate.weight) for candidate in (one, other) if candidate)
    if one is None or other is None:
        return size
    return size + _ALIKE * _likeness(one, other) - _STEP * _distance(one.path, other.path)


def _likeness(one: Candidate, other: Candidate) -> float:
    """How much of the shorter name is in the other, at best, 0 to 1."""
    return max(
        (
            len(a & b) / min(len(a), len(b))
            for a in map(_words, one.names)
            for b in map(_words, other.names)
            if a and b
        ),
        default=0.0,
    )


def _words(name: str) -> frozenset[str]:
    return frozenset(word.lower() for word in _WORDS.findall(name)) - _SAYS_NOTHING


def _distance(one: str, other: str) -> int:
    common = os.path.commonpath([one, other]) if one[:1] == other[:1] else ""
    return sum(len(p[len(common) :].strip(os.sep).split(os.sep)) for p in (one, other))


def _root(
    taken: Candidate | None, every: list[Candidate], other: Candidate | None, side: SideName
) -> Root | None:
    if taken is None:
        return None
    what = "imports fastapi" if side == "backend" else "uses axum or actix-web"
    whats = "import fastapi" if side == "backend" else "use axum or actix-web"
    count = f"1 file {what}" if taken.files == 1 else f"{taken.files} files {whats}"
    rest = sorted((c for c in every if c is not taken), key=lambda c: (-c.weight, c.path))
    reason = f"found: {count}"
    if rest:
        shown = ", ".join(
            f"{os.path.relpath(c.path, taken.path)} ({c.files})" for c in rest[:_SHOWN]
        )
        more = f" and {len(rest) - _SHOWN} more" if len(rest) > _SHOWN else ""
        reason += f"; taken before {shown}{more}, {_because(taken, rest, other, side)}"
    return Root(taken.path, reason, tuple(c.path for c in rest))


def _because(
    taken: Candidate, rest: list[Candidate], other: Candidate | None, side: SideName
) -> str:
    """What made the difference to the best of the others."""
    if other is None:
        return "being the largest"
    second = max(rest, key=lambda candidate: _fit(candidate, other))
    counterpart = "the crate" if side == "backend" else "the backend"
    reasons = {
        f"whose name is more like that of {counterpart}": _ALIKE
        * (_likeness(taken, other) - _likeness(second, other)),
        f"which is nearer to {counterpart}": _STEP
        * (_distance(second.path, other.path) - _distance(taken.path, other.path)),
        "being larger": log(1 + taken.weight) - log(1 + second.weight),
    }
    best = max(reasons, key=lambda reason: reasons[reason])
    return best if reasons[best] > 0 else "being the first by name"
