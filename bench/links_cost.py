"""What linking a pair costs, as an editor asks for it: again and again, after small edits.

    python bench/links_cost.py --backend DIR --crate DIR

CPU time in milliseconds, the best of several; the collector is off and what was read is frozen,
as the index has it.
"""

from __future__ import annotations

import argparse
import gc
import time
from collections.abc import Callable
from pathlib import Path

from links import read_pair
from msgspec.structs import replace

from port_lsp.facts.items import Side
from port_lsp.facts.links import Links
from port_lsp.linking.link import Linker
from port_lsp.rules.judge import Judge

TIMES = 12


def best(step: Callable[[], object]) -> float:
    """The CPU time of a step, the best of several."""
    spent: list[float] = []
    for _ in range(TIMES):
        start = time.process_time()
        step()
        spent.append((time.process_time() - start) * 1000)
    return min(spent)


def changed(side: Side, kind: str) -> list[Side]:
    """Versions of a side of which each has another one of its items changed."""
    items = getattr(side, kind)
    versions: list[Side] = []
    for at in range(0, len(items), max(1, len(items) // TIMES)):
        item = items[at]
        if kind == "endpoints":
            item = replace(item, path=item.path + "x", id=item.id + "x")
        elif kind == "models":
            item = replace(item, fields=item.fields[1:])
        else:
            item = replace(item, name=item.name + "_x", key=item.key + "_x")
        versions.append(replace(side, **{kind: (*items[:at], item, *items[at + 1 :])}))
    return versions


def main() -> None:
    """Reads the arguments and prints the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", type=Path, default=Path())
    parser.add_argument("--backend", type=Path)
    parser.add_argument("--crate", type=Path)
    arguments = parser.parse_args()
    pair = read_pair(arguments.root, arguments.backend, arguments.crate)
    backend, crate, inline = pair.backend, pair.crate, pair.inline
    gc.collect()
    gc.freeze()
    gc.disable()
    linker = Linker()

    def again(side: Side = backend) -> Links:
        return linker.link(side, crate, inline=inline)

    print(f"everything anew: {best(lambda: Linker().link(backend, crate, inline=inline)):.1f}")
    for what, without in (
        ("endpoints alone", {"models": (), "functions": ()}),
        ("endpoints and models", {"functions": ()}),
    ):
        left, right = replace(backend, **without), replace(crate, **without)
        whole = best(lambda a=left, b=right: Linker().link(a, b, inline=inline))
        print(f"  {what}: {whole:.1f}")
    again()
    print(f"nothing changed: {best(again):.1f}")
    for kind in ("endpoints", "models", "functions"):
        versions = iter(changed(backend, kind)[:TIMES])
        spent: list[float] = []
        for version in versions:
            start = time.process_time()
            again(version)
            spent.append((time.process_time() - start) * 1000)
        spent.sort()
        middle = spent[len(spent) // 2]
        print(f"one of the {kind} changed: {middle:.1f} (median), {spent[-1]:.1f} at most")
    judge = Judge()
    files = pair.snapshot.backend_files, pair.snapshot.crate_files
    spent_judging = best(lambda: judge.judge(backend, crate, *files, pair.snapshot.config, inline))
    print(f"nothing changed, rules and comments too: {spent_judging:.1f}")


if __name__ == "__main__":
    main()
