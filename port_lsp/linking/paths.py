"""The shape of a route's path, and how two shapes differ.

Notations known: FastAPI (`{id}`, `{id:int}`, `{rest:path}`), axum (`:id`, `*rest`, `{id}`,
`{*rest}`) and actix-web (`{id}`, `{id:regex}`, `{rest:.*}`).
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal

from port_lsp.facts.source import Record
from port_lsp.linking.names import overlap, words

PARAMETER = "{}"
REST = "{*}"
UNKNOWN = "{?}"  # what the crate's reader couldn't know of a path: a prefix from its settings

_MATCHES_SLASHES = re.compile(r"(?:\.|\[\s*\\s\\S\s*\]|\[\^\]\])[*+]\??$|^path$")
_STRUCTURAL = re.compile(r"api|rest|v\d+(?:alpha|beta)?\d*")
_PARAMETER_WEIGHT = 0.35  # a parameter is one of many; a word of the path is meant
_STRUCTURAL_WEIGHT = 0.2  # `/api/v1` says nothing about what is behind it
_AT_END = 0.6  # how near one thing (`/users/{id}`) is to all of them (`/users`), if all else is
_INSIDE = 0.85  # the same of a parameter in the middle: it may have gone into the query
_PARTIAL = 0.5  # from here on two segments share so many words that they are spellings of one

How = Literal[
    "same", "slash", "open", "spelling", "doubled", "missing", "extra", "renamed", "different"
]


class Shape(Record, frozen=True):
    """A path with its parameters' names blanked.

    `segments` as written; `words` the same in lower case and singular, words joined by "_";
    `plain` also without that, by which spellings are compared (`api-keys`, `apikey`); `lower` the
    segments in lower case; `slash` whether the path ends in a slash; `open` whether it begins with
    a prefix that isn't known, which none of the segments stands for.
    """

    segments: tuple[str, ...]
    words: tuple[str, ...]
    plain: tuple[str, ...]
    lower: tuple[str, ...]
    slash: bool
    open: bool = False

    @property
    def rest(self) -> bool:
        """Whether the path ends in a parameter that takes everything below it."""
        return bool(self.segments) and self.segments[-1] == REST


class Difference(Record, frozen=True):
    """How the crate's path differs from the backend's: `near` 0 to 1, and what to call it.

    `part` is what is doubled, missing or extra in the crate's path, with its slash, or of a renamed
    prefix what is there instead. `at` counts the crate's segments up to where it is missing, up to
    its end where it is too much, up to the end of the first that is another.
    """

    near: float
    how: How
    part: str = ""
    at: int = 0


@lru_cache(maxsize=8192)
def shape(path: str) -> Shape:
    """Reads a path in any of the notations."""
    begins_open = path.startswith(UNKNOWN)
    parts = _split(path.removeprefix(UNKNOWN))
    slash = len(path) > 1 and path.endswith("/")
    segments = tuple(_blank(part) for part in parts if part)
    spelled = tuple(_spelled(segment) for segment in segments)
    plain = tuple(word.replace("_", "") for word in spelled)
    lower = tuple(part.lower() for part in segments)
    return Shape(segments, spelled, plain, lower, slash, begins_open)


def may_be(path: str, ours: Shape) -> bool:
    """Whether a path that is known in part may be this one: what isn't known is any prefix."""
    head = shape(path.partition(UNKNOWN)[0]).segments
    tail = shape(path.rpartition(UNKNOWN)[2]).segments
    count = len(ours.segments) - len(tail)
    return (
        count >= len(head) and ours.segments[: len(head)] == head and ours.segments[count:] == tail
    )


def _split(path: str) -> list[str]:
    """A path cut at its slashes, but not at those within the braces of a regular expression."""
    if "{" not in path:
        return path.split("/")
    parts: list[str] = []
    depth = start = 0
    for index, char in enumerate(path):
        if char == "{":
            depth += 1
        elif char == "}":
            depth = max(0, depth - 1)
        elif char == "/" and not depth:
            parts.append(path[start:index])
            start = index + 1
    return [*parts, path[start:]]


def _blank(segment: str) -> str:
    if "{" not in segment:
        if segment.startswith("*") and len(segment) > 1:
            return REST
        return PARAMETER if segment.startswith(":") and len(segment) > 1 else segment
    out: list[str] = []
    depth = start = 0
    for index, char in enumerate(segment):
        if char == "{":
            if not depth:
                start = index + 1
            depth += 1
        elif char == "}" and depth:
            depth -= 1
            if not depth:
                out.append(_parameter(segment[start:index]))
        elif not depth:
            out.append(char)
    return "".join(out)


def _parameter(inside: str) -> str:
    if inside.startswith("*"):
        return REST
    _, colon, pattern = inside.partition(":")
    return REST if colon and _MATCHES_SLASHES.search(pattern.strip()) else PARAMETER


@lru_cache(maxsize=8192)
def _spelled(segment: str) -> str:
    if "{" not in segment:
        return "_".join(words(segment)) or segment
    return segment


@lru_cache(maxsize=8192)
def last_fixed(segments: tuple[str, ...]) -> str:
    """The last segment that is no parameter; "" where all are."""
    return next((part for part in reversed(segments) if "{" not in part), "")


@lru_cache(maxsize=8192)
def path_words(path: str) -> frozenset[str]:
    """The words of a path's fixed segments."""
    return frozenset(
        word for segment in shape(path).segments if "{" not in segment for word in words(segment)
    )


