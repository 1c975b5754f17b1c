"""The tier of whole groups of routes that sit under another prefix in the crate.

A scope opened twice, a `/api/v1` that nobody nests, a router under another name: each moves many
routes in the same way. What many open routes agree on is certain without their files' help; one
alone proves nothing and is left to the next tier.
"""

from collections import defaultdict
from functools import lru_cache

from port_lsp.linking.board import Board
from port_lsp.linking.files import BELONG
from port_lsp.linking.matches import Match, Route
from port_lsp.linking.names import likeness
from port_lsp.linking.paths import doubled, is_telling, last_fixed

Heads = tuple[tuple[str, ...], tuple[str, ...]]

_ADDED = 2  # handlers that must agree that a prefix is added, doubled or missing
_RENAMED = 3  # handlers that must agree that it is another one, their names being alike
_ALIKE = 0.5  # how alike names must be to say so
_STRANGE = 0.3  # below this likeness of names, files must belong together, or many agree
_MANY = 5
_NEAR = 0.9  # what a path is worth that differs as those of its group do


def link_prefixes(board: Board) -> None:
    """Links open routes whose paths differ by a prefix that several of them agree on."""
    settled = {
        found.match.backend.definition: found.match.crate.definition
        for found in board.found.values()
    }
    votes = _votes(board)
    moves = sorted(votes.items(), key=lambda item: (-len(item[1]), item[0]))
    for heads, voters in moves:
        if len(voters) < (_ADDED if _is_added(*heads) else _RENAMED):
            continue
        _move(board, heads, len(voters), settled)


def _votes(board: Board) -> dict[Heads, set[str]]:
    """The backend handlers whose path becomes one of the crate's by each exchange of prefixes."""
    by_end: defaultdict[tuple[str, str], list[Route]] = defaultdict(list)
    for route in board.free_crate():
        if route.end:
            by_end[route.method, route.end].append(route)
    votes: defaultdict[Heads, set[str]] = defaultdict(set)
    for ours in board.open_backend():
        for theirs in by_end.get((ours.method, ours.end), ()):
            heads = _heads(ours.shape.lower, theirs.shape.lower)
            if heads is not None and (_is_added(*heads) or _may_be(board, ours, theirs)):
                votes[heads].add(ours.endpoint.key)
    return votes


def _may_be(board: Board, ours: Route, theirs: Route) -> bool:
    """Whether two routes whose prefixes have nothing in common may be counterparts."""
    if board.scale.files.belong(ours.file, theirs.file) >= BELONG:
        return True
    names = ours.endpoint.handler, theirs.endpoint.handler
    given = ours.subject & theirs.subject
    return likeness(*names, ours.around, theirs.around, given) >= _ALIKE


@lru_cache(maxsize=65536)
def _heads(ours: tuple[str, ...], theirs: tuple[str, ...]) -> Heads | None:
    """What stands before the common end of two paths; None where that end has no fixed segment."""
    size = 0
    for left, right in zip(reversed(ours), reversed(theirs), strict=False):
        if left != right:
            break
        size += 1
    if not size or not last_fixed(ours[len(ours) - size :]):
        return None
    return ours[: len(ours) - size], theirs[: len(theirs) - size]


@lru_cache(maxsize=8192)
def _is_added(ours: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    """Whether the one is the other with one block of segments more."""
    short, long = sorted((ours, theirs), key=len)
    size = len(long) - len(short)
    return size > 0 and any(
        long[:at] == short[:at] and long[at + size :] == short[at:] for at in range(len(short) + 1)
    )


def _move(board: Board, heads: Heads, voters: int, settled: dict[str, str]) -> None:
    """Links each open route that begins with the one prefix to that with the other.

    `settled` are handlers that earlier tiers have linked: their other routes go with them.
    """
    head, other = heads
    there: dict[tuple[str, tuple[str, ...]], list[Route]] = {}
    for route in board.free_crate():
        if route.shape.lower[: len(other)] == other:
            there.setdefault((route.method, route.shape.lower), []).append(route)
    matches: list[Match] = []
    for ours in board.open_backend():
        if ours.shape.lower[: len(head)] != head:
            continue
        moved = other + ours.shape.lower[len(head) :]
        matches += [
            board.scale.match(ours, theirs, bulk=voters, near=_NEAR)
            for theirs in there.get((ours.method, moved), ())
            if board.allowed(ours, theirs)
            and settled.get(ours.definition, theirs.definition) == theirs.definition
        ]
    plain = _says_nothing(*heads)
    matches = [match for match in matches if _credible(match, plain=plain)]
    matches.sort(key=lambda one: (-one.score, one.backend.order, one.crate.order))
    for match in matches:
        if match.backend.order in board.found or match.crate.order in board.taken:
            continue
        if match.file >= BELONG or not _has_better(board, match):
            board.link(match, "prefix")
    board.scale.files.learn(
        (match.backend.file, match.crate.file)
        for match in matches
        if (found := board.found.get(match.backend.order)) and found.match is match
    )


def _has_better(board: Board, match: Match) -> bool:
    """Whether the backend's route has an open one of its own files that is as good."""
    belong = board.scale.files.belong
    return any(
        theirs.method == match.backend.method
        and belong(match.backend.file, theirs.file) >= BELONG
        and board.scale.match(match.backend, theirs).score >= match.score
        for theirs in board.free_crate()
    )


def _says_nothing(ours: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    """Whether two prefixes differ by versions and the like alone, or by a block that is doubled."""
    if doubled(ours, theirs):
        return True
    return [part for part in ours if is_telling(part)] == [
        part for part in theirs if is_telling(part)
    ]


def _credible(match: Match, *, plain: bool) -> bool:
    """Whether more than the group speaks for a pair; `plain` prefixes need little of it."""
    if plain or match.difference.how in ("doubled", "open"):
        return match.handler >= _STRANGE or match.file >= BELONG or match.bulk >= _MANY
    return match.file >= BELONG or (match.bulk >= _MANY and match.handler >= _ALIKE)
