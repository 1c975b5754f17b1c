"""Findings for people: one line each, in the form that terminals and editors open."""

from collections import Counter

from rich.text import Text

from port_lsp.facts.links import SEVERITIES, Severity
from port_lsp.index.snapshot import Snapshot
from port_lsp.report.console import console_to
from port_lsp.report.places import positions, shown, shown_place

_STYLES: dict[Severity, str] = {
    "error": "bold red",
    "warning": "yellow",
    "information": "blue",
    "hint": "dim",
}
_WORDS: dict[Severity, str] = {
    "error": "error",
    "warning": "warning",
    "information": "info",
    "hint": "hint",
}
_SHOWN = 3  # related places of one finding; the JSON has them all


def print_findings(snapshot: Snapshot, output: str | None) -> None:
    """Prints `path:line:column: severity: message [rule]`, related places below it."""
    with console_to(output) as console:
        for one in snapshot.findings:
            start, _ = positions(snapshot, one.side, one.place)
            line = Text(
                f"{shown(snapshot, one.side, one.place.file)}:{start.line}:{start.column}: "
            )
            line.append(one.severity, _STYLES[one.severity]).append(f": {one.message} ")
            console.print(line.append(f"[{one.rule}]", "dim"))
            for other in one.related[:_SHOWN]:
                at = shown_place(snapshot, other.side, other.place)
                console.print(Text(f"    {at}: {other.message}", "dim"))
            if len(one.related) > _SHOWN:
                console.print(Text(f"    and {len(one.related) - _SHOWN} more", "dim"))


def summary(snapshot: Snapshot) -> str:
    """One line: how many findings of which severity, and how far the port is."""
    numbers = Counter(one.severity for one in snapshot.findings)
    said = [
        f"{numbers[severity]} {_WORDS[severity]}{'s' * (numbers[severity] != 1)}"
        for severity in SEVERITIES
        if numbers[severity]
    ]
    of = [link for link in snapshot.links.endpoints if link.backend]
    there = sum(link.presence == "ported" for link in of)
    ported = f"{there} of {len(of)} endpoints are ported"
    return f"{', '.join(said) if said else 'nothing found'}; {ported}"
