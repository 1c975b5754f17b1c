"""The links of two sides, whole each time: the same sides give the same links."""

from port_lsp.facts.items import Side
from port_lsp.facts.links import Links
from port_lsp.linking.config import LinkConfig
from port_lsp.linking.events import link_events
from port_lsp.linking.functions import link_functions
from port_lsp.linking.inline import Inline
from port_lsp.linking.models import link_models, model_rows
from port_lsp.linking.pins import pins_of
from port_lsp.linking.routes import link_routes, rows
from port_lsp.linking.weights import Weights

_DEFAULT = LinkConfig()
_WEIGHTS = Weights()


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
    there = crate or Side()
    pins = pins_of(backend, there, config)
    board = link_routes(backend, there, config, pins, weights)
    models = link_models(backend, there, board, pins, weights, inline)
    return Links(
        endpoints=rows(board, config),
        models=model_rows(models, config),
        events=link_events(backend, there, board, pins, config),
        functions=link_functions(backend, there, board, pins, config),
    )
