"""How many linked structs lack fields or names of their backend's models, how many of these are
written, verified, and why others are not.

    python bench/port_fields.py BACKEND CRATE [--copy DIR]

With `--copy` the result is written into a copy of the crate, for `cargo check`, and what a new
index still misses of what was written is counted. Nothing else is written.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import time
from collections import Counter
from pathlib import Path

from port_lsp.index.index import Index
from port_lsp.index.roots import Wanted
from port_lsp.index.snapshot import Snapshot
from port_lsp.patterns.desk import Desks
from port_lsp.patterns.gaps import Gap, Gaps
from port_lsp.patterns.port import Target, fields_of
from port_lsp.patterns.registry import porter


def opened(backend: str, crate: str) -> Index:
    return Index.open(
        Wanted(os.path.abspath(crate), os.path.abspath(backend), os.path.abspath(crate))
    )


def targets_of(gaps: list[Gap]) -> list[Target]:
    return [one for gap in gaps for one in fields_of(gap)]


def kind(reason: str) -> str:
    """A reason without what is about one struct."""
    text = re.sub(r":.*", "", reason)
    return re.sub(r"\b[A-Z]\w+ (?=is made|can't)", "STRUCT ", re.sub(r" for \w+$", "", text))


def counted(snapshot: Snapshot) -> list[Gap]:
    linked = sum(bool(one.crate) and one.presence == "ported" for one in snapshot.links.models)
    gaps = list(Gaps(snapshot).every())
    missing = sum(len(gap.missing) for gap in gaps)
    misnamed = sum(len(gap.misnamed) for gap in gaps)
    lacking = sum(bool(gap.missing) for gap in gaps)
    named = sum(bool(gap.misnamed) for gap in gaps)
    print(f"{linked} models with a struct: {lacking} lack fields ({missing}), "
          f"{named} name some otherwise ({misnamed})")  # fmt: skip
    return gaps


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("backend")
    parser.add_argument("crate")
    parser.add_argument("--copy", default="")
    asked = parser.parse_args()
    index = opened(asked.backend, asked.crate)
    gaps = counted(index.snapshot)
    targets = targets_of(gaps)
    began = time.perf_counter()
    done = porter(Desks().at(index)).port(targets)
    seconds = time.perf_counter() - began
    written = set(done.done)
    whole = sum(all(one.id in written for one in targets_of([gap])) for gap in gaps)
    some = sum(any(one.id in written for one in targets_of([gap])) for gap in gaps)
    print(f"{len(written)} of {len(targets)} fields written and verified, in {some} of {len(gaps)} "
          f"models; {whole} of these lack nothing then; {len(done.changes)} files, "
          f"{seconds:.1f} s")  # fmt: skip
    for reason, count in Counter(kind(one.reason) for one in done.left).most_common():
        print(f"  left {count} times: {reason}")
    for one in done.left:
        print(f"    {one.id}: {one.reason}")
    for note in done.notes:
        print(f"  note: {note}")
    if not asked.copy:
        return
    ignored = shutil.ignore_patterns("target", ".git")
    shutil.copytree(asked.crate, asked.copy, dirs_exist_ok=True, ignore=ignored)
    for change in done.changes:
        place = Path(asked.copy, change.path)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(change.after, encoding="utf-8")
    after = opened(asked.backend, asked.copy).snapshot
    still = written & {one.id for one in targets_of(list(Gaps(after).every()))}
    print(f"a new index misses {len(still)} of what was written {sorted(still)}")
    was = {(link.backend, link.crate) for link in index.snapshot.links.models}
    now = {(link.backend, link.crate) for link in after.links.models}
    print(f"links of models that are others: {sorted(map(str, was - now))}")


if __name__ == "__main__":
    main()
