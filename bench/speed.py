"""How long a cold index takes, against the bare tree-sitter parse of the same files.

    python bench/speed.py BACKEND CRATE [--runs N]

In one process, after the imports: each run parses every file of both sides by tree-sitter alone,
then opens an index over them, from finding the files to the findings. Printed are the medians,
their ratio, and the process's peak memory. Absolute times are one machine's; the ratio counts.
"""

from __future__ import annotations

import gc
import resource
import sys
import time
from pathlib import Path
from statistics import median

import click
import tree_sitter_python
import tree_sitter_rust
from tree_sitter import Language, Parser

from port_lsp.index.index import Index
from port_lsp.index.roots import Wanted
from port_lsp.index.snapshot import Snapshot

PARSERS = {
    ".py": Parser(Language(tree_sitter_python.language())),
    ".rs": Parser(Language(tree_sitter_rust.language())),
}


def bare_parse(files: list[tuple[str, bytes]]) -> float:
    """Seconds to parse every file by tree-sitter, nothing else."""
    started = time.perf_counter()
    for suffix, data in files:
        PARSERS[suffix].parse(data)
    return time.perf_counter() - started


def cold_index(backend: Path, crate: Path) -> tuple[float, Snapshot]:
    """Seconds from the folders to the findings."""
    started = time.perf_counter()
    index = Index.open(Wanted(root=str(backend), backend=str(backend), crate=str(crate)))
    return time.perf_counter() - started, index.snapshot


def sources(snapshot: Snapshot) -> list[tuple[str, bytes]]:
    """The bytes of every file that the index read."""
    sides = (snapshot.backend_files, snapshot.crate_files)
    return [(Path(f.path).suffix, f.text.data) for files in sides for f in files.values()]


@click.command(help=__doc__)
@click.argument("backend", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("crate", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--runs", default=5, show_default=True)
def main(backend: Path, crate: Path, runs: int) -> None:
    _, snapshot = cold_index(backend, crate)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    files = sources(snapshot)
    parses: list[float] = []
    colds: list[float] = []
    for _ in range(runs):
        gc.unfreeze()
        gc.collect()
        parses.append(bare_parse(files))
        colds.append(cold_index(backend, crate)[0])
    ratios = sorted(cold / parse for cold, parse in zip(colds, parses, strict=True))
    lines = sum(data.count(b"\n") for _, data in files)
    print(f"files        {len(files)}, {lines} lines")
    print(f"bare parse   {median(parses):.3f} s")
    print(f"cold index   {median(colds):.3f} s")
    print(f"ratio        {median(ratios):.2f} (from {ratios[0]:.2f} to {ratios[-1]:.2f})")
    print(f"peak memory  {peak:.0f} MB after the first index, imports included")


if __name__ == "__main__":
    sys.exit(main())
