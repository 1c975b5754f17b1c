"""Links between endpoints, tier by tier (docs/architecture.md, "How links are made")."""

import operator
from collections import defaultdict
from collections.abc import Iterable, Mapping

from port_lsp.facts.items import Endpoint, Event, Function, Model, Side
from port_lsp.facts.links import Evidence, Link, Presence
from port_lsp.linking.aliases import link_aliases, link_wildcards, share_aliases
from port_lsp.linking.board import Board, Found
from port_lsp.linking.config import LinkConfig
from port_lsp.linking.drift import UNMOUNTED, drift_of
from port_lsp.linking.exact import link_exact
from port_lsp.linking.files import Files, shared_folders
from port_lsp.linking.globs import ignored
from port_lsp.linking.matches import Match, Route, Scale, route
from port_lsp.linking.memo import Memo
from port_lsp.linking.near import link_near, objection
from port_lsp.linking.paths import exchanged, longest_first
from port_lsp.linking.pins import Pins, resolved
from port_lsp.linking.prefixes import link_prefixes
from port_lsp.linking.weights import CANDIDATES, Weights

Items = Iterable[Endpoint | Model | Function | Event]

_LINKED = 2  # what a row rests on: a match and its tier, and nothing else
_OF_SIBLING = 0.95  # what an alias's link is worth of that of its sibling


def link_routes(
    backend: Side,
    crate: Side,
    config: LinkConfig,
    pins: Pins,
    weights: Weights,
    tops: tuple[int, int],
    memo: Memo | None = None,
) -> Board:
    """Goes through the tiers; the board holds what came of them. `tops` is of `shared_tops`.

    `memo` is what was kept of earlier linkings.
    """
    memo = memo or Memo()
    memo.begin((config, weights, tops, len(crate.endpoints)))
    board = _board(backend, crate, config, pins, weights, tops, memo)
    _link_pins(board, pins)
    if "path" not in weights.without:
        link_exact(board)
    if "path-near" not in weights.without:
        link_prefixes(board)
        link_near(board)
    if "linked-by" not in weights.without:
        link_aliases(board)
    if "path-near" not in weights.without:
        link_wildcards(board)
    share_aliases(board)
    return board


def rows(board: Board, config: LinkConfig) -> tuple[Link, ...]:
    """One row per endpoint of the backend, then one per route that only the crate has."""
    out = [_kept_row(board, ours, config) for ours in board.backend]
    out += [
        Link(
            backend=None,
            crate=theirs.endpoint.id,
            presence="rust-only",
            drift=() if theirs.mounted else (UNMOUNTED,),
            sign=theirs.endpoint.stub,
        )
        for theirs in board.open_crate()
    ]
    return tuple(out)


def _board(
    backend: Side,
    crate: Side,
    config: LinkConfig,
    pins: Pins,
    weights: Weights,
    tops: tuple[int, int],
    memo: Memo,
) -> Board:
    prefixes = longest_first(config.prefixes)
    mounted = crate.endpoints
    loose = [one.endpoint for one in crate.unmounted]
    files = Files(
        (endpoint.place.file for endpoint in backend.endpoints),
        (endpoint.place.file for endpoint in mounted),
        tops,
    )

    def ready(endpoint: Endpoint, order: int) -> Route:
        return route(endpoint, order, exchanged(endpoint.path, prefixes), files.top)

    def there(endpoint: Endpoint, order: int) -> Route:
        return route(endpoint, order, endpoint.path, files.top_crate, mounted=order < len(mounted))

    ours = memo.routes("backend", backend.endpoints, ready)
    crates = memo.routes("crate", (*mounted, *loose), there)
    theirs, unmounted = crates[: len(mounted)], crates[len(mounted) :]
    apart = frozenset[tuple[int, int]]()
    if pins.apart:
        apart = frozenset(
            (left, right)
            for lefts, rights in resolved(pins.apart, _names(ours), _names(crates))
            for left in lefts
            for right in rights
        )
    return Board(ours, theirs, unmounted, Scale(files, weights, memo), apart)


def shared_tops(backend: Side, crate: Side) -> tuple[int, int]:
    """How many folders all files of the backend and all of the crate are in."""
    return shared_folders(_files(backend)), shared_folders(_files(crate))


def files_of(items: Items) -> frozenset[str]:
    """The files that some items are in."""
    return frozenset({item.place.file for item in items})


