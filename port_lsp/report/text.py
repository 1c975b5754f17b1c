"""The report for the terminal: a table per file, then what is how far."""

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table
from rich.text import Text

from port_lsp.index.snapshot import Snapshot
from port_lsp.report.console import console_to
from port_lsp.report.coverage import (
    KINDS,
    WORDS,
    Counts,
    Coverage,
    FileCoverage,
    Item,
    Kind,
    Word,
    coverage,
)
from port_lsp.report.words import MEANING, NO_CRATE, percent, remark, verified_words, where

_STYLES: dict[Word, str] = {
    "unported": "red",
    "stub": "yellow",
    "drifted": "magenta",
    "ported": "green",
    "ignored": "dim",
    "rust-only": "cyan",
}
_LISTED: tuple[Kind, ...] = ("endpoints", "models", "events")
_BAR = 10


def print_report(snapshot: Snapshot, output: str | None = None) -> None:
    """Prints the report to a file or to standard output."""
    with console_to(output) as console:
        draw(snapshot, console)


def draw(snapshot: Snapshot, console: Console) -> None:
    """Draws the report on a console."""
    found = coverage(snapshot)
    _heading(snapshot, console)
    console.print(_totals(found))
    if (said := verified_words(snapshot)) is not None:
        console.print(Text(said, "green"))
    console.print()
    console.print(_files(found.files))
    for kind in _LISTED:
        for word in WORDS:
            if word != "ported":
                _list(console, kind, word, found.of(kind, word))
    ported = sum(len(found.of(kind, "ported")) for kind in _LISTED)
    console.print(f"\n{ported} more are ported; `--format markdown` or `html` lists them too.")


def _heading(snapshot: Snapshot, console: Console) -> None:
    console.print(Text("backend  ").append(snapshot.root("backend") or "", "bold"))
    crate = snapshot.root("crate")
    if crate is None:
        console.print(Text(f"crate    {NO_CRATE}", "yellow"))
    else:
        facts = snapshot.crate
        framework = " ".join(
            part for part in (facts and facts.framework, facts and facts.framework_version) if part
        )
        console.print(Text("crate    ").append(crate, "bold").append(f"  {framework}", "dim"))
    console.print()


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for index, column in enumerate(columns):
        if index == 0:
            table.add_column(column, overflow="fold")
        else:
            table.add_column(column, justify="right", no_wrap=True)
    return table


def _totals(found: Coverage) -> Table:
    table = _table("", "ported", "drifted", "stub", "unported", "ignored", "in all", "there")
    for kind in KINDS:
        counts = found.total.counts(kind)
        if counts.total:
            numbers = (
                (counts.ported, _STYLES["ported"]),
                (counts.drifted, _STYLES["drifted"]),
                (counts.stub, _STYLES["stub"]),
                (counts.unported, _STYLES["unported"]),
                (counts.ignored, _STYLES["ignored"]),
            )
            cells = [Text(str(n), style if n else "dim") for n, style in numbers]
            table.add_row(kind, *cells, str(counts.total), Text(percent(counts), "bold"))
    return table


def _files(files: Iterable[FileCoverage]) -> Table:
    table = _table("file", "endpoints", "models", "events", "left", "")
    for file in files:
        counts = file.endpoints + file.models + file.events
        if counts.total:
            table.add_row(
                file.file,
                *(_fraction(file.counts(kind)) for kind in _LISTED),
                str(file.left) if file.left else Text("0", "dim"),
                _bar(counts),
            )
    return table


def _fraction(counts: Counts) -> Text:
    if counts.share is None:
        return Text("–", "dim")
    done = counts.there == counts.total - counts.ignored
    return Text(f"{counts.there}/{counts.total - counts.ignored}", "green" if done else "")


def _bar(counts: Counts) -> Text:
    full = int((counts.share or 0) * _BAR) if counts.share is not None else _BAR
    return Text("█" * full, "green").append("░" * (_BAR - full), "dim")


def _list(console: Console, kind: Kind, word: Word, items: list[Item]) -> None:
    if not items:
        return
    console.print()
    title = f"{word} {kind} ({len(items)})"
    console.print(Text(title, f"bold {_STYLES[word]}").append(f"  {MEANING[word]}", "dim"))
    for item in items:
        spot = item.backend or item.crate
        if spot is None:
            continue
        line = Text(f"  {spot.title}  ").append(where(spot), "dim")
        if item.backend and item.crate:
            line.append(f" → {item.crate.title}  ").append(where(item.crate), "dim")
        if said := remark(item):
            line.append(f"  {said}", "italic")
        console.print(line)
