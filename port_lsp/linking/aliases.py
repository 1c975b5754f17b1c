"""The last tiers: aliases of a handler, wildcards, further counterparts."""

from collections import Counter, defaultdict

from port_lsp.linking.board import Board
from port_lsp.linking.files import BELONG
from port_lsp.linking.matches import Match, Route, methods_agree
from port_lsp.linking.names import phrase
from port_lsp.linking.paths import weight

_ALIKE = 0.6  # how alike names must be for a wildcard to stand for a route
_WILDCARD = 0.6  # what a path is worth that a wildcard takes
_FEW = 3  # routes of one handler; one with more is a common one, such as "not implemented"


def link_aliases(board: Board) -> None:
    """Gives an open route of a handler the counterpart that the handler's other routes have."""
    linked: defaultdict[object, list[Match]] = defaultdict(list)
    for order in sorted(board.found):
        match = board.found[order].match
        linked[match.backend.definition].append(match)
    for ours in board.open_backend():
        siblings = [
            match
            for match in linked.get(ours.definition, ())
            if board.allowed(ours, match.crate) and match.backend.definition == ours.definition
        ]
        if siblings:
            best = max(siblings, key=lambda one: _kinship(ours, one))
            board.link(board.scale.match(ours, best.crate), "alias")


def _kinship(ours: Route, sibling: Match) -> tuple[float, float, int]:
    """Of several siblings, that of the same method, the better link, the earlier one."""
    same = 1.0 if sibling.backend.method == ours.method else 0.0
    return same, sibling.score, -sibling.backend.order


def link_wildcards(board: Board) -> None:
    """Links open routes to a wildcard that takes them, where its handler is theirs."""
    wildcards = [
        route
        for route in board.crate
        if route.shape.rest and route.endpoint.kind != "fallback" and _fixed(route)
    ]
    if not wildcards:
        return
    for ours in board.open_backend():
        matches = [
            board.scale.match(ours, theirs, near=_WILDCARD)
            for theirs in wildcards
            if _takes(theirs, ours)
            and methods_agree(ours, theirs) == 1.0
            and board.allowed(ours, theirs)
        ]
        matches = [match for match in matches if _its_handler(match)]
        if matches:
            board.link(max(matches, key=lambda one: (one.score, -one.crate.order)), "wildcard")


def _fixed(route: Route) -> bool:
    """Whether there is a segment before the wildcard that says what it is for."""
    return any("{" not in part and weight(part) == 1.0 for part in route.shape.words[:-1])


def _takes(wildcard: Route, ours: Route) -> bool:
    before = wildcard.shape.segments[:-1]
    segments = ours.shape.segments
    return len(segments) > len(before) and segments[: len(before)] == before


def _its_handler(match: Match) -> bool:
    """Whether the wildcard's handler has the route's name, or says what all its routes have."""
    if match.handler >= _ALIKE:
        return True
    ours, theirs = phrase(match.backend.endpoint.handler), phrase(match.crate.endpoint.handler)
    around = match.backend.around
    return (
        match.file >= BELONG
        and bool(theirs.nouns)
        and theirs.nouns <= ours.nouns
        and ours.nouns <= theirs.nouns | around
    )


def share_aliases(board: Board) -> None:
    """Adds the crate's further routes of a linked handler: twins by slash, other methods, paths."""
    left = [route for route in board.crate if route.order not in board.taken]
    wanted = {route.definition for route in left}
    routes = Counter(one.definition for one in board.crate if one.definition in wanted)
    counterparts: defaultdict[str, list[Match]] = defaultdict(list)
    for order in sorted(board.found):
        match = board.found[order].match
        if match.crate.definition in wanted:
            counterparts[match.crate.definition].append(match)
    for theirs in left:
        matches = counterparts.get(theirs.definition)
        if matches is None:
            continue
        twins = (match for match in matches if _is_twin(match.crate, theirs))
        named = _is_named(theirs, routes[theirs.definition])
        match = next(twins, matches[0] if named else None)
        if match and board.allowed(match.backend, theirs):
            board.share(match.backend, theirs)
    _share_addresses(board)


def _share_addresses(board: Board) -> None:
    """Adds what stands on the address of a counterpart and is nobody else's: it was registered
    twice."""
    left = [route for route in board.crate if route.order not in board.taken]
    wanted = {route.address for route in left}
    found: dict[str, Match] = {}
    for order in sorted(board.found):
        match = board.found[order].match
        if match.crate.mounted and match.crate.address in wanted:
            found.setdefault(match.crate.address, match)
    for theirs in left:
        match = found.get(theirs.address)
        if match and board.allowed(match.backend, theirs):
            board.share(match.backend, theirs)


def _is_named(route: Route, routes: int) -> bool:
    """Whether a route's handler is one of its own, no closure and no common one."""
    return routes <= _FEW and not route.endpoint.handler.startswith("<")


def _is_twin(one: Route, other: Route) -> bool:
    return one.shape.segments == other.shape.segments