@lru_cache(maxsize=65536)
def difference(backend: Shape, crate: Shape) -> Difference:
    """How the crate's path differs from what the backend's client asks for."""
    if backend.segments == crate.segments and backend.open == crate.open:
        return Difference(1.0, "same" if backend.slash == crate.slash else "slash")
    if ends_alike(backend, crate):
        return Difference(0.97, "open")
    if backend.plain == crate.plain:
        return Difference(0.95, "spelling")
    if cut := doubled(backend.lower, crate.lower):
        return Difference(0.93, "doubled", _part(crate, cut), cut[1])
    near = _alignment(backend.words, crate.words)
    ours, theirs = backend.plain, crate.plain
    if cut := _inserted(theirs, ours):
        near *= _less(ours, cut)
        return Difference(near, "missing", _part(backend, cut), cut[0])
    if cut := _inserted(ours, theirs):
        near *= _less(theirs, cut)
        return Difference(near, "extra", _part(crate, cut), cut[1])
    return Difference(near, "different")


def renamed(backend: Shape, crate: Shape) -> Difference | None:
    """The prefix that the crate's path has instead of the backend's, from the first segment that
    differs up to where both go on alike; None where they end otherwise."""
    ours, theirs = backend.segments, crate.segments
    tail = _equal(reversed(ours), reversed(theirs))
    ours, theirs = ours[: len(ours) - tail], theirs[: len(theirs) - tail]
    front = _equal(ours, theirs)
    if not ours[front:] or not theirs[front:]:
        return None
    instead = f"`/{'/'.join(theirs)}` is there instead of `/{'/'.join(ours)}`"
    near = difference(backend, crate).near
    return Difference(near, "renamed", instead, front + 1)


def _equal(ones: Iterable[str], others: Iterable[str]) -> int:
    """How many both begin with."""
    count = 0
    for one, other in zip(ones, others, strict=False):
        if one != other:
            break
        count += 1
    return count


def ends_alike(one: Shape, other: Shape) -> bool:
    """Whether two paths are the same but for a prefix that isn't known of one of them."""
    if not (one.open or other.open):
        return False
    whole, end = (other, one) if one.open else (one, other)
    size = len(end.segments)
    return bool(size) and whole.segments[-size:] == end.segments


def _less(long: tuple[str, ...], cut: tuple[int, int]) -> float:
    """What a path is worth that lacks parameters alone: it is about all things, not about one."""
    if any("{" not in part for part in long[slice(*cut)]):
        return 1.0
    return _AT_END if cut[1] == len(long) else _INSIDE


def _part(shape: Shape, cut: tuple[int, int]) -> str:
    return "/" + "/".join(shape.segments[slice(*cut)])


def doubled(once: tuple[str, ...], twice: tuple[str, ...]) -> tuple[int, int] | None:
    """Which segments `twice` repeats where `once` has them once: start and end in `twice`."""
    size = len(twice) - len(once)
    if size <= 0 or size > len(once):
        return None
    for at in range(len(once) - size + 1):
        block = once[at : at + size]
        if any("{" not in part for part in block) and twice == once[:at] + block + once[at:]:
            return at + size, at + 2 * size
    return None


def _inserted(short: tuple[str, ...], long: tuple[str, ...]) -> tuple[int, int] | None:
    """Where `long` has one block of segments more than `short`, as early as possible."""
    size = len(long) - len(short)
    if size <= 0:
        return None
    for at in range(len(short) + 1):
        if long[:at] == short[:at] and long[at + size :] == short[at:]:
            return at, at + size
    return None


def begins(path: str, prefix: str) -> bool:
    """Whether a route's path begins with a prefix, segment by segment."""
    stem = prefix.rstrip("/")
    return path == stem or path.startswith(stem + "/")


def exchanged(path: str, prefixes: Iterable[tuple[str, str]]) -> str:
    """A path of the backend with the first of the configured prefixes that it has exchanged."""
    for ours, theirs in prefixes:
        if begins(path, ours):
            return theirs.rstrip("/") + path[len(ours.rstrip("/")) :]
    return path


def longest_first(prefixes: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The order in which configured prefixes are tried."""
    return sorted(prefixes, key=lambda pair: (-len(pair[0]), pair))


def weight(segment: str) -> float:
    """How much a segment tells of what is behind its path."""
    if "{" in segment:
        return _PARAMETER_WEIGHT
    return _STRUCTURAL_WEIGHT if _STRUCTURAL.fullmatch(segment) else 1.0


def is_telling(segment: str) -> bool:
    """Whether a segment is a word that says what is behind its path."""
    return weight(segment) == 1.0


def _alignment(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    """Dice's coefficient over the best alignment that keeps the order of the segments."""
    total = sum(map(weight, one)) + sum(map(weight, other))
    if not total:
        return 0.0
    best = [0.0] * (len(other) + 1)
    for left in one:
        diagonal = 0.0
        for index, right in enumerate(other, start=1):
            above = best[index]
            best[index] = max(above, best[index - 1], diagonal + _segments(left, right))
            diagonal = above
    return 2 * best[-1] / total


def _segments(one: str, other: str) -> float:
    if one == other:
        return weight(one)
    if "{" in one or "{" in other:
        return 0.5 * _PARAMETER_WEIGHT if "{" in one and "{" in other else 0.0
    shared = overlap(frozenset(one.split("_")), frozenset(other.split("_")))
    return shared * min(weight(one), weight(other)) if shared >= _PARTIAL else 0.0
