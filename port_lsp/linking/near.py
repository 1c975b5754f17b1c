"""The tier of near paths and other methods: only where files or names vouch for the pair.

A path that differs says little by itself; what makes a link of it is a handler of that name, in a
file that belongs to the backend's, or a difference of a known kind. Names alone never link.
"""

from collections import defaultdict
from collections.abc import Iterator

from port_lsp.linking.board import Board
from port_lsp.linking.files import BELONG
from port_lsp.linking.matches import Match, Route
from port_lsp.linking.names import Phrase, phrase
from port_lsp.linking.paths import Shape
from port_lsp.linking.weights import LINK, TIE, WORTH_SHOWING

_KNOWN = frozenset(
    {"same", "slash", "open", "spelling", "doubled"}
)  # differences that explain themselves
_END = 0.95  # what a path is worth whose known end is the other's
_SPELLINGS = frozenset({"same", "slash", "open", "spelling"})
_HALF = 0.5  # how near a path must be at least
_ALIKE = 0.5  # how alike names must be to vouch for a near path
_HINT = 0.3  # how alike names must be where the path is the same in another spelling
_SURE = 0.8  # from here on two names are the same
_TELLING = 2  # nouns of a name that may vouch for a pair of any two files


def link_near(board: Board) -> None:
    """Links open routes whose paths or methods differ, the best pair first; ties stay open."""
    matches = [match for match in _pairs(board) if board.allowed(match.backend, match.crate)]
    for match in matches:
        if match.score >= WORTH_SHOWING:
            board.consider(match)
    plausible = sorted(
        (match for match in matches if not objection(match)),
        key=lambda one: (-one.score, one.backend.order, one.crate.order),
    )
    by_route: defaultdict[tuple[str, int], list[Match]] = defaultdict(list)
    for match in plausible:
        by_route["backend", match.backend.order].append(match)
        by_route["crate", match.crate.order].append(match)
    undecided: set[int] = set()
    for match in plausible:
        ours, theirs = match.backend, match.crate
        if ours.order in board.found or theirs.order in board.taken or ours.order in undecided:
            continue
        rivals = [*by_route["backend", ours.order], *by_route["crate", theirs.order]]
        if any(_ties(board, match, rival) for rival in rivals):
            undecided.add(ours.order)
            continue
        board.link(match, "near")


def _ties(board: Board, match: Match, rival: Match) -> bool:
    """Whether a rival that is still open is as good, and means another handler."""
    if rival.backend.order in board.found or rival.crate.order in board.taken:
        return False
    if abs(match.score - rival.score) >= TIE or rival is match:
        return False
    if rival.backend is match.backend:
        return rival.crate.definition != match.crate.definition
    return rival.backend.definition != match.backend.definition


def _pairs(board: Board) -> Iterator[Match]:
    """Open routes of files that belong together; those of one name or path wherever they are."""
    by_file: defaultdict[str, list[Route]] = defaultdict(list)
    by_name: defaultdict[Phrase, list[Route]] = defaultdict(list)
    by_path: defaultdict[tuple[str, ...], list[Route]] = defaultdict(list)
    for route in board.free_crate():
        if route.endpoint.kind == "fallback":
            continue
        by_file[route.file].append(route)
        by_name[phrase(route.endpoint.handler)].append(route)
        by_path[route.shape.plain].append(route)
    files = board.scale.files
    settled = {
        found.match.backend.definition: found.match.crate.definition
        for found in board.found.values()
    }
    belonging: dict[str, list[Route]] = {}
    for ours in board.open_backend():
        # Another route of a linked handler can only be near to one of its counterpart's.
        counterpart = settled.get(ours.definition)
        seen: set[int] = set()
        routes = belonging.get(ours.file)
        if routes is None:
            near = (
                there for file, there in by_file.items() if files.belong(ours.file, file) >= BELONG
            )
            routes = belonging[ours.file] = [theirs for there in near for theirs in there]
        for theirs in routes:
            seen.add(theirs.order)
            if counterpart in (None, theirs.definition):
                yield _match(board, ours, theirs)
        if counterpart is not None:
            continue
        elsewhere = {theirs.order: theirs for theirs in by_path.get(ours.shape.plain, ())}
        if (name := phrase(ours.endpoint.handler)).nouns:
            elsewhere |= {theirs.order: theirs for theirs in by_name.get(name, ())}
        for order, theirs in sorted(elsewhere.items(), key=lambda item: item[0]):
            if order not in seen:
                yield _match(board, ours, theirs)


def _match(board: Board, ours: Route, theirs: Route) -> Match:
    """A pair weighed; of a route that nothing mounts, only the known end of the path counts."""
    if not theirs.mounted and _ends_with(ours.shape, theirs.shape):
        return board.scale.match(ours, theirs, near=_END)
    return board.scale.match(ours, theirs)


def _ends_with(whole: Shape, end: Shape) -> bool:
    size = len(end.plain)
    return bool(size) and whole.plain[-size:] == end.plain


def objection(match: Match) -> str:
    """Why a pair can't become a link of this tier; empty where it can."""
    if match.score < LINK:
        return f"only {match.score:.2f} speaks for it, a link needs {LINK}"
    if match.path < _HALF:
        return "the paths have too little in common: names alone never link"
    explained = match.difference.how in _KNOWN or (match.bulk == 0 and match.path == _END)
    if match.method < 1.0:
        # Two differences at once need a handler of the very same name; what reads on one side
        # and writes on the other, the very same path too.
        if match.file < BELONG and not (match.method and match.path == 1.0):
            return "the method differs, and the files don't belong together"
        if not explained and not match.method:
            return "both the method and the path differ"
        least = _ALIKE if explained and match.method else _SURE
        return "" if match.handler >= least else "the method differs, and so does the name"
    if match.difference.how in _SPELLINGS:
        if match.handler >= _HINT or match.file >= BELONG:
            return ""
        return "the path is spelled differently, and neither name nor file speaks for it"
    if match.file >= BELONG:
        # Another word in the path means another thing, unless the handlers have one name.
        least = _SURE if match.difference.how == "different" else _ALIKE
        if explained or match.handler >= least:
            return ""
        return "the path differs, and so does the handler's name"
    if len(phrase(match.backend.endpoint.handler).nouns) < _TELLING:
        return "the files don't belong together, and the handler's name says too little"
    least = _ALIKE if explained else _SURE
    if match.handler >= least:
        return ""
    return "the files don't belong together, and the names aren't alike enough"
