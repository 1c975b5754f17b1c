"""How right the links of a real pair are, held against the verdicts in bench/links/.

    python bench/links.py [PAIR] --backend DIR --crate DIR [--wrong] [--brief]
    python bench/links.py PAIR --root DIR [--wrong] [--brief]

PAIR is a name of bench/links/README.md, `open-webui` where none is given. DIR are the roots as
`port-lsp --backend --crate` takes them: the folder that holds the backend's package, and that of
the crate's Cargo.toml; `--root` is searched for what isn't given, as `port-lsp ROOT` does.
`--wrong` lists each row that isn't right, `--brief` leaves out ablation and cost.

Printed are accuracy, precision and recall of endpoints and models, with and without toss-ups; then
the accuracy without each kind of evidence, by band of confidence, and what linking costs. Exit 1
where fewer rows are right than `links_aims` asks for (98 % of endpoints, 90 % of models).
"""

from __future__ import annotations

import argparse
import itertools
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from links_aims import aim_of, shortfalls
from links_truth import (
    Score,
    Verdict,
    Verdicts,
    endpoint_verdicts,
    model_verdicts,
    pairs,
    rust_only,
    score,
)

from port_lsp.config import NO_CONFIG
from port_lsp.facts.items import Side
from port_lsp.facts.links import EvidenceKind, Link, Links
from port_lsp.index.index import Index
from port_lsp.index.roots import Wanted
from port_lsp.index.snapshot import Snapshot
from port_lsp.linking.config import LinkConfig
from port_lsp.linking.inline import Inline, InlineReader
from port_lsp.linking.link import link
from port_lsp.linking.weights import Weights
from port_lsp.rules.judge import judge

KINDS: tuple[EvidenceKind, ...] = get_args(EvidenceKind)[1:]  # but for the user's own word
BANDS = (0.5, 0.6, 0.7, 0.8, 0.9, 1.01)


@dataclass(frozen=True)
class Pair:
    """Both sides as the program reads them."""

    snapshot: Snapshot
    backend: Side
    crate: Side
    inline: tuple[Inline, ...]


def read_pair(root: Path, backend: Path | None, crate: Path | None) -> Pair:
    """Reads both sides from disk. Raises SystemExit where one isn't found."""
    given = [str(path.resolve()) if path else None for path in (backend, crate)]
    snapshot = Index.open(Wanted(str(root.resolve()), *given)).snapshot
    if snapshot.backend is None or snapshot.crate is None:
        raise SystemExit(f"no backend or no crate was found in {snapshot.searched}")
    inline = InlineReader().read(snapshot.crate_files, snapshot.crate.functions)
    return Pair(snapshot, snapshot.backend, snapshot.crate, inline)


def by_backend(rows: Iterable[Link]) -> dict[str, Link]:
    """The rows of the backend's items by their ids."""
    return {row.backend: row for row in rows if row.backend is not None}


def report(name: str, rows: dict[str, Link], verdicts: Verdicts) -> None:
    """Prints the figures of one kind of item."""
    print(f"\n{name}")
    kinds: dict[str, Callable[[Verdict], bool]] = {
        "all": lambda _: True,
        "sample": lambda v: v.sampled,
        "all without toss-ups": lambda v: not v.toss_up,
        "sample without toss-ups": lambda v: v.sampled and not v.toss_up,
    }
    lead = "  right: "
    for kind, which in kinds.items():
        share = score(rows, verdicts, which)
        if share.total:
            print(f"{lead}{kind} {share}")
            lead = " " * len(lead)
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


def report_reading(rows: dict[str, Link], verdicts: Verdicts) -> None:
    """Prints the backend's endpoints that the list or the program alone has; nothing else."""
    for key in sorted(verdicts.keys() - rows.keys()):
        print(f"  not read: {key}")
    for key in sorted(rows.keys() - verdicts.keys()):
        print(f"  not in the list: {key}")


