"""How far items are, counted: for the status, for plans and for the lens on line 1."""

from collections import Counter
from collections.abc import Iterable

from port_lsp.facts.links import Link
from port_lsp.index.snapshot import Snapshot
from port_lsp.server.catalog import ItemKind, rows_of
from port_lsp.server.messages import AllShares, Shares


def shares(links: Iterable[Link]) -> Shares:
    """The shares of some rows."""
    words = Counter(link.word for link in links)
    asked = ("ported", "drifted", "stub", "unported")
    return Shares(
        total=sum(words[word] for word in asked),
        ported=words["ported"],
        drifted=words["drifted"],
        stub=words["stub"],
        unported=words["unported"],
        ignored=words["ignored"],
        rust_only=words["rust-only"],
    )


def all_shares(snapshot: Snapshot) -> AllShares:
    """The shares of everything."""

    def of(kind: ItemKind) -> Shares:
        return shares(rows_of(snapshot, kind))

    return AllShares(of("endpoint"), of("model"), of("event"), of("function"))


def what_is_left(kind: str, counted: Shares) -> str:
    """`12 of 25 endpoints ported, 3 stubs, 1 drifted`."""
    plural = "" if counted.total == 1 else "s"
    parts = [f"{counted.ported + counted.drifted} of {counted.total} {kind}{plural} ported"]
    if counted.stub:
        parts.append(f"{counted.stub} stub{'' if counted.stub == 1 else 's'}")
    if counted.drifted:
        parts.append(f"{counted.drifted} drifted")
    return ", ".join(parts)
