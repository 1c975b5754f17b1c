"""The links of two sides, whole each time: the same sides give the same links."""

import operator
from collections.abc import Callable
from typing import TypeVar, cast

from port_lsp.facts.items import Field, Model, Side
from port_lsp.facts.links import Link, Links
from port_lsp.linking.bare import Bares
from port_lsp.linking.board import Board
from port_lsp.linking.config import LinkConfig
from port_lsp.linking.events import link_events
from port_lsp.linking.files import shared_folders
from port_lsp.linking.functions import Essences, Named, by_essence, link_functions, named
from port_lsp.linking.inline import Inline
from port_lsp.linking.memo import Memo
from port_lsp.linking.models import link_models, model_rows
from port_lsp.linking.pins import Pins, pins_of
from port_lsp.linking.routes import Items, files_of, link_routes, rows
from port_lsp.linking.vouchers import identifiers
from port_lsp.linking.weights import Weights

_DEFAULT = LinkConfig()
_WEIGHTS = Weights()
_T = TypeVar("_T")


def link(
    backend: Side,
    crate: Side | None,
    config: LinkConfig = _DEFAULT,
    weights: Weights = _WEIGHTS,
    inline: tuple[Inline, ...] = (),
) -> Links:
    """Finds the counterpart of each item of the backend; without a crate nothing has one.

    `inline` is what `inline.InlineReader` found in the crate; without it no model is said to be
    written inline.
    """
    return Linker().link(backend, crate, config, weights, inline)


class Linker:
    """Links again and again, and remembers the last result of each kind of item.

    A kind is linked anew, and then whole, if anything that its links depend on isn't equal to what
    it was; so what it gives never depends on what it was asked before.
    """

    def __init__(self) -> None:
        self._known: dict[str, tuple[object, object]] = {}
        self._essences: dict[int, tuple[Model, object]] = {}
        self._names: frozenset[str] = frozenset()
        self._memo = Memo()
        self._bares = Bares()
        self._seen: dict[str, tuple[tuple[object, ...], object]] = {}

    def link(
        self,
        backend: Side,
        crate: Side | None,
        config: LinkConfig = _DEFAULT,
        weights: Weights = _WEIGHTS,
        inline: tuple[Inline, ...] = (),
    ) -> Links:
        """As the function `link`."""
        backend, there = self._bares.backend(backend), self._bares.crate(crate or Side())
        pins = pins_of(backend, there, config)
        tops = self._top("backend", backend), self._top("crate", there)
        decided = (config, pins, weights, tops)

        def endpoints() -> tuple[Board, tuple[Link, ...]]:
            board = link_routes(backend, there, config, pins, weights, tops, self._memo)
            return board, rows(board, config)

        routes = (backend.endpoints, there.endpoints, there.unmounted)
        board, endpoint_rows = self._once("endpoints", (routes, decided), endpoints)
        files = board.scale.files
        surroundings = (files.state, decided)
        return Links(
            endpoints=endpoint_rows,
            models=self._models(backend, there, board, surroundings, decided, inline),
            events=self._once(
                "events",
                (backend.events, there.events, surroundings),
                lambda: link_events(backend, there, board, pins, config),
            ),
            functions=self._functions(backend, there, board, surroundings, (pins, config)),
        )

    def _top(self, side: str, items: Side) -> int:
        """How many folders all files of a side are in; see `routes.shared_tops`."""
        kinds: tuple[Items, ...] = (items.endpoints, items.models, items.functions, items.events)
        files = [self._files(f"files of {side} {at}", kind) for at, kind in enumerate(kinds)]
        every = frozenset[str]().union(*files)
        return self._once(f"top of {side}", every, lambda: shared_folders(every))

    def _files(self, name: str, items: Items) -> frozenset[str]:
        return self._same(name, (items,), lambda: files_of(items))

    def _models(
        self,
        backend: Side,
        crate: Side,
        board: Board,
        surroundings: object,
        decided: tuple[LinkConfig, Pins, Weights, object],
        inline: tuple[Inline, ...],
    ) -> tuple[Link, ...]:
        config, pins, weights, _ = decided
        objects = self._same("objects", (inline,), lambda: _objects(inline))
        both = (backend.models, crate.models)
        essences = self._same("essences", both, lambda: self._essences_of((*both[0], *both[1])))
        using = self._same("using", (board,), lambda: _using(board))
        key = (len(backend.models), essences, using, objects, surroundings)
        return self._once(
            "models",
            key,
            lambda: model_rows(link_models(backend, crate, board, pins, weights, inline), config),
        )

    def _essences_of(self, models: tuple[Model, ...]) -> list[object]:
        """What links between models depend on; computed once for each object."""
        names = frozenset([model.name for model in models])
        known, self._essences = self._essences, {}
        if names != self._names:
            known, self._names = {}, names
        for model in models:
            found = known.get(id(model))
            if found is None or found[0] is not model:
                found = (model, _essence(model, names))
            self._essences[id(model)] = found
        return [self._essences[id(model)][1] for model in models]

    def _functions(
        self,
        backend: Side,
        crate: Side,
        board: Board,
        surroundings: object,
        decided: tuple[Pins, LinkConfig],
    ) -> tuple[Link, ...]:
        files = board.scale.files
        ours = self._same("names", (backend.functions,), lambda: _named(backend))
        theirs = self._same("names there", (crate.functions,), lambda: _named(crate))
        left, right = (ours, files.top), (theirs, files.top_crate)
        handlers = self._same("handlers", (board,), lambda: _handlers(board))

        def ready() -> tuple[list[Named], Essences]:
            listed = named(crate.functions, files.top_crate)
            return listed, by_essence(listed)

        def make() -> tuple[Link, ...]:
            ours = self._once("of the backend", left, lambda: named(backend.functions, files.top))
            theirs, essences = self._once("of the crate", right, ready)
            return link_functions(ours, theirs, essences, handlers, files, *decided)

        return self._once("functions", (left, right, handlers, surroundings), make)

    def _same(self, kind: str, rests_on: tuple[object, ...], make: Callable[[], _T]) -> _T:
        """The last result of a kind where it rested on the very same objects, else a new one."""
        known = self._seen.get(kind)
        if known is not None and all(map(operator.is_, known[0], rests_on)):
            return cast(_T, known[1])
        made = make()
        self._seen[kind] = (rests_on, made)
        return made

    def _once(self, kind: str, key: object, make: Callable[[], _T]) -> _T:
        """The last result of a kind where what it depends on is equal, else a new one."""
        known = self._known.get(kind)
        if known is not None and known[0] == key:
            return cast(_T, known[1])
        made = make()
        self._known[kind] = (key, made)
        return made


