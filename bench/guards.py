"""Whether a new crate keeps out whom the backend keeps out.

    python -m bench.guards BACKEND [--framework NAME] [--folder DIR] [--wrong]

Ports a backend into a new crate in DIR (a temporary folder, if none is named), reads it
again, and prints how many endpoints have the guard of their counterpart, by level: a scope counts
as a role, and what the reader of the backend calls "unknown" has a row of its own. Prints too how
many of the backend's gates are written in full, and what is left open of the others.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

import click

from bench.port_compile import port
from port_lsp.index.index import Index
from port_lsp.index.roots import Wanted
from port_lsp.writing.registering import Framework

_SAME = {"scope": "role"}


@click.command(help=__doc__)
@click.argument("backend", type=click.Path(exists=True, file_okay=False))
@click.option("--folder", type=click.Path(file_okay=False))
@click.option("--framework", type=click.Choice(["axum", "actix-web"]), default="axum")
@click.option("--wrong", is_flag=True, help="List the endpoints with another guard.")
def main(backend: str, folder: str | None, framework: Framework, wrong: bool) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        crate = Path(folder or temporary) / "crate"
        wanted = Wanted(str(crate.parent), backend, str(crate))
        done = port(Path(backend), crate, (), framework)
        index = Index.open(wanted)
        rows, others = compared(index)
        gates = index.backend_reader.auth() if index.backend_reader is not None else None
        print_gates(len(gates.gates) if gates is not None else 0, done.notes)
    for (theirs, ours), count in sorted(rows.items()):
        print(f"{count:6} {theirs} / {ours}")
    known = {key: count for key, count in rows.items() if key[0] not in ("public", "unknown")}
    same = sum(count for (theirs, ours), count in known.items() if theirs == ours)
    print(f"{same} of {sum(known.values())} guarded endpoints have the same guard")
    for line in others if wrong else ():
        print(line)


def compared(index: Index) -> tuple[Counter[tuple[str, str]], list[str]]:
    """How many endpoints have which guards on the two sides, and those that differ."""
    backend, crate = index.snapshot.backend, index.snapshot.crate
    assert backend is not None
    assert crate is not None
    theirs = {one.id: one.signature.guard for one in backend.endpoints}
    ours = {one.id: one.signature.guard for one in crate.endpoints}
    rows: Counter[tuple[str, str]] = Counter()
    others: list[str] = []
    for link in index.snapshot.links.endpoints:
        if link.backend is None or link.presence == "ignored":
            continue
        one = theirs[link.backend]
        other = ours[link.crate] if link.crate is not None else None
        levels = [
            _SAME.get(level, level) for level in (one.level, other.level if other else "none")
        ]
        rows[levels[0], levels[1]] += 1
        if levels[0] != levels[1]:
            evidence = "; ".join(one.evidence)
            others.append(f"{link.backend}: {one.level} ({evidence}), here {levels[1]}")
    return rows, others


def print_gates(count: int, notes: tuple[str, ...]) -> None:
    """How many gates there are, and what of them isn't known."""
    left = [one for one in notes if "it isn't known" in one]
    print(f"{count} gates; {len({one.partition(':')[0] for one in left})} of them with a hole")
    for one in left:
        print(f"    {one}")


if __name__ == "__main__":
    main()
