"""Ports every item of a backend into files of a crate that nobody would choose for it.

    python -m bench.forced BACKEND CRATE [--files N] [--share F] [--seed S]

Every endpoint, model, table and event counts as unported, and each is drafted into each of N files:
the longest ones and as many others. A copy of the crate is worked on, in which a third of these
files lacks a bracket, a brace or a quote somewhere, a third has CRLF at its lines' ends, and one
of each begins with a BOM. Into every other file endpoints go under a prefix of their own, so that
those that the crate has already are written, too.

For each item in each file:

- what is written has a new syntax error only if the verifier refuses it;
- what is refused has a reason;
- a file that had CRLF and a BOM has them, and no other ends of lines.

Of the edits of a file that have no new error, `--verified` many are verified, and of these
`--read` many are put on the disk and read by a new index: what it says of everything else must be
what it said before. Of the files that rustfmt left alone before, it must leave `--formatted` many
results alone. Counts are printed; exit code 1 where anything isn't so.
"""

from __future__ import annotations

import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import click
import msgspec

from bench.living import opened
from port_lsp.facts.items import Side
from port_lsp.facts.links import Link, Links
from port_lsp.facts.source import Record
from port_lsp.index.snapshot import Snapshot
from port_lsp.patterns.desk import Desk, Desks
from port_lsp.patterns.port import Target, unfinished
from port_lsp.writing.workshop import FileChange
from tests.writing.forced import aimed_at, broken, new_errors, tried

_IGNORED = shutil.ignore_patterns("target", ".git")
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_BOM = "\ufeff"
_PREFIX = (("", "/forced"),)
_NAMES = re.compile(r"\S*(?:/|::)\S*|\b[A-Z]{2,}\b")  # what tells one reason from another like it


class Plan(Record, frozen=True):
    """How much is done. `share` is that of the items which is drafted into a file, another for each
    file; the others are counts, `verified` and `read` per file, `formatted` in all."""

    files: int = 20
    share: float = 1.0
    verified: int = 5
    read: int = 1
    formatted: int = 200
    seed: int = 1


def chosen(files: Mapping[str, str], plan: Plan) -> list[str]:
    """The files that are aimed at: the longest half, and others by seed."""
    by_size = sorted(files, key=lambda path: (-len(files[path]), path))
    half = (plan.files + 1) // 2
    others = by_size[half:]
    random.Random(plan.seed).shuffle(others)  # noqa: S311 - the same ones again
    return by_size[:half] + others[: plan.files - half]


def spoiled(files: Mapping[str, str], seed: int) -> dict[str, str]:
    """Files as they come: one in three short of a bracket, one in three with CRLF; one in three
    of each begins with a BOM."""
    found: dict[str, str] = {}
    for at, (path, text) in enumerate(files.items()):
        kind = ("sound", "broken", "crlf")[at % 3]
        made = broken({path: text}, seed + at)[path] if kind == "broken" else text
        made = made.replace("\r\n", "\n").replace("\n", "\r\n") if kind == "crlf" else made
        found[path] = _BOM + made if at % 9 in (3, 4, 5) and not made.startswith(_BOM) else made
    return found


def as_unported(snapshot: Snapshot) -> Snapshot:
    """A snapshot in which nothing of the backend has a counterpart."""
    links = snapshot.links

    def bare(rows: Iterable[Link]) -> tuple[Link, ...]:
        return tuple(Link(row.backend, None, "unported") for row in rows if row.backend is not None)

    blank = Links(bare(links.endpoints), bare(links.models), bare(links.events))
    return replace(snapshot, links=blank)


def with_prefix(snapshot: Snapshot) -> Snapshot:
    """A snapshot whose configuration wants every route below a prefix that the crate hasn't."""
    links = msgspec.structs.replace(snapshot.config.links, prefixes=_PREFIX)
    return replace(snapshot, config=msgspec.structs.replace(snapshot.config, links=links))


def desks(base: Desk) -> tuple[Desk, Desk]:
    """Where everything is unported: with routes as they are, and below a prefix."""
    bare = as_unported(base.snapshot)
    both = (bare, with_prefix(bare))
    one, two = (Desk(snap, base.workshop, base.backend, base.framework) for snap in both)
    return one, two