def _objects(inline: tuple[Inline, ...]) -> tuple[object, ...]:
    """What links depend on of what is written inline: no place."""
    return tuple([(one.function, one.fields, one.written, one.calls) for one in inline])


def _essence(model: Model, names: frozenset[str]) -> object:
    """What links see of a model: of its fields' types only the models that they name, `names`
    being those of all, and whether there is any."""
    return (
        model.key,
        model.kind,
        model.name,
        model.place.file,
        model.derives,
        model.plain,
        tuple(
            (
                one.name,
                one.alias,
                one.column,
                tuple([name for name in identifiers(one.annotation or "") if name in names]),
                one.annotation is None,
                _is_flat(one),
            )
            for one in model.fields
        ),
    )


def _is_flat(field: Field) -> str | None:
    """The type of a field that is flattened, as written; None for any other."""
    return field.annotation if any(one.name == "flatten" for one in field.constraints) else None


def _using(board: Board) -> list[tuple[object, ...]]:
    """What models see of the linked endpoints: which handlers use them."""
    used: list[tuple[object, ...]] = []
    for _, found in sorted(board.found.items()):
        left, right = found.match.backend.endpoint, found.match.crate.endpoint
        ours, theirs = left.signature, right.signature
        if ours.body_models or ours.response_models:
            used.append(
                (
                    left.handler,
                    ours.body_models,
                    ours.response_models,
                    right.key,
                    theirs.body_models,
                    theirs.response_models,
                    right.stub is None,
                )
            )
    return used


def _handlers(board: Board) -> dict[str, str]:
    """What functions see of the linked endpoints: the handlers of the surest link of each."""
    found = sorted(
        (found.match for found in board.found.values()),
        key=lambda one: (one.score, -one.backend.order),
    )
    return {match.backend.endpoint.key: match.crate.endpoint.key for match in found}


def _named(side: Side) -> list[tuple[str, str, str | None, str | None]]:
    """What links between functions depend on: no place inside a file."""
    return [(one.key, one.name, one.owner, one.stub) for one in side.functions]
