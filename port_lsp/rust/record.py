"""What a run of the crate's code did besides giving a value."""

from __future__ import annotations

from typing import TypeAlias

from port_lsp.facts.items import Unresolved
from port_lsp.facts.source import Place
from port_lsp.rust.module import Found
from port_lsp.rust.values import Routes

SiteKey: TypeAlias = tuple[str, str, int]
Identity: TypeAlias = tuple[str, str, int]
RANK = {"excluded": 0, "unresolved": 1, "resolved": 2}


class Record:
    """What a run, or one call in it, did besides giving a value.

    `chunks` are those it looked at, `names` the files whose names it asked for and the members and
    macros (`::name`, `!name`), `called` the functions it ran, `sites` what became of call
    sites, `named` the functions that macros of the project were given, `served` the functions
    whose attributes were registered, `dropped` the routers that were given the name `_`. `whole`
    is False where the outcome depended on what called it.
    """

    __slots__ = (
        "called",
        "chunks",
        "dropped",
        "handlers",
        "named",
        "names",
        "served",
        "sites",
        "unresolved",
        "whole",
    )

    def __init__(self) -> None:
        self.chunks: set[tuple[str, str]] = set()
        self.names: set[str] = set()
        self.called: set[Identity] = set()
        self.sites: dict[SiteKey, tuple[str, str]] = {}
        self.unresolved: dict[Place, Unresolved] = {}
        self.handlers: dict[Place, Found] = {}
        self.named: set[Identity] = set()
        self.served: set[Identity] = set()
        self.dropped: list[Routes] = []
        self.whole = True

    def site(self, key: SiteKey, outcome: str, reason: str) -> None:
        """What became of a call site; the best outcome of several counts."""
        known = self.sites.get(key)
        if known is None or RANK[outcome] > RANK[known[0]]:
            self.sites[key] = (outcome, reason)

    def absorb(self, other: Record, *, unresolved: bool = True) -> None:
        """Takes in what a call inside this one did."""
        self.chunks |= other.chunks
        self.names |= other.names
        self.called |= other.called
        for key, found in other.sites.items():  # as `site`, which is called for too many
            known = self.sites.get(key)
            if known is None or RANK[found[0]] > RANK[known[0]]:
                self.sites[key] = found
        if unresolved:
            for place, one in other.unresolved.items():
                self.unresolved.setdefault(place, one)
        self.handlers |= other.handlers
        self.named |= other.named
        self.served |= other.served
        self.dropped += other.dropped
        self.whole = self.whole and other.whole
