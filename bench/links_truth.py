"""The verdicts in bench/links/: what a person says of each item of a pair's backend."""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from port_lsp.facts.links import Link

FOLDER = Path(__file__).parent / "links"


@dataclass(frozen=True)
class Verdict:
    """What a person says of one item of the backend."""

    presence: str
    counterparts: frozenset[str]
    drift: frozenset[str]
    inline: bool
    sampled: bool
    toss_up: bool

    def accepts(self, row: Link) -> bool:
        """Whether presence and counterpart are right."""
        if self.presence == "unported":
            return (
                row.presence == "unported" or row.crate in self.counterparts or self._written(row)
            )
        if row.crate is None:
            return self._written(row)
        return row.presence == self.presence and row.crate in self.counterparts

    def _written(self, row: Link) -> bool:
        """Whether it is written inline, and may be."""
        return self.inline and row.crate is None and row.presence == "ported"


Verdicts = dict[str, Verdict]


def endpoint_verdicts(pair: str) -> Verdicts:
    """The verdicts on a pair's endpoints by id."""
    return {
        row["backend"]: Verdict(
            row["presence"],
            frozenset({row["crate"], *row["also"].split(" | ")} - {""}),
            frozenset(row["drift"].split()),
            inline=False,
            sampled=row["sample"] == "yes",
            toss_up="toss-up" in row["note"],
        )
        for row in _rows(pair, "endpoints")
    }


def model_verdicts(pair: str) -> Verdicts:
    """The verdicts on a pair's models by item key."""
    found: Verdicts = {}
    for row in _rows(pair, "models"):
        also = row["also"].split(" | ")
        inline = row["verdict"] == "inline-json" or "inline-json" in also
        found[row["backend"]] = Verdict(
            "unported" if row["verdict"] == "unported" else "ported",
            frozenset({row["crate"], *also} - {"", "inline-json"}),
            frozenset(),
            inline=inline,
            sampled=row["sample"] == "yes",
            toss_up="toss-up" in row["note"],
        )
    return found


def rust_only(pair: str) -> set[str] | None:
    """The crate's endpoints without a counterpart, or None where nobody listed them."""
    if not _file(pair, "rust-only").exists():
        return None
    return {row["crate"] for row in _rows(pair, "rust-only")}


def pairs() -> list[str]:
    """The names of the pairs with verdicts."""
    ending = "-endpoints.csv"
    return sorted(path.name.removesuffix(ending) for path in FOLDER.glob(f"*{ending}"))


def _file(pair: str, kind: str) -> Path:
    return FOLDER / f"{pair}-{kind}.csv"


def _rows(pair: str, kind: str) -> list[dict[str, str]]:
    with _file(pair, kind).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


class Score(NamedTuple):
    """How many of how many are right."""

    right: int
    total: int

    def __str__(self) -> str:
        share = f"{self.right / self.total:.1%}" if self.total else "-"
        return f"{self.right} of {self.total} ({share})"


def score(
    rows: dict[str, Link],
    verdicts: Verdicts,
    which: Callable[[Verdict], bool] = lambda _: True,
) -> Score:
    """How many rows are right, of the verdicts that `which` picks; a row that is missing isn't."""
    asked = [(key, verdict) for key, verdict in verdicts.items() if which(verdict)]
    right = sum(1 for key, verdict in asked if key in rows and verdict.accepts(rows[key]))
    return Score(right, len(asked))
