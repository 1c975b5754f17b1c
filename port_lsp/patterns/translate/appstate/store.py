"""The fields that one draft adds to the crate's `Shared`."""

from __future__ import annotations

from port_lsp.patterns.desk import Desk
from port_lsp.patterns.translate.appstate.struct import shared_at
from port_lsp.patterns.translate.appstate.uses import Path, uses_at
from port_lsp.writing.draft import Draft, Filling, NewFields
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i


class Cells:
    """Those that the crate lacks, each with its first value, by their paths behind `app.state`."""

    def __init__(self, desk: Desk) -> None:
        """Of the desk's crate."""
        self._desk = desk
        self.new: dict[Path, tuple[i.Field, b.Expr]] = {}

    def draft(self) -> Draft:
        """The new fields, with their first values, in the backend's order."""
        shared = shared_at(self._desk) if self.new else None
        if shared is None:
            return Draft()
        made = [self.new[path] for path in uses_at(self._desk).places if path in self.new]
        last = shared.fields[-1][0] if shared.fields else ""
        fields = tuple((field, last) for field, _ in made)
        names = tuple((field.name, field.name) for field, _ in made)
        values = tuple((field.name, value) for field, value in made)
        new = NewFields(shared.file, shared.struct, shared.key, fields, names)
        filling = Filling(shared.file, shared.listing, shared.symbol.name, values)
        return Draft(fields=(new,), fillings=(filling,))
