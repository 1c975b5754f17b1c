"""Which models are written or read inline by the handlers of the endpoints that use them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from port_lsp.facts.links import Evidence
from port_lsp.linking.board import Board
from port_lsp.linking.callees import Call, Callees
from port_lsp.linking.inline import Inline
from port_lsp.linking.modelboard import ModelBoard
from port_lsp.linking.typematch import Shape, TypeMatch
from port_lsp.linking.vouchers import by_name, identifiers, nearest

_ENOUGH = 0.7  # the share of a model's and an object's fields that are in both
_BASE = 0.5  # the confidence of an inline model is this and `_SHARE` times the share above
_SHARE = 0.4
_WEAK = 0.65  # a struct of less confidence gives way to an object with nearly all fields
_NEARLY_ALL = 0.75
_NAMED = 0.75  # how alike names must be for a struct to stay
_DEEPEST = 3  # models in models in models


def link_inline(models: ModelBoard, board: Board, inline: tuple[Inline, ...]) -> None:
    """Notes for each model without a good struct where the crate writes or reads its fields."""
    written: defaultdict[str, list[frozenset[str]]] = defaultdict(list)
    read: defaultdict[str, set[str]] = defaultdict(set)
    calls: dict[str, tuple[Call, ...]] = {}
    for one in inline:
        if one.calls:
            calls[one.function] = one.calls
        elif one.written:
            written[one.function].append(one.fields)
        else:
            read[one.function] |= one.fields
    callees = Callees(dict.fromkeys(one.function for one in inline), calls)
    takers, givers = _users(models, board, callees)
    for ours in models.backend:
        match = models.found.get(ours.order)
        if ours.order in models.pinned or ours.is_table or (match and not _is_weak(match)):
            continue
        found = [
            (_share(ours.fields, names), f"{function} writes them as json!")
            for function in givers.get(ours.order, ())
            for names in written.get(function, ())
        ] + [
            (_covered(ours.fields, names), f"{function} reads them one by one")
            for function in takers.get(ours.order, ())
            if (names := read.get(function))
        ]
        share, detail = max(found, default=(0.0, ""), key=lambda one: one[0])
        if share >= (_NEARLY_ALL if match else _ENOUGH):
            weight = round(_BASE + _SHARE * share, 3)
            models.inline[ours.order] = Evidence("inline-json", detail, weight)
            models.found.pop(ours.order, None)
    models.taken = {match.crate.order for match in models.found.values()}


def _is_weak(match: TypeMatch) -> bool:
    """Whether a struct may give way to an object: nothing vouches for it, not even its name."""
    return match.score < _WEAK and not match.linked and match.name < _NAMED


def _share(ours: frozenset[str], theirs: frozenset[str]) -> float:
    return 2 * len(ours & theirs) / (len(ours) + len(theirs)) if ours else 0.0


def _covered(ours: frozenset[str], read: set[str]) -> float:
    return len(ours & read) / len(ours) if ours else 0.0


def _users(
    models: ModelBoard, board: Board, callees: Callees
) -> tuple[dict[int, list[str]], dict[int, list[str]]]:
    """The crate's handlers whose counterparts take each model, and those that answer with it;
    each with the functions that it calls."""
    orders = {shape.model.key: shape for shape in models.backend}
    named = by_name(models.backend)
    takers: defaultdict[int, list[str]] = defaultdict(list)
    givers: defaultdict[int, list[str]] = defaultdict(list)
    for order in sorted(board.found):
        match = board.found[order].match
        if match.crate.endpoint.stub:
            continue  # what a stub answers is nobody's model
        handler, signature = match.crate.endpoint.key, match.backend.endpoint.signature
        for users, keys in (
            (takers, signature.body_models),
            (givers, signature.response_models),
        ):
            if not keys:
                continue
            behind = callees.behind(handler)
            for shape in _closure((orders[key] for key in keys if key in orders), named):
                users[shape.order] += [one for one in behind if one not in users[shape.order]]
    return takers, givers


def _closure(shapes: Iterable[Shape], named: dict[str, list[Shape]]) -> Iterator[Shape]:
    """Models and those that their fields name, each once."""
    seen: set[int] = set()
    level = list(shapes)
    for _ in range(_DEEPEST):
        below: list[Shape] = []
        for shape in level:
            if shape.order in seen:
                continue
            seen.add(shape.order)
            yield shape
            for field in shape.model.fields:
                names = identifiers(field.annotation) if field.annotation else ()
                inner = nearest(names, named, shape.file) if names else None
                if inner is not None:
                    below.append(inner)
        level = below
