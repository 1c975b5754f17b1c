"""One backend endpoint held against one of the crate: what speaks for the pair."""

from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec

from port_lsp.facts.items import Endpoint
from port_lsp.facts.links import Candidate, Evidence, EvidenceKind
from port_lsp.linking.files import Files, subject
from port_lsp.linking.names import likeness
from port_lsp.linking.paths import Difference, Shape, difference, last_fixed, path_words, shape
from port_lsp.linking.typenames import alike_types
from port_lsp.linking.weights import BELOW, Weights

if TYPE_CHECKING:
    from port_lsp.linking.memo import Memo

_CONFUSED = frozenset(
    {
        ("PUT", "PATCH"),
        ("PATCH", "PUT"),
        ("POST", "PUT"),
        ("PUT", "POST"),
        ("POST", "PATCH"),
        ("PATCH", "POST"),
        ("WEBSOCKET", "GET"),
    }
)
_SWAPPED = 0.4  # what a method is worth that ports confuse with the right one


class Route(msgspec.Struct, frozen=True, eq=False, gc=False):
    """An endpoint made ready for linking; compared by identity.

    `method` and `shape` are what a client of the backend would use in the crate: WEBSOCKET also
    for a GET that upgrades, and the backend's path with the configured prefixes replaced.
    `subject` are the words of what its file is about, `around` these and its path's. `order` is
    its place among the routes of its side, `file` that of its handler. `definition` is
    what two routes of one handler share; two functions of one name don't. `spot` is the path
    without what the first tier overlooks, `address` the method and that, by which it goes; `twin`
    is what two routes have in common that differ by a slash alone, `end` the last segment that is
    fixed. All of these are texts: their hashes are known, which tuples' aren't.
    """

    endpoint: Endpoint
    order: int
    method: str
    shape: Shape
    subject: frozenset[str]
    around: frozenset[str]
    file: str
    definition: str
    spot: str
    address: str
    twin: str
    end: str
    mounted: bool = True


def route(endpoint: Endpoint, order: int, path: str, top: int, *, mounted: bool = True) -> Route:
    """An endpoint made ready; `path` is its own with configured prefixes replaced.

    `top` is how many folders all files of its side are in.
    """
    upgrades = endpoint.kind == "websocket" or "websocket" in endpoint.signature.kinds
    place = endpoint.place
    method = "WEBSOCKET" if upgrades else endpoint.method
    definition = f"{endpoint.key}@{place.chunk}@{place.span.start}"
    parts = shape(path)
    spot = "/".join(parts.segments)
    address = f"{method} {spot}"
    return Route(
        endpoint,
        order,
        method,
        parts,
        subject(place.file, top),
        _around(place.file, top, path),
        place.file,
        definition,
        spot,
        address,
        f"{definition} {address}",
        last_fixed(parts.lower),
        mounted,
    )


@lru_cache(maxsize=8192)
def _around(file: str, top: int, path: str) -> frozenset[str]:
    """The words that a route's file and path say anyway."""
    return subject(file, top) | path_words(path)


class Match(msgspec.Struct, frozen=True, eq=False, gc=False):
    """A pair and how much each kind of evidence says for it, 0 to 1 each; `score` is the sum.

    `bulk` counts the routes whose paths differ in the same way, where that was asked.
    """

    backend: Route
    crate: Route
    difference: Difference
    path: float
    method: float
    handler: float
    file: float
    body: float
    response: float
    score: float
    bulk: int = 0


