"""The report as Markdown: for a pull request, a wiki, an issue."""

from collections.abc import Iterator

from port_lsp.index.snapshot import Snapshot
from port_lsp.report.coverage import KINDS, WORDS, Coverage, Item, Kind, coverage
from port_lsp.report.words import MEANING, NO_CRATE, percent, remark, verified_words, where

_LISTED: tuple[Kind, ...] = ("endpoints", "models", "events")


def markdown(snapshot: Snapshot) -> str:
    """The whole report, GitHub-flavoured."""
    return "\n".join(_lines(snapshot, coverage(snapshot))) + "\n"


def _lines(snapshot: Snapshot, found: Coverage) -> Iterator[str]:
    yield "# How far the port is"
    yield ""
    yield f"Backend: `{snapshot.root('backend')}`  "
    crate = snapshot.root("crate")
    yield f"Crate: `{crate}`" if crate else f"Crate: {NO_CRATE}"
    yield ""
    yield "| | ported | drifted | stub | unported | ignored | in all | there |"
    yield "| --- | --: | --: | --: | --: | --: | --: | --: |"
    for kind in KINDS:
        c = found.total.counts(kind)
        if c.total:
            numbers = (c.ported, c.drifted, c.stub, c.unported, c.ignored, c.total)
            yield f"| {kind} | {' | '.join(map(str, numbers))} | {percent(c)} |"
    yield ""
    if (said := verified_words(snapshot)) is not None:
        yield f"{said}."
        yield ""
    yield from _files(found)
    for kind in _LISTED:
        yield from _items(found, kind)


def _files(found: Coverage) -> Iterator[str]:
    yield "## Files"
    yield ""
    yield "| file | endpoints | models | events | left |"
    yield "| --- | --: | --: | --: | --: |"
    for file in found.files:
        counts = [file.counts(kind) for kind in _LISTED]
        if any(c.total for c in counts):
            cells = [
                f"{c.there}/{c.total - c.ignored}" if c.share is not None else "–" for c in counts
            ]
            yield f"| {_code(file.file)} | {' | '.join(cells)} | {file.left} |"
    yield ""


def _items(found: Coverage, kind: Kind) -> Iterator[str]:
    if not any(item.kind == kind for item in found.items):
        return
    yield f"## {kind.capitalize()}"
    yield ""
    for word in WORDS:
        items = found.of(kind, word)
        if items:
            yield f"### {word.capitalize()} ({len(items)})"
            yield ""
            yield f"{MEANING[word].capitalize()}."
            yield ""
            yield "| backend | | crate | | |"
            yield "| --- | --- | --- | --- | --- |"
            yield from map(_row, items)
            yield ""


def _row(item: Item) -> str:
    cells: list[str] = []
    for spot in (item.backend, item.crate):
        cells += [_code(spot.title), _escaped(where(spot))] if spot else ["", ""]
    return f"| {' | '.join([*cells, _escaped(remark(item))])} |"


def _code(text: str) -> str:
    """Text as code in a cell: a bar would end the cell, a backtick the code."""
    fence = "``" if "`" in text else "`"
    return f"{fence}{text.replace('|', chr(92) + '|')}{fence}"


def _escaped(text: str) -> str:
    for char in "\\`*_|<>[]":
        text = text.replace(char, f"\\{char}")
    return text
