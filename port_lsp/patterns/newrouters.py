"""Routers of their own for handlers in new files, mounted where the crate mounts others."""

from __future__ import annotations

from dataclasses import dataclass

from port_lsp.facts.items import Endpoint
from port_lsp.patterns.conventions import Conventions
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.handlers import Neighbours
from port_lsp.patterns.needs import Names
from port_lsp.patterns.registration import Routers, Wanted
from port_lsp.writing.draft import Draft
from port_lsp.writing.ir.types import Symbol


@dataclass(frozen=True, slots=True)
class Routed:
    """A handler (its file, symbol and name) and one of its routes."""

    endpoint: Endpoint
    wanted: Wanted
    file: str
    handler: Symbol
    name: str
    conventions: Conventions


class NewRouters:
    def __init__(self, desk: Desk, routers: Routers, neighbours: Neighbours, names: Names) -> None:
        self._desk, self._routers = desk, routers

    def takes(self, routed: Routed) -> bool:
        return False

    def draft(self) -> Draft:
        return Draft()