def ends_kept(changes: Iterable[FileChange]) -> list[str]:
    """The changed files that lost their CRLF or their BOM."""
    wrong: list[str] = []
    for change in changes:
        before, after = change.before or "", change.after
        crlf = "\r\n" in before and "\n" not in before.replace("\r\n", "")
        if crlf and "\n" in after.replace("\r\n", ""):
            wrong.append(f"{change.path}: lines end in two ways")
        if before.startswith(_BOM) != after.startswith(_BOM) or _BOM in after[1:]:
            wrong.append(f"{change.path}: the BOM isn't where it was")
    return wrong


def said(side: Side) -> Counter[object]:
    """What a side says, each thing by itself."""
    routes = ((one.method, one.path, one.key, one.reachable) for one in side.endpoints)
    fields = (
        (one.key, tuple((field.name, field.annotation, field.alias) for field in one.fields))
        for one in side.models
    )
    functions = (one.key for one in side.functions)
    events = ((one.event, one.namespace, one.key) for one in side.events)
    return Counter[object]([*routes, *fields, *functions, *events])


def lost(backend: Path, crate: Path, was: Counter[object], changes: Sequence[FileChange]) -> str:
    """What a new index doesn't say any more with the changes on the disk, which are then undone;
    empty where it says everything."""
    before = {crate / one.path: _bytes(crate / one.path) for one in changes}
    try:
        for one in changes:
            (crate / one.path).parent.mkdir(parents=True, exist_ok=True)
            (crate / one.path).write_bytes(one.after.encode())
        side = opened(backend, crate).snapshot.crate
        gone = was - said(side) if side is not None else was
        return ", ".join(map(str, list(gone)[:3]))
    finally:
        for path, data in before.items():
            if data is None:
                path.unlink()
            else:
                path.write_bytes(data)


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def is_formatted(text: str) -> bool | None:
    """Whether rustfmt leaves a text alone; None where it can't read it, or there is no rustfmt."""
    rustfmt = shutil.which("rustfmt")
    if rustfmt is None:
        return None
    command = [rustfmt, "--edition", "2021", "--emit", "stdout", "--quiet"]
    done = subprocess.run(command, input=text.encode(), capture_output=True, check=False)
    return None if done.returncode else done.stdout.decode() == text


