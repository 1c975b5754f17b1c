"""The crate's struct of what requests share, as a new crate's ground lays it (`shared.rs`)."""

from __future__ import annotations

import re

from port_lsp.facts.source import Place, Record, SourceFile, item_key
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.endpoints.places import symbol_in
from port_lsp.patterns.endpoints.written import type_of
from port_lsp.rust.constructions import listings
from port_lsp.rust.structtext import struct_at
from port_lsp.text import Span
from port_lsp.writing.ir.types import AnyType, Symbol

_LINE = b"/// What Python keeps on `app.state`"
_MARK = re.compile(rb"^%b[^\n]*\n(?:(?://|#)[^\n]*\n)*pub struct (\w+)" % re.escape(_LINE), re.M)
_SETTINGS = re.compile(r"\(\s*config: &Config,?\s*\)")
_FIELD = r"///\s*`{}`\s*\n(?:\s*(?://|#\[)[^\n]*\n)*\s*pub (?:r#)?(\w+)\s*:"


class Shared(Record, frozen=True):
    """It: its file, symbol and item key, where its name stands and where its one value is made, its
    fields with their types, the file's text; `slot` is the type of what a field
    holds, `maker` the function that gives the one value."""

    file: str
    symbol: Symbol
    key: str
    struct: Place
    listing: Place
    fields: tuple[tuple[str, AnyType | None], ...]
    text: str
    slot: Symbol
    maker: str = "at_start"

    @property
    def has_settings(self) -> bool:
        """Whether the settings are at hand where its value is made."""
        return _SETTINGS.search(self.text) is not None

    def field(self, python: str) -> tuple[str, AnyType | None] | None:
        """The field that says that it is a certain attribute of Python's."""
        found = re.search(_FIELD.format(re.escape(python)), self.text)
        return next((one for one in self.fields if found is not None and one[0] == found[1]), None)


class _Found:
    """What there is in a desk's crate, looked for once for a revision."""

    def __init__(self, desk: Desk) -> None:
        self.shared: Shared | None = None
        found = [
            (file, match)
            for file in desk.snapshot.crate_files.values()
            # Most files haven't got it, and a line's start is sought slowly.
            if _LINE in file.text.data and (match := _MARK.search(file.text.data)) is not None
        ]
        if len(found) == 1:
            self.shared = _shared(desk, found[0][0], found[0][1])


def shared_at(desk: Desk) -> Shared | None:
    """The crate's; None where it has none, or not as it was laid."""
    return desk.shares(_Found).shared


def _shared(desk: Desk, file: SourceFile, match: re.Match[bytes]) -> Shared | None:
    data, name, scopes = file.text.data, match[1].decode(), desk.workshop.scopes
    struct = struct_at(data, match.start(1))
    made = [one for one in listings(data, frozenset((name,))) if one.kind == "literal"]
    if struct is None or len(made) != 1:
        return None
    fields: list[tuple[str, AnyType | None]] = []
    for one in struct.fields:
        written = data[one.declared.start : one.declared.end].decode("utf-8", "replace")
        fields.append((one.name, type_of(scopes, file.path, written.partition(":")[2])))
    return Shared(
        file.path, symbol_in(scopes, file.path, name), item_key(file.path, name),
        _place(file, match.start(1)), _place(file, made[0].at), tuple(fields),
        data.decode("utf-8", "replace"), symbol_in(scopes, file.path, "Slot"),
    )  # fmt: skip


def _place(file: SourceFile, offset: int) -> Place:
    chunk = next(one for one in file.chunks if one.span.start <= offset < one.span.end)
    start = offset - chunk.span.start
    return Place(file.path, chunk.id, Span(start, start + 1))
