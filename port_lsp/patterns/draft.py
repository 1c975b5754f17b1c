"""What a pattern gives: the Rust that is to be written, where, and what it rests on."""

from __future__ import annotations

from port_lsp.facts.source import Record
from port_lsp.writing.ir.items import Item
from port_lsp.writing.ir.types import Symbol


class Piece(Record, frozen=True):
    """Items for one file of the crate (relative path, with `/`; it may not exist yet).

    `source` is the key of the backend's item that they come from.
    """

    file: str
    items: tuple[Item, ...]
    source: str


class Registration(Record, frozen=True):
    """A route to be registered: `path` in full as the crate's framework writes it."""

    method: str
    path: str
    handler: Symbol
    source: str


class Dependency(Record, frozen=True):
    """A package that the crate must depend on, in Cargo's words."""

    name: str
    version: str
    features: tuple[str, ...] = ()


class Draft(Record, frozen=True):
    """All that one action writes. `notes` say, a line each, what was degraded and why."""

    pieces: tuple[Piece, ...] = ()
    registrations: tuple[Registration, ...] = ()
    dependencies: tuple[Dependency, ...] = ()
    notes: tuple[str, ...] = ()
