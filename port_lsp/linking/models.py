"""Links between models: linked handlers that use them first, then names and fields."""

from collections import defaultdict
from collections.abc import Iterable

from port_lsp.facts.items import Side
from port_lsp.facts.links import Evidence, Link
from port_lsp.linking.board import Board
from port_lsp.linking.config import LinkConfig
from port_lsp.linking.globs import ignored
from port_lsp.linking.inline import Inline
from port_lsp.linking.inlined import link_inline
from port_lsp.linking.modelboard import Candidates, ModelBoard, assign, objection, weigh
from port_lsp.linking.pins import Pins, resolved
from port_lsp.linking.typematch import Shape, TypeMatch, TypeScale, only_names, shapes
from port_lsp.linking.vouchers import vouch_by_endpoints, vouch_by_fields, vouch_by_tables
from port_lsp.linking.weights import CANDIDATES, WORTH_SHOWING, Weights


def link_models(
    backend: Side,
    crate: Side,
    board: Board,
    pins: Pins,
    weights: Weights,
    inline: tuple[Inline, ...] = (),
) -> ModelBoard:
    """Finds the crate's counterpart of each model.

    `board` has the linked endpoints, `inline` what the crate writes and reads without a type.
    """
    ours, theirs = shapes(backend.models), shapes(crate.models)
    scale = TypeScale(board.scale.files, weights, only_names(ours, theirs))
    models = ModelBoard(ours, theirs, scale)
    names = _names(ours), _names(theirs)
    apart = frozenset(
        (left, right)
        for lefts, rights in resolved(pins.apart, *names)
        for left in lefts
        for right in rights
    )
    for lefts, rights in resolved(pins.together, *names):
        for left in lefts:
            models.link(scale.match(ours[left], theirs[rights[0]]))
            models.pinned.add(left)
    vouch_by_endpoints(models, board)
    candidates = Candidates(models, apart)
    weigh(models, candidates)
    assign(models)
    if news := vouch_by_fields(models) | vouch_by_tables(models):
        vouched: defaultdict[int, list[int]] = defaultdict(list)
        for left, right in scale.vouchers:
            vouched[left].append(right)
        for order in news - models.pinned:
            models.considered[order] = candidates.of(ours[order], vouched[order])
        assign(models)
    if inline and "inline-json" not in weights.without:
        link_inline(models, board, inline)
    return models


def _names(listed: Iterable[Shape]) -> dict[str, tuple[int, ...]]:
    return {shape.model.key: (shape.order,) for shape in listed}


def model_rows(models: ModelBoard, config: LinkConfig) -> tuple[Link, ...]:
    """One row per model of the backend, then one per model that only the crate has."""
    rows = [_row(models, ours, config) for ours in models.backend]
    rows += [
        Link(backend=None, crate=theirs.model.key, presence="rust-only")
        for theirs in models.crate
        if theirs.order not in models.taken and not theirs.model.plain
    ]
    return tuple(rows)


def _row(models: ModelBoard, ours: Shape, config: LinkConfig) -> Link:
    key, match = ours.model.key, models.found.get(ours.order)
    reason = ignored(config.ignore, key)
    if (written := models.inline.get(ours.order)) is not None:
        return Link(
            backend=key,
            crate=None,
            presence="ported" if reason is None else "ignored",
            confidence=written.weight,
            evidence=(written,),
            candidates=tuple(
                models.scale.candidate(one, _why_not(models, one))
                for one in _best(models, ours.order)
            ),
            reason=reason,
        )
    if match is None:
        return Link(
            backend=key,
            crate=None,
            presence="unported" if reason is None else "ignored",
            candidates=tuple(
                models.scale.candidate(one, _why_not(models, one))
                for one in _best(models, ours.order)
            ),
            reason=reason,
        )
    if ours.order in models.pinned:
        evidence: tuple[Evidence, ...] = (Evidence("pin", "settled by a person", 1.0),)
    else:
        evidence = models.scale.evidence(match)
    return Link(
        backend=key,
        crate=match.crate.model.key,
        presence="ported" if reason is None else "ignored",
        confidence=round(min(1.0, sum(one.weight for one in evidence)), 3),
        evidence=evidence,
        reason=reason,
    )


def _why_not(models: ModelBoard, match: TypeMatch) -> str:
    taken = "it is another's" if match.crate.order in models.taken else ""
    return objection(match) or taken


def _best(models: ModelBoard, order: int) -> list[TypeMatch]:
    considered = (one for one in models.considered.get(order, ()) if one.score >= WORTH_SHOWING)
    matches = sorted(considered, key=lambda one: (-one.score, one.crate.order))
    return matches[:CANDIDATES]
