"""Why one item of the backend is linked as it is, and what else might have been meant."""

from collections.abc import Iterable, Iterator

from port_lsp.facts.items import Side
from port_lsp.facts.links import Candidate, Evidence, Link, Links
from port_lsp.facts.source import Record
from port_lsp.linking.board import Board
from port_lsp.linking.config import LinkConfig
from port_lsp.linking.matches import Route
from port_lsp.linking.modelboard import ModelBoard
from port_lsp.linking.modelboard import objection as model_objection
from port_lsp.linking.models import link_models
from port_lsp.linking.near import objection
from port_lsp.linking.pins import pins_of
from port_lsp.linking.routes import link_routes, shared_tops
from port_lsp.linking.weights import CANDIDATES, TIE, Weights

_SHOWN = 0.1  # a candidate below this confidence explains nothing


class Considered(Record, frozen=True):
    """A candidate and why it isn't the counterpart; `objection` is empty for the one that is."""

    candidate: Candidate
    objection: str = ""


class Explanation(Record, frozen=True):
    """An item's row and its best candidates, the counterpart first where there is one."""

    link: Link
    considered: tuple[Considered, ...] = ()


def explain(
    item: str, backend: Side, crate: Side | None, links: Links, config: LinkConfig
) -> tuple[Explanation, ...]:
    """Explains the rows of an item of the backend, or those that an item of the crate is in.

    `item` is an id or an item key. A handler with several routes has several rows.
    """
    there = crate or Side()
    endpoints = [row for row in links.endpoints if _is_about(row, item)]
    models = [row for row in links.models if _is_about(row, item)]
    others = [row for row in (*links.events, *links.functions) if _is_about(row, item)]
    found: list[Explanation] = []
    if endpoints or models:
        pins = pins_of(backend, there, config)
        tops = shared_tops(backend, there)
        board = link_routes(backend, there, config, pins, Weights(), tops)
        found += (_endpoint(row, board) for row in endpoints)
        if models:
            shapes = link_models(backend, there, board, pins, Weights())
            found += (_model(row, shapes) for row in models)
    found += (_other(row) for row in others)
    return tuple(found)


def _is_about(row: Link, item: str) -> bool:
    ids = (row.backend, row.crate, *row.also)
    return any(one is not None and item in (one, one.partition("#")[0]) for one in ids)


def _endpoint(row: Link, board: Board) -> Explanation:
    """The row of one endpoint; every route of the crate is weighed again, taken or not."""
    ours = next((one for one in board.backend if one.endpoint.id == row.backend), None)
    if ours is None:
        return Explanation(row)
    owners = {
        order: found.match.backend
        for found in board.found.values()
        for order in (found.match.crate.order, *(also.order for also in found.also))
    }
    matches = sorted(
        (board.scale.match(ours, theirs) for theirs in (*board.crate, *board.unmounted)),
        key=lambda one: (-one.score, one.crate.order),
    )
    chosen = {row.crate, *row.also} - {None}
    considered: list[Considered] = _settled(row)
    for match in matches:
        if len(considered) >= CANDIDATES or match.score < _SHOWN:
            break
        if match.crate.endpoint.id in chosen:
            continue
        why = _why_not(ours, match.crate, owners.get(match.crate.order), board)
        why = why or objection(match) or _beaten(row, match.score)
        considered.append(Considered(board.scale.candidate(match, why), why))
    return Explanation(row, tuple(considered))


def _settled(row: Link) -> list[Considered]:
    """The counterpart itself, with the evidence of its row."""
    if row.crate is None:
        return []
    return [Considered(Candidate(row.crate, row.confidence, row.evidence))]


def _why_not(ours: Route, theirs: Route, owner: Route | None, board: Board) -> str:
    if not board.allowed(ours, theirs):
        return "the configuration says that they must not be linked"
    if owner is not None and owner is not ours:
        return f"it is the counterpart of {owner.endpoint.method} {owner.endpoint.path}"
    return ""


def _beaten(row: Link, score: float) -> str:
    if row.crate is None:
        return f"another candidate is as good, within {TIE}: a pin would settle it"
    return f"{score:.2f} speaks for it, {row.confidence:.2f} for the counterpart"


def _model(row: Link, models: ModelBoard) -> Explanation:
    ours = next((one for one in models.backend if one.model.key == row.backend), None)
    if ours is None:
        return Explanation(row)
    owners: dict[int, str] = {
        match.crate.order: match.backend.model.key
        for match in models.found.values()
        if match.backend is not ours
    }
    matches = sorted(
        models.considered.get(ours.order, ()), key=lambda one: (-one.score, one.crate.order)
    )
    considered = _settled(row)
    for match in matches:
        if len(considered) >= CANDIDATES or match.score < _SHOWN:
            break
        if match.crate.model.key == row.crate:
            continue
        why = model_objection(match)
        if not why and match.crate.order in owners:
            why = f"it is the counterpart of {owners[match.crate.order]}"
        why = why or _beaten(row, match.score)
        considered.append(Considered(models.scale.candidate(match, why), why))
    return Explanation(row, tuple(considered))


def _other(row: Link) -> Explanation:
    rest = (Considered(one, "another place, or another name") for one in row.candidates)
    return Explanation(row, (*_settled(row), *rest))


def lines(explanation: Explanation) -> Iterator[str]:
    """An explanation as lines of plain text."""
    row = explanation.link
    yield f"{row.backend or row.crate}: {row.word}"
    if row.reason:
        yield f"  because: {row.reason}"
    if row.sign:
        yield f"  a stub by its sign: {row.sign}"
    if row.drift:
        yield f"  drifted: {', '.join(row.drift)}"
    if row.crate is None and row.evidence:
        yield from _evidence(row.evidence, "  ")
    for one in explanation.considered:
        head = "counterpart" if not one.objection else "candidate"
        yield f"  {head} {one.candidate.crate} ({one.candidate.confidence:.2f})"
        yield from _evidence(one.candidate.evidence, "    ")
        if one.objection:
            yield f"    not linked: {one.objection}"


def _evidence(evidence: Iterable[Evidence], indent: str) -> Iterator[str]:
    for one in evidence:
        yield f"{indent}{one.weight:+.2f} {one.kind}: {one.detail}"
