"""What became of every call site that stands in the text: resolved, unresolved, or why neither.

The sites come from a scan that knows nothing of routers (`sites.py`), the outcomes from the
interpreter: a site that it never saw is said to be excluded, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import repeat
from typing import Literal, cast

from port_lsp.facts.items import Site
from port_lsp.facts.source import Place
from port_lsp.rust.cargo import SIDE_FOLDERS
from port_lsp.rust.declared import ChunkFacts, FnItem, SiteFact
from port_lsp.rust.interpret import Interpreter
from port_lsp.text import Span

Outcome = Literal["resolved", "unresolved", "excluded"]
Result = tuple[Outcome, str]
_ROUTERS_OWN = frozenset({".route(", ".service(", ".nest(", ".configure(", ".routes(", "routes!"})


class Reconciling:
    """Makes the rows; those of a chunk whose sites came to the same are the same objects."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], tuple[ChunkFacts, list[Result], tuple[Site, ...]]] = {}

    def rows(
        self, run: Interpreter, facts: Mapping[str, tuple[tuple[str, ChunkFacts], ...]]
    ) -> tuple[Site, ...]:
        """One row for every site of every file, in the files' order."""
        rows: list[Site] = []
        kept: dict[tuple[str, str], tuple[ChunkFacts, list[Result], tuple[Site, ...]]] = {}
        listed = {
            (place.file, place.chunk, place.span.start): one.reason
            for place, one in run.record.unresolved.items()
        }
        for path, chunks in facts.items():
            for chunk, found in chunks:
                if not found.sites:
                    continue
                results = [_outcome(run, path, chunk, found, site, listed) for site in found.sites]
                known = self._kept.get((path, chunk))
                if known is None or known[0] is not found or known[1] != results:
                    sites = tuple(map(_site, repeat(path), repeat(chunk), found.sites, results))
                    known = (found, results, sites)
                kept[path, chunk] = known
                rows += known[2]
        self._kept = kept
        return (*rows, *_unscanned(run, facts)) if listed else tuple(rows)


def _unscanned(
    run: Interpreter, facts: Mapping[str, tuple[tuple[str, ChunkFacts], ...]]
) -> Iterator[Site]:
    """What is listed as unresolved and no scan knows by name: calls of the project's own macros,
    methods of its traits."""
    scanned = {
        (path, chunk, site.at)
        for path, chunks in facts.items()
        for chunk, found in chunks
        for site in found.sites
    }
    for place, one in run.record.unresolved.items():
        if (place.file, place.chunk, place.span.start) not in scanned:
            yield Site(place, one.construct, "unresolved", one.reason)


def _site(path: str, chunk: str, site: SiteFact, result: Result) -> Site:
    length = len(site.construct.strip(".(!#[]"))
    place = Place(path, chunk, Span(site.at, site.at + length))
    return Site(place, site.construct, *result)


def _outcome(
    run: Interpreter,
    path: str,
    chunk: str,
    facts: ChunkFacts,
    site: SiteFact,
    listed: Mapping[tuple[str, str, int], str],
) -> Result:
    if (reason := listed.get((path, chunk, site.at))) is not None:
        # A route with a part of its path unknown is both an endpoint and unresolved.
        return "unresolved", reason
    known = run.record.sites.get((path, chunk, site.at))
    if known is not None:
        return cast(Outcome, known[0]), known[1]
    if site.within == "test" or path in run.modules.tests:
        return "excluded", "it is only there in tests"
    if site.within == "macro_rules":
        return "excluded", "it stands in a macro's rules: where the macro is used, it is listed"
    if not SIDE_FOLDERS.isdisjoint(path.split("/")[:-1]):
        return "excluded", "the file is no part of the crate's own code"
    if path not in run.modules.files_read:
        return "excluded", "no `mod` declares its file"
    if site.construct.startswith("#["):
        return "excluded", "the attribute isn't actix-web's"
    if site.within == "macro":
        if site.construct in _ROUTERS_OWN:
            return "unresolved", "it stands in the arguments of a macro"
        return "excluded", "it stands in the arguments of a macro"
    if not site.function:
        return "excluded", "it stands outside of every function"
    if not _was_run(run, path, chunk, facts, site.function):
        return "excluded", f"nothing calls {site.function}"
    return "excluded", "what is followed of the function doesn't come here"


def _was_run(run: Interpreter, path: str, chunk: str, facts: ChunkFacts, function: str) -> bool:
    return any(
        (path, chunk, item.start) in run.record.called
        for item in facts.items
        if isinstance(item, FnItem) and item.qualified == function
    )
