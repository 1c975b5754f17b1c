"""Ports into a crate that is alive: what is taken out of one, or what it lacks.

    python -m bench.living BACKEND CRATE [--handlers N] [--structs N] [--seed S] [--check]

Works on a copy of the crate, without its `target` and `.git`. With `--handlers` or `--structs`,
that many handlers with the calls that register them, and structs, are first taken out of it, and
then ported again; with neither, everything that is unported is ported. Printed is what was written
and what was left and why, what a new index says of it, which findings are new, and which lines were
touched that had nothing to do with it. What a new index calls a stub is one whose body is a hole.

Into an application without a backend the example's items are ported; bench/living.toml lists them.

With `--check` the compiler says which errors the crate has that it didn't have untouched. A folder
for its target may be given by CARGO_TARGET_DIR. Exit code 1 if anything isn't as it should be.
"""

from __future__ import annotations

import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import click

from bench.living_lines import unrelated
from bench.living_take import Cut, handlers, structs, take
from bench.port_compile import cargo_errors
from port_lsp.index.index import Index
from port_lsp.index.roots import Wanted
from port_lsp.index.snapshot import Snapshot
from port_lsp.patterns.desk import Desks
from port_lsp.patterns.port import Ported, Target, unfinished
from port_lsp.patterns.registry import porter

_IGNORED = shutil.ignore_patterns("target", ".git")
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


def opened(backend: Path, crate: Path) -> Index:
    """The index of a pair."""
    return Index.open(Wanted(str(crate), str(backend), str(crate)))


def chosen(snapshot: Snapshot, count: int, models: int, seed: int) -> dict[str, list[Cut]]:
    """By the backend's id or key, the cuts of seeded handlers and structs, and of those that must
    go with the structs."""
    chance = random.Random(seed)  # noqa: S311 - the same ones again
    found: dict[str, list[Cut]] = {}
    for can, wanted in ((structs(snapshot), models), (handlers(snapshot), count)):
        ids = sorted(can)
        chance.shuffle(ids)
        for ident in ids[:wanted]:
            cuts = can[ident]
            found.update(cuts if isinstance(cuts, dict) else {ident: cuts})
        click.echo(f"{min(wanted, len(ids))} of {len(ids)} that can be taken out chosen")
    return found


def ported(index: Index, targets: list[Target]) -> Ported:
    """Ports and says what became of it."""
    began = time.perf_counter()
    done = porter(Desks().at(index)).port(targets)
    seconds = time.perf_counter() - began
    kinds = Counter(one.kind for one in targets)
    asked = ", ".join(f"{count} {kind}s" for kind, count in sorted(kinds.items()))
    click.echo(f"{asked or 'nothing'} to port: {len(done.done)} written and verified,"
               f" {len(done.left)} left, {len(done.changes)} files, {seconds:.1f} s")  # fmt: skip
    for reason, count in Counter(one.reason for one in done.left).most_common():
        click.echo(f"  left {count} times: {reason}")
    for note in done.notes:
        click.echo(f"  note: {note}")
    return done


def told(before: Snapshot, after: Snapshot, done: Ported, targets: Iterable[Target]) -> list[str]:
    """What a new index says of what was ported, printed; what isn't as it should be."""
    kinds = {one.id: one.kind for one in targets}
    wrong: list[str] = []
    words: Counter[str] = Counter()
    assert after.crate is not None
    reachable = {one.id: one.reachable for one in after.crate.endpoints}
    rows = (*after.links.models, *after.links.endpoints, *after.links.events)
    of_done = {row.backend: row for row in rows if row.backend in done.done}
    holes: set[str] = set()
    for ident in done.done:
        row, kind = of_done[ident], kinds[ident]
        reached = kind != "endpoint" or reachable.get(row.crate or "", False)
        words[f"{kind} {row.word}{'' if reached else ', unreachable'}"] += 1
        if row.word == "stub":
            holes.add(row.crate or "")
        if not reached or row.word not in ("ported", *(() if kind == "model" else ("stub",))):
            wrong.append(f"{ident} is {row.word}{'' if reached else ' and unreachable'}")
    click.echo(f"a new index says of them: {dict(words)}")
    was = Counter((one.rule, one.item) for one in before.findings)
    new = Counter((one.rule, one.item) for one in after.findings) - was
    shown = [(rule, item) for rule, item in new if not (rule == "stub-endpoint" and item in holes)]
    click.echo(f"new findings beside those of the holes: {len(shown)}")
    return wrong + [f"new: {rule}: {item}" for rule, item in sorted(shown, key=str)]


def run(
    backend: Path, crate: Path, folder: Path, count: int, models: int, seed: int, check: bool
) -> list[str]:
    """Ports into `folder`, a copy of the crate that is made here; what isn't as it should be."""
    shutil.copytree(crate, folder, dirs_exist_ok=True, ignore=_IGNORED)
    known = cargo_errors(folder) if check else Counter[str]()
    hidden: list[str] = []
    if check:
        click.echo(f"untouched, the crate has {known.total()} errors")
        # What a crate can't be built for (a build script, a missing file) hides errors behind it.
        hidden = [f"untouched already, and may hide others: {error}" for error in known]
    index = opened(backend, folder)
    taking = count > 0 or models > 0
    if taking:
        untouched = index.snapshot
        cuts = chosen(untouched, count, models, seed)
        take(untouched, folder, (cut for these in cuts.values() for cut in these))
        if check:
            lacking = cargo_errors(folder) - known
            click.echo(f"what was taken out makes {lacking.total()} errors")
        index = opened(backend, folder)
        targets = [one for one in unfinished(index.snapshot) if one.id in cuts]
        click.echo(f"{len(cuts)} taken out, {len(targets)} of them unported now")
    else:
        targets = unfinished(index.snapshot)
    done = ported(index, targets)
    for change in done.changes:
        path = folder / change.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(change.after.encode())
    after = opened(backend, folder).snapshot
    wrong = hidden + told(index.snapshot, after, done, targets)
    lines = list(unrelated(index.snapshot, after, done.changes))
    click.echo(f"unrelated lines touched: {len(lines)}")
    wrong += lines
    if check:
        new = cargo_errors(folder) - known
        click.echo(f"new errors of cargo check: {new.total()}")
        wrong += list(new)
    return wrong


@click.command(help=__doc__)
@click.argument("backend", type=_FOLDER)
@click.argument("crate", type=_FOLDER)
@click.option("--handlers", "count", default=0, help="How many handlers are taken out.")
@click.option("--structs", "models", default=0, help="How many structs are taken out.")
@click.option("--seed", default=1, show_default=True)
@click.option("--check", is_flag=True, help="Ask the compiler, too.")
@click.option("--copy", type=click.Path(file_okay=False, path_type=Path), help="Keep the copy.")
def main(
    backend: Path, crate: Path, count: int, models: int, seed: int, check: bool, copy: Path | None
) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = (copy or Path(temporary)).resolve()
        wrong = run(backend.resolve(), crate.resolve(), folder, count, models, seed, check)
    for line in wrong:
        click.echo(line)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