class Scale:
    """Weighs pairs: knows the files and the weights."""

    __slots__ = ("files", "memo", "total", "weights")

    def __init__(self, files: Files, weights: Weights, memo: "Memo") -> None:
        """`memo` is what was kept of earlier linkings with these weights."""
        self.files = files
        self.memo = memo
        without = weights.without
        self.weights = Weights(
            path=0.0 if {"path", "path-near"} <= without else weights.path,
            method=0.0 if "method" in without else weights.method,
            handler=0.0 if "handler-name" in without else weights.handler,
            file=0.0 if "file" in without else weights.file,
            body=0.0 if "body-type" in without else weights.body,
            response=0.0 if "response-type" in without else weights.response,
            without=without,
        )
        w = self.weights
        self.total = w.path + w.method + w.handler + w.file + w.body + w.response or 1.0

    def match(
        self, backend: Route, crate: Route, *, bulk: int = 0, near: float | None = None
    ) -> Match:
        """Weighs one pair; `near` overrules what the paths alone say."""
        file = self.files.belong(backend.file, crate.file)
        key = backend.order, crate.order, bulk, near
        known = self.memo.matches.get(key)
        if (
            known is None
            or known.backend is not backend
            or known.crate is not crate
            or known.file != file
        ):
            known = self._match(backend, crate, bulk, near, file)
        self.memo.matches.put(key, known)
        return known

    def _match(
        self, backend: Route, crate: Route, bulk: int, near: float | None, file: float
    ) -> Match:
        weights = self.weights
        difference_ = difference(backend.shape, crate.shape)
        path = difference_.near if near is None else near
        method = methods_agree(backend, crate)
        handler = likeness(
            backend.endpoint.handler,
            crate.endpoint.handler,
            backend.around,
            crate.around,
            backend.subject & crate.subject,
        )
        ours, theirs = backend.endpoint.signature, crate.endpoint.signature
        body = alike_types(ours.body_models, theirs.body_models)
        response = alike_types(ours.response_models, theirs.response_models)
        score = (
            weights.path * path
            + weights.method * method
            + weights.handler * handler
            + weights.file * file
            + weights.body * body
            + weights.response * response
        ) / self.total
        return Match(
            backend, crate, difference_, path, method, handler, file, body, response, score, bulk
        )

    def evidence(self, match: Match) -> tuple[Evidence, ...]:
        """The reasons of a match in words, each with its share of the confidence."""
        weights, total = self.weights, self.total
        ours, theirs = match.backend.endpoint, match.crate.endpoint
        return _in_words(
            (ours.method, ours.path, ours.handler, ours.place.file),
            (theirs.method, theirs.path, theirs.handler, theirs.place.file),
            match.difference,
            match.bulk,
            (ours.signature.body_models, ours.signature.response_models),
            (
                weights.path * match.path / total,
                weights.method * match.method / total,
                weights.handler * match.handler / total,
                weights.file * match.file / total,
                weights.body * match.body / total,
                weights.response * match.response / total,
            ),
        )

    def candidate(self, match: Match, objection: str = "") -> Candidate:
        """The match as something that might be meant; with an objection it is below a link."""
        confidence = round(min(BELOW if objection else 1.0, match.score), 3)
        return Candidate(match.crate.endpoint.id, confidence, self.evidence(match))


def methods_agree(backend: Route, crate: Route) -> float:
    """1 where the crate answers the backend's method, less where it may be meant."""
    ours, theirs = backend.method, crate.method
    if ours == theirs or theirs == "ANY":
        return 1.0
    # axum's `get` answers HEAD too, and nobody ports a HEAD by itself.
    if ours == "HEAD" and theirs == "GET":
        return 1.0
    return _SWAPPED if (ours, theirs) in _CONFUSED else 0.0


_Said = tuple[str, str, str, str]  # method, path, handler, file


@lru_cache(maxsize=8192)
def _in_words(
    ours: _Said,
    theirs: _Said,
    change: Difference,
    bulk: int,
    types: tuple[tuple[str, ...], tuple[str, ...]],
    shares: tuple[float, ...],
) -> tuple[Evidence, ...]:
    """What `Scale.evidence` gives, remembered: most links stay what they are."""
    body, response = types
    found: list[tuple[EvidenceKind, str]] = [
        (
            "path" if change.how in ("same", "slash") else "path-near",
            _difference_in_words(ours[1], theirs[1], change, bulk),
        ),
        ("method", ours[0] if ours[0] == theirs[0] else f"{ours[0]} ~ {theirs[0]}"),
        ("handler-name", f"{ours[2]} ~ {theirs[2]}"),
        ("file", f"{ours[3]} ~ {theirs[3]}"),
        ("body-type", _names(body)),
        ("response-type", _names(response)),
    ]
    return tuple(
        Evidence(kind, detail, round(share, 3))
        for (kind, detail), share in zip(found, shares, strict=True)
        if share >= 0.005
    )


def _difference_in_words(ours: str, theirs: str, change: Difference, bulk: int) -> str:
    if change.how == "same":
        return ours
    if change.how == "slash":
        return f"{ours} ~ {theirs}: only the slash at the end differs"
    shared = f", like {bulk} routes" if bulk > 1 else ""
    what = {
        "open": "behind a prefix that isn't known",
        "spelling": "spelled differently",
        "doubled": f"{change.part} is doubled",
        "missing": f"{change.part} is missing",
        "extra": f"{change.part} is added",
        "different": f"{change.near:.0%} alike",
    }[change.how]
    return f"{ours} ~ {theirs}: {what}{shared}"


def _names(keys: tuple[str, ...]) -> str:
    return ", ".join(key.rpartition("::")[2] for key in keys)
