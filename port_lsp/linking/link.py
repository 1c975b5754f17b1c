"""The links of two sides, whole each time: the same sides give the same links."""

from collections.abc import Callable
from typing import TypeVar, cast

from port_lsp.facts.items import Side
from port_lsp.facts.links import Link, Links
from port_lsp.linking.board import Board
from port_lsp.linking.config import LinkConfig
from port_lsp.linking.events import link_events
from port_lsp.linking.functions import link_functions
from port_lsp.linking.inline import Inline
from port_lsp.linking.models import link_models, model_rows
from port_lsp.linking.pins import pins_of
from port_lsp.linking.routes import link_routes, rows, shared_tops
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

    def link(
        self,
        backend: Side,
        crate: Side | None,
        config: LinkConfig = _DEFAULT,
        weights: Weights = _WEIGHTS,
        inline: tuple[Inline, ...] = (),
    ) -> Links:
        """As the function `link`."""
        there = crate or Side()
        pins = pins_of(backend, there, config)
        tops = shared_tops(backend, there)
        decided = (config, pins, weights, tops)

        def endpoints() -> tuple[Board, tuple[Link, ...]]:
            board = link_routes(backend, there, config, pins, weights, tops)
            return board, rows(board, config)

        routes = (backend.endpoints, there.endpoints, there.unmounted)
        board, endpoint_rows = self._once("endpoints", (routes, decided), endpoints)
        used = (_used(board), board.scale.files.state)
        objects = tuple([(one.function, one.fields, one.written) for one in inline])
        return Links(
            endpoints=endpoint_rows,
            models=self._once(
                "models",
                (backend.models, there.models, used, objects, decided),
                lambda: model_rows(
                    link_models(backend, there, board, pins, weights, inline), config
                ),
            ),
            events=link_events(backend, there, board, pins, config),
            functions=self._once(
                "functions",
                (_named(backend), _named(there), used, decided),
                lambda: link_functions(backend, there, board, pins, config),
            ),
        )

    def _once(self, kind: str, key: object, make: Callable[[], _T]) -> _T:
        """The last result of a kind where what it depends on is equal, else a new one."""
        known = self._known.get(kind)
        if known is not None and known[0] == key:
            return cast(_T, known[1])
        made = make()
        self._known[kind] = (key, made)
        return made


def _used(board: Board) -> list[tuple[object, ...]]:
    """What models and functions see of the linked endpoints."""
    return [
        (
            match.backend.endpoint.id,
            match.crate.endpoint.id,
            match.score,
            match.backend.endpoint.signature.body_models,
            match.backend.endpoint.signature.response_models,
            match.crate.endpoint.signature.body_models,
            match.crate.endpoint.signature.response_models,
        )
        for match in [found.match for _, found in sorted(board.found.items())]
    ]


def _named(side: Side) -> list[tuple[str, str, str | None, str | None]]:
    """What links between functions depend on: no place inside a file."""
    return [(one.key, one.name, one.owner, one.stub) for one in side.functions]