def _files(side: Side) -> frozenset[str]:
    """The files of whatever a side has."""
    return files_of((*side.endpoints, *side.models, *side.functions, *side.events))


def _names(routes: Iterable[Route]) -> Mapping[str, tuple[int, ...]]:
    names: defaultdict[str, tuple[int, ...]] = defaultdict(tuple)
    for one in routes:
        names[one.endpoint.id] = (one.order,)
        names[one.endpoint.key] += (one.order,)
    return names


def _link_pins(board: Board, pins: Pins) -> None:
    if not pins.together:
        return
    theirs = [*board.crate, *board.unmounted]
    for lefts, rights in resolved(pins.together, _names(board.backend), _names(theirs)):
        for left in lefts:
            matches = [board.scale.match(board.backend[left], theirs[right]) for right in rights]
            best = max(matches, key=lambda one: (one.score, -one.crate.order))
            if left in board.found:
                board.share(best.backend, best.crate)
            else:
                board.link(best, "pin")


def _kept_row(board: Board, ours: Route, config: LinkConfig) -> Link:
    """The row of a route; the same as before where it rests on the same."""
    found, memo = board.found.get(ours.order), board.scale.memo.rows
    known = memo.get(ours.order)
    if known is not None and found is not None and not found.also and known[0] is ours:
        last = known[1]  # the usual case, without another look at it
        if len(last) == _LINKED and last[0] is found.match and last[1] is found.tier != "alias":
            memo.put(ours.order, known)
            return known[2]
    if found is None:
        shown: Iterable[object] = best(board.considered, ours.order)
    elif found.tier == "alias":  # which rests on other routes' links
        return _row(board, ours, config)
    else:
        shown = (found.match, found.tier, *found.also)  # texts of tiers are constants
    rests_on = tuple(shown)
    if known is None or known[0] is not ours or not _are(known[1], rests_on):
        known = ours, rests_on, _row(board, ours, config)
    memo.put(ours.order, known)
    return known[2]


def _are(ones: tuple[object, ...], others: tuple[object, ...]) -> bool:
    """Whether two tuples hold the same objects."""
    return len(ones) == len(others) and all(map(operator.is_, ones, others))


def _row(board: Board, ours: Route, config: LinkConfig) -> Link:
    endpoint, found = ours.endpoint, board.found.get(ours.order)
    reason = ignored(config.ignore, endpoint.key, endpoint.id, endpoint.path)
    if found is None:
        return Link(
            backend=endpoint.id,
            crate=None,
            presence="unported" if reason is None else "ignored",
            candidates=tuple(
                board.scale.candidate(match, objection(match))
                for match in best(board.considered, ours.order)
            ),
            reason=reason,
        )
    theirs = found.match.crate.endpoint
    evidence = _evidence(board, found)
    presence, sign = presence_of(endpoint, theirs)
    return Link(
        backend=endpoint.id,
        crate=theirs.id,
        presence=presence if reason is None else "ignored",
        also=tuple(other.endpoint.id for other in found.also),
        drift=drift_of(found),
        confidence=round(min(1.0, sum(one.weight for one in evidence)), 3),
        evidence=evidence,
        sign=sign,
        reason=reason,
    )


def presence_of(ours: Endpoint, theirs: Endpoint) -> tuple[Presence, str | None]:
    """Ported, or a stub and by which sign; what the backend's handler is too, is ported."""
    if theirs.stub and not ours.stub:
        return "stub", theirs.stub
    return "ported", None


def _evidence(board: Board, found: Found) -> tuple[Evidence, ...]:
    if found.tier == "pin":
        return (Evidence("pin", "settled by a person", 1.0),)
    if found.tier == "alias":
        detail = f"an alias of {found.match.backend.endpoint.handler}'s other route"
        kin = [
            other.match
            for other in board.found.values()
            if other.match.crate.order == found.match.crate.order and other.tier != "alias"
        ]
        sibling = max((match.score for match in kin), default=found.match.score)
        return (Evidence("linked-by", detail, round(min(1.0, sibling) * _OF_SIBLING, 3)),)
    return board.scale.evidence(found.match)


def best(considered: Mapping[int, list[Match]], order: int) -> list[Match]:
    """The candidates of a route that are worth showing, the best first."""
    matches = sorted(considered.get(order, ()), key=lambda one: (-one.score, one.crate.order))
    return matches[:CANDIDATES]
