"""The links of two sides, whole each time: the same sides give the same links."""

from port_lsp.facts.items import Side
from port_lsp.facts.links import Links
from port_lsp.linking.config import LinkConfig
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
) -> Links:
    """Finds the counterpart of each item of the backend; without a crate nothing has one."""
    there = crate or Side()
    pins = pins_of(backend, there, config)
    board = link_routes(backend, there, config, pins, weights)
    return Links(endpoints=rows(board, config))
