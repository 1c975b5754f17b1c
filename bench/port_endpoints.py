"""How many of a backend's unported endpoints are written, verified, and why others are not.

    python bench/port_endpoints.py BACKEND CRATE [--take N --seed S --copy DIR]

Without options: what is unported now. With `--take`, N ported handlers with a registration of their
own are first taken out of a copy of the crate (handler and registration), and then ported again;
what a new index of the result says of them is counted. `--copy` keeps the result in a folder, for
`cargo check`. Nothing else is written.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from port_lsp.facts.items import Endpoint
from port_lsp.index.index import Index
from port_lsp.index.roots import Wanted
from port_lsp.index.snapshot import Snapshot
from port_lsp.patterns.desk import Desks
from port_lsp.patterns.port import Ported, Target, unfinished
from port_lsp.patterns.registry import porter
from port_lsp.rust.chains import chain_at
from port_lsp.text import Edit, Span, Text, apply


def opened(backend: str, crate: str) -> Index:
    return Index.open(
        Wanted(os.path.abspath(crate), os.path.abspath(backend), os.path.abspath(crate))
    )


def ported(index: Index, targets: list[Target]) -> Ported:
    began = time.perf_counter()
    done = porter(Desks().at(index)).port(targets)
    seconds = time.perf_counter() - began
    share = 100 * len(done.done) / len(targets) if targets else 100.0
    print(f"{len(targets)} endpoints, {len(done.done)} written and verified ({share:.0f} %), "
          f"{len(done.left)} left, {len(done.changes)} files, {seconds:.1f} s")  # fmt: skip
    for reason, count in Counter(one.reason for one in done.left).most_common():
        print(f"  left {count} times: {reason}")
    for note in done.notes:
        print(f"  note: {note}")
    return done


def removable(snapshot: Snapshot) -> dict[str, list[tuple[str, Edit]]]:
    """By backend id, the edits that take the counterpart's handler and registration away."""
    found: dict[str, list[tuple[str, Edit]]] = {}
    side = snapshot.crate
    assert side is not None
    by_id = {one.id: one for one in side.endpoints}
    per_key = Counter(one.key for one in side.endpoints)
    per_call = Counter(one.registered for one in side.endpoints)
    for row in snapshot.links.endpoints:
        one = by_id.get(row.crate or "")
        if row.backend is None or one is None or row.presence != "ported" or row.also:
            continue
        if per_key[one.key] != 1 or per_call[one.registered] != 1 or not one.reachable:
            continue
        edits = taken_out(snapshot, one)
        if edits is not None:
            found[row.backend] = edits
    return found


def taken_out(snapshot: Snapshot, one: Endpoint) -> list[tuple[str, Edit]] | None:
    handler = snapshot.crate_files[one.place.file]
    chunk = handler.by_id[one.place.chunk]
    name = one.handler.encode()
    uses = sum(file.text.data.count(name) for file in snapshot.crate_files.values())
    if chunk.id != one.handler or uses != 2:
        return None
    file = snapshot.crate_files[one.registered.file]
    chain = chain_at(file.text.data, file.span(one.registered).start)
    if chain is not None and chain.at >= 0 and chain.outer is not None and chain.outer.at >= 0:
        root = file.text.data[chain.root.start : chain.root.end]
        routes = sum(link.name == "route" for link in chain.links)
        if b"resource" in root and routes == 1:
            chain = chain.outer
    if chain is None or chain.at < 0 or len(chain.links) < 2:
        return None
    link = chain.links[chain.at]
    if link.name not in ("route", "service"):
        return None
    return [
        (one.registered.file, Edit(Span(link.dot, link.end), "")),
        (one.place.file, Edit(Span(chunk.span.start, chunk.span.end), "")),
    ]


def again(backend: str, crate: str, take: int, seed: int, copy: str) -> None:
    snapshot = opened(backend, crate).snapshot
    can = removable(snapshot)
    ids = sorted(can)
    random.Random(seed).shuffle(ids)  # noqa: S311 - the same ones again
    ids = ids[:take]
    shutil.copytree(
        crate, copy, dirs_exist_ok=True, ignore=shutil.ignore_patterns("target", ".git")
    )
    edits: dict[str, list[Edit]] = {}
    for ident in ids:
        for file, edit in can[ident]:
            if edit not in edits.setdefault(file, []):
                edits[file].append(edit)
    for file, these in edits.items():
        text: Text = apply(
            snapshot.crate_files[file].text, sorted(these, key=lambda e: e.span.start)
        )
        Path(copy, file).write_bytes(text.data)
    index = opened(backend, copy)
    wanted = set(ids)
    targets = [one for one in unfinished(index.snapshot) if one.id in wanted]
    print(f"{len(ids)} of {len(can)} taken out, {len(targets)} of them unported now")
    done = ported(index, targets)
    for change in done.changes:
        Path(copy, change.path).parent.mkdir(parents=True, exist_ok=True)
        Path(copy, change.path).write_text(change.after, encoding="utf-8")
    after = opened(backend, copy).snapshot
    words = Counter(row.word for row in after.links.endpoints if row.backend in set(done.done))
    print("a new index says of them:", dict(words))
    was = Counter((one.rule, one.item) for one in index.snapshot.findings)
    new = Counter((one.rule, one.item) for one in after.findings) - was
    print("new findings:", dict(Counter(rule for rule, _ in new)))
    for rule, item in sorted(new):
        print(f"  {rule}: {item}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("backend")
    parser.add_argument("crate")
    parser.add_argument("--take", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--copy", default="")
    asked = parser.parse_args()
    if not asked.take:
        index = opened(asked.backend, asked.crate)
        ported(index, [one for one in unfinished(index.snapshot) if one.kind == "endpoint"])
        return
    with tempfile.TemporaryDirectory() as folder:
        again(asked.backend, asked.crate, asked.take, asked.seed, asked.copy or folder)


if __name__ == "__main__":
    sys.exit(main())
