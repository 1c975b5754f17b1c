"""The tier of equal methods and paths, parameters' names blanked.

Nearly every such pair is a link. Two things are settled here beyond that: which of several
routes on one path is meant, and whether the handler on an equal path is another one's.
"""

from collections import defaultdict

from port_lsp.linking.board import Board
from port_lsp.linking.files import BELONG
from port_lsp.linking.matches import Match, Route
from port_lsp.linking.memo import Group, by_address

# What decides between routes on one path where names and files don't.
_REACHABLE = 0.06
_SAME_SLASH = 0.03
_SURE = 0.8  # from here on two handlers' names are the same
_BETTER = 0.2  # by this much another name must be nearer to displace an equal path
_NEAR = 0.6  # how near the path of the displacing one must be


def link_exact(board: Board) -> None:
    """Links what has the same method and path, then takes back what is another's handler."""
    groups = _groups(board)
    board.scale.files.learn(
        (ours[0].file, theirs[0].file)
        for ours, theirs in groups
        if _of_one_file(ours) and _of_one_file(theirs)
    )
    exact = board.scale.memo.exact
    exact.begin(board.scale.files.counts, board.apart)
    known = exact.groups
    for ours, theirs in groups:
        key = ours[0].address
        last = known.get(key)
        if last is None or last[0] != ours or last[1] != theirs or not _stands(board, last):
            last = ours, theirs, _pair_up(board, ours, theirs)
        else:
            for match in last[2]:
                board.link(match, "exact")
        known.put(key, last)
    _give_back(board)


def _stands(board: Board, last: Group) -> bool:
    """Whether a group of the very same routes is paired up as it was. A pair that has no choice
    depends on its own files alone."""
    exact, (ours, theirs, linked) = board.scale.memo.exact, last
    if exact.same_files:
        return True
    if len(ours) > 1 or len(theirs) > 1:
        return False
    return all(
        board.scale.files.belong(one.backend.file, one.crate.file) == one.file for one in linked
    )


def _groups(board: Board) -> list[tuple[list[Route], list[Route]]]:
    """The open routes of both sides by address, those that both have."""
    theirs = board.scale.memo.addresses(board.crate) if not board.taken else _by_address(board)
    ours: defaultdict[str, list[Route]] = defaultdict(list)
    for route in board.open_backend():
        ours[route.address].append(route)
    groups: list[tuple[list[Route], list[Route]]] = []
    for address, routes in ours.items():
        there = theirs.get(address) or theirs.get(f"ANY {routes[0].spot}")
        if not there and routes[0].method == "HEAD":
            there = theirs.get(f"GET {routes[0].spot}")
        # What answers where no route does stands at its router's own path, but is no route of it.
        there = [one for one in there or () if one.endpoint.kind != "fallback"]
        if there:
            groups.append((routes, there))
    return groups


def _by_address(board: Board) -> dict[str, list[Route]]:
    return by_address(route for route in board.crate if route.order not in board.taken)


def _of_one_file(routes: list[Route]) -> bool:
    return len(routes) == 1 or len({route.file for route in routes}) == 1


def _pair_up(board: Board, ours: list[Route], theirs: list[Route]) -> list[Match]:
    """Links routes of one address: one handler to one handler first, then what is left over.

    Gives what it linked, which depends on nothing else but the files.
    """
    linked: list[Match] = []
    if len(ours) == len(theirs) == 1:
        if board.allowed(ours[0], theirs[0]):
            linked.append(board.scale.match(ours[0], theirs[0]))
            board.link(linked[0], "exact")
        return linked
    matches = sorted(
        (board.scale.match(our, their) for our in ours for their in theirs),
        key=lambda match: (-_rank(match), match.backend.order, match.crate.order),
    )
    matches = [match for match in matches if board.allowed(match.backend, match.crate)]
    partner: dict[object, object] = {}
    for match in matches:
        ours_is, theirs_is = match.backend.definition, match.crate.definition
        known = partner.get(ours_is)
        if match.backend.order in board.found or known not in (None, theirs_is):
            continue
        if known is None and theirs_is in partner.values():
            continue
        partner[ours_is] = theirs_is
        linked.append(match)
        board.link(match, "exact")
    for match in matches:
        if match.backend.order not in board.found:
            linked.append(match)
            board.link(match, "exact")
    return linked


def _rank(match: Match) -> float:
    reachable = _REACHABLE if match.crate.endpoint.reachable else 0.0
    return match.score + reachable + (_SAME_SLASH if match.difference.how == "same" else 0.0)


def _give_back(board: Board) -> None:
    """Takes back links by path alone where the crate's handler is plainly another's counterpart.

    That is so where an open route of the crate's file's partner has the handler's name and nearly
    its path, and the route on the equal path has the less fitting name; or where it is of a file
    that doesn't belong, and an alias of a handler that is linked elsewhere.
    """
    doubtful = [found.match for found in board.found.values() if _doubtful(found.match)]
    if not doubtful:
        return
    open_routes = board.open_backend()
    by_name: defaultdict[str, list[Route]] = defaultdict(list)
    for route in open_routes:
        by_name[route.endpoint.handler].append(route)
    for match in doubtful:
        # Within files that belong together only a handler of the very same name displaces another.
        belongs = match.file >= BELONG
        rivals = [
            rival
            for route in (by_name[match.crate.endpoint.handler] if belongs else open_routes)
            if route.order not in board.found
            and board.scale.files.belong(route.file, match.crate.file) >= BELONG
            and board.allowed(route, match.crate)
            and _is_its_own(rival := board.scale.match(route, match.crate))
        ]
        if not rivals:
            continue
        rival = max(rivals, key=lambda one: (one.score, -one.backend.order))
        better = rival.handler >= match.handler + _BETTER
        if better or (match.file < BELONG and _linked_elsewhere(board, match)):
            also = board.unlink(match.backend).also
            board.link(rival, "near")
            for theirs in also:
                board.share(rival.backend, theirs)


def _doubtful(match: Match) -> bool:
    return match.file < BELONG or match.handler <= _SURE


def _is_its_own(rival: Match) -> bool:
    return rival.method == 1.0 and rival.handler >= _SURE and rival.difference.near >= _NEAR


def _linked_elsewhere(board: Board, match: Match) -> bool:
    """Whether another route of the same backend handler has another counterpart."""
    return any(
        found.match.backend.definition == match.backend.definition
        and found.match.crate.definition != match.crate.definition
        for found in board.found.values()
    )
