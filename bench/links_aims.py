"""From which share of right links on a pair counts as good, and what falls short of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from links_truth import Score, Verdicts, score

from port_lsp.facts.links import Link


class Aim(NamedTuple):
    """The least shares of right rows, 0 to 1."""

    endpoints: float
    models: float


AIM = Aim(0.98, 0.90)
# What these reach falls short of the aim, as docs/limits.md says; it may not become less.
FLOORS = {
    "honcho": Aim(0.98, 0.88),
    "noaa-recon": Aim(0.94, 0.90),
    "realworld": Aim(0.98, 0.84),
}


def aim_of(pair: str) -> Aim:
    """The aim that a pair of bench/links/ is held to."""
    return FLOORS.get(pair, AIM)


def shortfalls(name: str, rows: dict[str, Link], verdicts: Verdicts, least: float) -> Iterator[str]:
    """A line for all rows and one for the sample, where they are right less often than `least`."""
    shares = {
        "all": score(rows, verdicts),
        "sample": score(rows, verdicts, lambda verdict: verdict.sampled),
    }
    for which, share in shares.items():
        if falls_short(share, least):
            yield f"{name}, {which}: {share}, and {least:.0%} is the aim"


def falls_short(share: Score, least: float) -> bool:
    """Whether a share is below the aim; of nothing it isn't."""
    return share.right < least * share.total
