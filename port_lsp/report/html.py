"""The report as one self-contained page: no script, nothing is loaded from anywhere."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from port_lsp import __version__
from port_lsp.index.snapshot import Snapshot
from port_lsp.report.coverage import KINDS, WORDS, Counts, Kind, coverage
from port_lsp.report.words import MEANING, NO_CRATE, percent, remark, where

_TEMPLATES = Path(__file__).parent / "templates"
_LISTED: tuple[Kind, ...] = ("endpoints", "models", "events")
_OPEN = ("unported", "stub", "drifted")
# In the order in which a bar shows them.
_BAR = ("ported", "drifted", "stub", "unported", "ignored")


def html(snapshot: Snapshot) -> str:
    """The page's text."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html.j2").render(
        version=__version__,
        snapshot=snapshot,
        found=coverage(snapshot),
        kinds=KINDS,
        listed=_LISTED,
        words=WORDS,
        opened=_OPEN,
        meaning=MEANING,
        no_crate=NO_CRATE,
        percent=percent,
        parts=_parts,
        remark=remark,
        where=where,
    )


def _parts(counts: Counts) -> list[tuple[str, int, float]]:
    """The pieces of a bar: word, number, width in percent."""
    if not counts.total:
        return []
    numbers = [(word, getattr(counts, word)) for word in _BAR]
    return [(word, n, 100 * n / counts.total) for word, n in numbers if n]
