"""The crate's structs and enums by the symbols that name them."""

from __future__ import annotations

from port_lsp.facts.items import Model
from port_lsp.facts.source import item_key
from port_lsp.patterns.desk import Desk
from port_lsp.writing.ir.types import Symbol


class CrateTypes:
    """Answers for one revision."""

    def __init__(self, desk: Desk) -> None:
        """Of the desk's crate."""
        crate = desk.snapshot.crate
        self._scopes = desk.workshop.scopes
        self._models = {one.key: one for one in reversed(crate.models if crate is not None else ())}

    def model(self, symbol: Symbol) -> Model | None:
        """What is known of a type; None for one that isn't the crate's, or not yet."""
        found = self._scopes.type_item(symbol.path)
        if found is None:
            return None
        file, item = found
        return self._models.get(item_key(file, "::".join((*item.module, item.name))))


def type_at(desk: Desk, symbol: Symbol) -> Model | None:
    """What is known of a type of the crate's; None for one that isn't there."""
    return desk.shares(CrateTypes).model(symbol)