def report_drift(rows: dict[str, Link], verdicts: Verdicts) -> None:
    """Prints how often the drift is that of the verdict, rule by rule."""
    same = sum(
        1 for key, v in verdicts.items() if key in rows and frozenset(rows[key].drift) == v.drift
    )
    print(f"  drift as in the verdict: {Score(same, len(verdicts))}")
    found = {rule for key in verdicts if key in rows for rule in rows[key].drift}
    for rule in sorted(found.union(*(verdict.drift for verdict in verdicts.values()))):
        said = {key for key in verdicts if key in rows and rule in rows[key].drift}
        meant = {key for key, verdict in verdicts.items() if rule in verdict.drift}
        print(f"    {rule}: {compared(said, meant)}")


def compared(said: set[str], meant: set[str]) -> str:
    """How two sets differ."""
    missed, more = meant - said, said - meant
    return f"{len(said & meant)} found, {len(missed)} missed, {len(more)} too many"


def report_bands(rows: dict[str, Link], verdicts: Verdicts) -> None:
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


def report_ablation(pair: Pair, endpoints: Verdicts, models: Verdicts) -> None:
    """Prints what is right with one kind of evidence switched off."""
    print("\nwithout one kind of evidence          endpoints              models")
    for kind in (None, *KINDS):
        weights = Weights(without=frozenset({kind} if kind else ()))
        links = link(pair.backend, pair.crate, LinkConfig(), weights, pair.inline)
        ours = score(by_backend(links.endpoints), endpoints)
        theirs = score(by_backend(links.models), models)
        print(f"  {kind or 'all kinds':<16} {ours!s:>32} {theirs!s:>24}")


def report_rust_only(links: Links, meant: set[str] | None) -> None:
    """Prints whether the crate's own endpoints are those of the verdicts."""
    said = {row.crate for row in links.endpoints if row.backend is None and row.crate}
    if meant is not None:
        print(f"  only in the crate: {compared(said, meant)}")


def report_cost(pair: Pair, times: int = 15) -> None:
    """Prints what linking and judging cost, in milliseconds, warm."""
    files = pair.snapshot.backend_files, pair.snapshot.crate_files
    steps: dict[str, Callable[[], object]] = {
        "link": lambda: link(pair.backend, pair.crate, LinkConfig(), inline=pair.inline),
        "link and rules": lambda: judge(pair.backend, pair.crate, *files, NO_CONFIG, pair.inline),
    }
    print("\ncost in ms (first, then median and best of the warm ones)")
    for name, step in steps.items():
        spent: list[float] = []
        for _ in range(times):
            start = time.perf_counter()
            step()
            spent.append((time.perf_counter() - start) * 1000)
        print(f"  {name}: {spent[0]:.1f}, {statistics.median(spent[1:]):.1f}, {min(spent):.1f}")


def report_wrong(rows: dict[str, Link], verdicts: Verdicts) -> None:
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
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("pair", nargs="?", default="open-webui", choices=pairs())
    parser.add_argument("--root", type=Path, default=Path())
    parser.add_argument("--backend", type=Path)
    parser.add_argument("--crate", type=Path)
    parser.add_argument("--wrong", action="store_true")
    parser.add_argument("--brief", action="store_true")
    arguments = parser.parse_args()
    pair = read_pair(arguments.root, arguments.backend, arguments.crate)
    links = pair.snapshot.links
    endpoints, models = endpoint_verdicts(arguments.pair), model_verdicts(arguments.pair)
    aim = aim_of(arguments.pair)
    rows = by_backend(links.endpoints)
    short = list(shortfalls("endpoints", rows, endpoints, aim.endpoints))
    report("endpoints", rows, endpoints)
    report_reading(rows, endpoints)
    report_drift(rows, endpoints)
    report_rust_only(links, rust_only(arguments.pair))
    report_bands(rows, endpoints)
    if arguments.wrong:
        report_wrong(rows, endpoints)
    rows = by_backend(links.models)
    short += shortfalls("models", rows, models, aim.models)
    report("models", rows, models)
    report_bands(rows, models)
    if arguments.wrong:
        report_wrong(rows, models)
    if not arguments.brief:
        report_ablation(pair, endpoints, models)
        report_cost(pair)
    print("".join(f"\nbelow the aim: {line}" for line in short))
    sys.exit(bool(short))


if __name__ == "__main__":
    main()
