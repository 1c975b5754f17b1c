"""Models that an endpoint needs and the crate lacks, without their fields: until the pattern for
models is there, which has the same two functions."""

from __future__ import annotations

from collections.abc import Iterable

from port_lsp.patterns.desk import Desk
from port_lsp.patterns.endpoints.places import models_file, symbol_in
from port_lsp.writing.draft import Draft, Piece
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import Symbol, symbol

_DERIVES = (symbol("Debug"), symbol("serde::Serialize"), symbol("serde::Deserialize"))


def place_of(desk: Desk, key: str) -> tuple[str, Symbol]:
    """The file and the symbol that a model of the backend (item key) will have."""
    backend_file, _, name = key.partition("::")
    file = models_file(desk, backend_file)
    return file, symbol_in(desk.workshop.scopes, file, name.replace("::", "").replace(".", ""))


def draft_models(desk: Desk, keys: Iterable[str]) -> Draft:
    """The models, each an empty struct."""
    pieces: list[Piece] = []
    for key in dict.fromkeys(keys):
        file, of = place_of(desk, key)
        pieces.append(Piece(file, (i.Struct(of.name, (), derives=_DERIVES),), key))
    return Draft(tuple(pieces))