class Forced:
    """The run: what was counted, and what is wrong."""

    def __init__(self, backend: Path, crate: Path, plan: Plan) -> None:
        """`crate` is a copy; its files are changed here."""
        self._backend, self._crate, self._plan = backend, crate, plan
        self._chance = random.Random(plan.seed)  # noqa: S311 - the same ones again
        self.counts: Counter[str] = Counter()
        self.reasons: Counter[str] = Counter()
        self.wrong: list[str] = []
        self._laid_out: dict[str, str] = {}  # results in files that rustfmt may judge: whose it is

    def run(self) -> None:
        """Everything."""
        files = opened(self._backend, self._crate).snapshot.crate_files
        texts = {path: file.text.data.decode() for path, file in files.items()}
        paths = chosen(texts, self._plan)
        texts = spoiled({path: texts[path] for path in paths}, self._plan.seed)
        judged = {path for path in paths if is_formatted(texts[path])}
        for path, text in texts.items():
            (self._crate / path).write_bytes(text.encode())
        index = opened(self._backend, self._crate)
        both = desks(Desks().at(index))
        assert index.snapshot.crate is not None
        was = said(index.snapshot.crate)
        targets = unfinished(both[0].snapshot)
        kinds = Counter(one.kind for one in targets)
        click.echo(f"{dict(kinds)} into {len(paths)} files, {len(judged)} of them formatted")
        for at, path in enumerate(paths):
            began = time.perf_counter()
            desk = both[at % 2]
            some = [one for one in targets if self._chance.random() < self._plan.share]
            aimed = aimed_at(desk, path)
            sound = self._drafted(aimed, path, some, keep=path in judged)
            self._verified(aimed, path, sound, was)
            click.echo(f"{path}: {len(some)} tried, {time.perf_counter() - began:.0f} s", err=True)
        self._formatted()

    def _drafted(self, desk: Desk, path: str, targets: list[Target], keep: bool) -> list[Target]:
        """Drafts into a file; those whose edit brings no new error."""
        sound: list[Target] = []
        for target in targets:
            found = tried(desk, target, verify=False)
            self.counts[f"{target.kind} {found.by or 'written'}"] += 1
            if found.by:
                self._refused(path, target, found.by, found.reason)
                continue
            self.wrong += [f"{target.id} into {path}: {one}" for one in ends_kept(found.changes)]
            if not new_errors(found.changes):
                sound.append(target)
                if keep:
                    where = f"{target.id} into {path}"
                    self._laid_out |= {
                        one.after: where for one in found.changes if one.path == path
                    }
                continue
            self.counts["with a new syntax error before verifying"] += 1
            again = tried(desk, target, verify=True)
            if again.by:
                self._refused(path, target, again.by, again.reason)
            else:
                files = ", ".join(new_errors(again.changes))
                self.wrong.append(f"{target.id} into {path}: a new syntax error in {files}")
        return sound

    def _refused(self, path: str, target: Target, by: str, reason: str) -> None:
        self.reasons[f"{by}: {_NAMES.sub('…', reason)}"] += 1
        if not reason.strip():
            self.wrong.append(f"{target.id} into {path}: refused without a reason")

    def _verified(self, desk: Desk, path: str, targets: list[Target], was: Counter[object]) -> None:
        some = self._chance.sample(targets, min(self._plan.verified, len(targets)))
        read = 0
        for target in some:
            found = tried(desk, target, verify=True)
            self.counts[f"verified: {'refused' if found.by else 'passed'}"] += 1
            if found.by:
                self._refused(path, target, found.by, found.reason)
            elif read < self._plan.read:
                read += 1
                self.counts["read by a new index"] += 1
                gone = lost(self._backend, self._crate, was, found.changes)
                if gone:
                    self.wrong.append(f"{target.id} into {path}: not said any more: {gone}")

    def _formatted(self) -> None:
        texts = sorted(self._laid_out)
        for text in self._chance.sample(texts, min(self._plan.formatted, len(texts))):
            good = is_formatted(text)
            self.counts[f"rustfmt {'leaves alone' if good else 'would change'}"] += 1
            if not good:
                self.wrong.append(f"{self._laid_out[text]}: rustfmt would change it")


def run(backend: Path, crate: Path, plan: Plan) -> Forced:
    """Works on a copy of the crate, which is thrown away."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder).resolve() / "crate"
        shutil.copytree(crate, copy, ignore=_IGNORED)
        done = Forced(backend, copy, plan)
        done.run()
    return done


@click.command(help=__doc__)
@click.argument("backend", type=_FOLDER)
@click.argument("crate", type=_FOLDER)
@click.option("--files", default=20, show_default=True)
@click.option("--share", default=1.0, show_default=True, help="Of the items, per file.")
@click.option("--verified", default=5, show_default=True)
@click.option("--read", default=1, show_default=True)
@click.option("--formatted", default=200, show_default=True)
@click.option("--seed", default=1, show_default=True)
@click.option("--reasons", default=10, show_default=True, help="How many reasons are shown.")
def main(
    backend: Path, crate: Path, files: int, share: float, verified: int, read: int,
    formatted: int, seed: int, reasons: int,
) -> None:  # fmt: skip
    plan = Plan(files, share, verified, read, formatted, seed)
    done = run(backend.resolve(), crate.resolve(), plan)
    for what, count in sorted(done.counts.items()):
        click.echo(f"{count:7} {what}")
    for reason, count in done.reasons.most_common(reasons):
        click.echo(f"refused {count} times by the {reason}")
    click.echo(f"{len(done.wrong)} violations")
    for line in done.wrong:
        click.echo(line)
    sys.exit(1 if done.wrong else 0)


if __name__ == "__main__":
    main()
