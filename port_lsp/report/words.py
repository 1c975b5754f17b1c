"""The wording that text, Markdown and HTML have in common."""

from port_lsp.index.snapshot import Snapshot
from port_lsp.parity.results import verified
from port_lsp.report.coverage import Counts, Item, Spot, Word

MEANING: dict[Word, str] = {
    "unported": "not in the crate yet",
    "stub": "in the crate, but does nothing yet",
    "drifted": "in the crate, but a client would notice a difference",
    "ported": "in the crate",
    "ignored": "won't be ported",
    "rust-only": "only in the crate",
}
NO_CRATE = "no crate was found: everything counts as unported"


def percent(counts: Counts) -> str:
    """The share as people read it: never 100 % before it is all there."""
    share = counts.share
    if share is None:
        return "–"
    return f"{int(share * 100)} %"


def where(spot: Spot) -> str:
    """The file and line of an item, below its side's root."""
    return f"{spot.file}:{spot.line}"


def remark(item: Item) -> str:
    """What is to be said of an item besides its counterpart."""
    parts = [*item.drift, *([item.note] if item.note else [])]
    if item.word in ("ported", "drifted") and item.crate is None:
        parts.append("written inline")
    return ", ".join(parts)


def verified_words(snapshot: Snapshot) -> str | None:
    """How many ported endpoints are verified; None where nobody asked both sides."""
    found = verified(snapshot)
    if found is None:
        return None
    return f"{found[0]} of {found[1]} ported endpoints are verified: both sides answered the same"
