"""How right the links of the real pair are, held against the verdicts in bench/links/.

    python bench/links.py --backend DIR --crate DIR [--wrong]

DIR are the roots as `port-lsp --backend --crate` takes them: the folder that holds the backend's
package, and that of the crate's Cargo.toml. `--wrong` lists each row that isn't right.

Printed are accuracy, precision and recall of endpoints and models, with and without toss-ups; then
the accuracy without each kind of evidence, by band of confidence, and what linking costs.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from port_lsp.config import NO_CONFIG
from port_lsp.facts.items import Side
from port_lsp.facts.links import EvidenceKind, Link, Links
from port_lsp.facts.source import SourceFile
from port_lsp.linking.config import LinkConfig
from port_lsp.linking.inline import Inline, InlineReader
from port_lsp.linking.link import link
from port_lsp.linking.weights import Weights
from port_lsp.python.reader import BackendReader
from port_lsp.rules.judge import judge
from port_lsp.rust.reader import CrateReader
from port_lsp.text import decode

TRUTH = Path(__file__).parent / "links"
KINDS: tuple[EvidenceKind, ...] = (
    "path",
    "path-near",
    "method",
    "handler-name",
    "file",
    "body-type",
    "response-type",
    "fields",
    "linked-by",
    "inline-json",
)
BANDS = (0.5, 0.6, 0.7, 0.8, 0.9, 1.01)


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
            return row.presence == "unported" or row.crate in self.counterparts
        if row.crate is None:
            return self.inline and row.presence == "ported"
        return row.presence == self.presence and row.crate in self.counterparts


@dataclass(frozen=True)
class Pair:
    """Both sides as they are read, with the files."""

    backend: Side
    crate: Side
    backend_files: dict[str, SourceFile]
    crate_files: dict[str, SourceFile]
    inline: tuple[Inline, ...]


def read_pair(backend: Path, crate: Path) -> Pair:
    """Reads both sides from disk."""
    ours, theirs = BackendReader(), CrateReader()
    backend_files: dict[str, SourceFile] = {}
    for path in sorted(backend.rglob("*.py")):
        name = path.relative_to(backend).as_posix()
        if "/test/" not in name:
            backend_files[name] = ours.outline(name, decode(path.read_bytes()))
    crate_files: dict[str, SourceFile] = {}
    manifests: dict[str, bytes] = {}
    for path in sorted(crate.rglob("*")):
        name = path.relative_to(crate).as_posix()
        if "target/" in name:
            continue
        if path.name == "Cargo.toml":
            manifests[name] = path.read_bytes()
        elif path.suffix == ".rs":
            crate_files[name] = theirs.outline(name, decode(path.read_bytes()))
    one, two = ours.read(backend_files), theirs.read(crate_files, manifests)
    inline = InlineReader().read(crate_files, two.functions)
    return Pair(one, two, backend_files, crate_files, inline)


def endpoint_verdicts() -> dict[str, Verdict]:
    """The verdicts on endpoints by id."""
    return {
        row["backend"]: Verdict(
            row["presence"],
            frozenset({row["crate"], *row["also"].split(" | ")} - {""}),
            frozenset(row["drift"].split()),
            inline=False,
            sampled=row["sample"] == "yes",
            toss_up="toss-up" in row["note"],
        )
        for row in _rows("open-webui-endpoints.csv")
    }


def model_verdicts() -> dict[str, Verdict]:
    """The verdicts on models by item key."""
    found: dict[str, Verdict] = {}
    for row in _rows("open-webui-models.csv"):
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


def _rows(name: str) -> list[dict[str, str]]:
    with (TRUTH / name).open(newline="", encoding="utf-8") as file:
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
    verdicts: dict[str, Verdict],
    which: Callable[[Verdict], bool] = lambda _: True,
) -> Score:
    """How many rows are right, of the verdicts that `which` picks; a row that is missing isn't."""
    asked = [(key, verdict) for key, verdict in verdicts.items() if which(verdict)]
    right = sum(1 for key, verdict in asked if key in rows and verdict.accepts(rows[key]))
    return Score(right, len(asked))


def by_backend(rows: Iterable[Link]) -> dict[str, Link]:
    """The rows of the backend's items by their ids."""
    return {row.backend: row for row in rows if row.backend is not None}


def report(name: str, rows: dict[str, Link], verdicts: dict[str, Verdict]) -> None:
    """Prints the figures of one kind of item."""
    print(f"\n{name}")
    print(f"  right: all {score(rows, verdicts)}")
    print(f"         sample {score(rows, verdicts, lambda v: v.sampled)}")
    print(f"         all without toss-ups {score(rows, verdicts, lambda v: not v.toss_up)}")
    sampled = score(rows, verdicts, lambda v: v.sampled and not v.toss_up)
    print(f"         sample without toss-ups {sampled}")
    for presence in sorted({verdict.presence for verdict in verdicts.values()}):
        share = score(rows, verdicts, lambda v, p=presence: v.presence == p)
        print(f"         {presence} {share}")
    linked = [key for key in verdicts if key in rows and rows[key].presence != "unported"]
    meant = [key for key, verdict in verdicts.items() if verdict.presence != "unported"]
    hit = [key for key in linked if verdicts[key].accepts(rows[key])]
    counterpart = [
        key
        for key in meant
        if key in rows and (rows[key].crate in verdicts[key].counterparts or key in hit)
    ]
    print(f"  precision of links {Score(len(hit), len(linked))}")
    print(f"  recall of links {Score(len(counterpart), len(meant))} (counterpart, any presence)")


