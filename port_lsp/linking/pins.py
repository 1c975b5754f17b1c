"""Pins and negative pins: pairs that a person has settled."""

from collections.abc import Iterable, Mapping

from port_lsp.facts.items import Side
from port_lsp.facts.source import Record
from port_lsp.linking.config import LinkConfig
from port_lsp.linking.globs import named


class Pins(Record, frozen=True):
    """Pairs (backend, crate) of names as people wrote them: together, and apart."""

    together: tuple[tuple[str, str], ...] = ()
    apart: tuple[tuple[str, str], ...] = ()


def pins_of(backend: Side, crate: Side, config: LinkConfig) -> Pins:
    """All pins: the configuration's, and those of comments on either side."""
    comments = (*backend.pins, *((ours, theirs) for theirs, ours in crate.pins))
    return Pins((*config.pin, *comments), config.unpin)


def resolved(
    pairs: Iterable[tuple[str, str]],
    backend: Mapping[str, tuple[int, ...]],
    crate: Mapping[str, tuple[int, ...]],
) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """The pairs whose both ends are known, as the positions of the items they name.

    The mappings lead from every name of an item (id, key) to the positions it stands for.
    """
    found: list[tuple[tuple[int, ...], tuple[int, ...]]] = []
    for ours, theirs in pairs:
        left, right = named(ours, backend), named(theirs, crate)
        if left is not None and right is not None:
            found.append((backend[left], crate[right]))
    return found