def report_drift(rows: dict[str, Link], verdicts: dict[str, Verdict]) -> None:
    """Prints how often the drift is that of the verdict, rule by rule."""
    same = sum(
        1 for key, v in verdicts.items() if key in rows and frozenset(rows[key].drift) == v.drift
    )
    print(f"  drift as in the verdict: {Score(same, len(verdicts))}")
    for rule in sorted({rule for verdict in verdicts.values() for rule in verdict.drift}):
        said = {key for key in verdicts if key in rows and rule in rows[key].drift}
        meant = {key for key, verdict in verdicts.items() if rule in verdict.drift}
        print(f"    {rule}: {compared(said, meant)}")


def compared(said: set[str], meant: set[str]) -> str:
    """How two sets differ."""
    missed, more = meant - said, said - meant
    return f"{len(said & meant)} found, {len(missed)} missed, {len(more)} too many"


def report_bands(rows: dict[str, Link], verdicts: dict[str, Verdict]) -> None:
    """Prints the accuracy of links by band of confidence."""
    print("  by confidence:")
    for low, high in itertools.pairwise(BANDS):
        keys = [
            key
            for key in verdicts
            if key in rows
            and rows[key].presence != "unported"
            and low <= rows[key].confidence < high
        ]
        right = sum(1 for key in keys if verdicts[key].accepts(rows[key]))
        print(f"    {low:.1f} to {min(high, 1.0):.1f}: {Score(right, len(keys))}")


def report_ablation(pair: Pair, endpoints: dict[str, Verdict], models: dict[str, Verdict]) -> None:
    """Prints what is right with one kind of evidence switched off."""
    print("\nwithout one kind of evidence          endpoints              models")
    for kind in (None, *KINDS):
        weights = Weights(without=frozenset({kind} if kind else ()))
        links = link(pair.backend, pair.crate, LinkConfig(), weights, pair.inline)
        ours = score(by_backend(links.endpoints), endpoints)
        theirs = score(by_backend(links.models), models)
        print(f"  {kind or 'all kinds':<16} {ours!s:>32} {theirs!s:>24}")


def report_rust_only(links: Links) -> None:
    """Prints whether the crate's own endpoints are those of the verdicts."""
    said = {row.crate for row in links.endpoints if row.backend is None and row.crate}
    meant = {row["crate"] for row in _rows("open-webui-rust-only.csv")}
    print(f"  only in the crate: {compared(said, meant)}")


def report_cost(pair: Pair, times: int = 15) -> None:
    """Prints what linking and judging cost, in milliseconds, warm."""
    config = NO_CONFIG
    steps: dict[str, Callable[[], object]] = {
        "link": lambda: link(pair.backend, pair.crate, LinkConfig(), inline=pair.inline),
        "link and rules": lambda: judge(
            pair.backend, pair.crate, pair.backend_files, pair.crate_files, config, pair.inline
        ),
    }
    print("\ncost in ms (first, then median and best of the warm ones)")
    for name, step in steps.items():
        spent: list[float] = []
        for _ in range(times):
            start = time.perf_counter()
            step()
            spent.append((time.perf_counter() - start) * 1000)
        print(f"  {name}: {spent[0]:.1f}, {statistics.median(spent[1:]):.1f}, {min(spent):.1f}")


def report_wrong(rows: dict[str, Link], verdicts: dict[str, Verdict]) -> None:
    """Prints each row that isn't right."""
    for key, verdict in verdicts.items():
        row = rows.get(key)
        if row is not None and verdict.accepts(row):
            continue
        got = "no row" if row is None else f"{row.presence} {row.crate} {row.confidence} {row.sign}"
        wanted = ", ".join(sorted(verdict.counterparts)) or ("inline" if verdict.inline else "")
        mark = "toss-up " if verdict.toss_up else ""
        print(f"    {mark}{key}\n      got {got}\n      wanted {verdict.presence} {wanted}")


def main() -> None:
    """Reads the arguments and prints everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--backend", type=Path, required=True)
    parser.add_argument("--crate", type=Path, required=True)
    parser.add_argument("--wrong", action="store_true")
    arguments = parser.parse_args()
    pair = read_pair(arguments.backend, arguments.crate)
    links, _ = judge(
        pair.backend, pair.crate, pair.backend_files, pair.crate_files, NO_CONFIG, pair.inline
    )
    endpoints, models = endpoint_verdicts(), model_verdicts()
    rows = by_backend(links.endpoints)
    report("endpoints", rows, endpoints)
    report_drift(rows, endpoints)
    report_rust_only(links)
    report_bands(rows, endpoints)
    if arguments.wrong:
        report_wrong(rows, endpoints)
    rows = by_backend(links.models)
    report("models", rows, models)
    report_bands(rows, models)
    if arguments.wrong:
        report_wrong(rows, models)
    report_ablation(pair, endpoints, models)
    report_cost(pair)


if __name__ == "__main__":
    main()
