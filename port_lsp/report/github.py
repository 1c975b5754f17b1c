"""Findings as GitHub's workflow commands: annotations on the changed lines of a pull request."""

from port_lsp.facts.links import Severity
from port_lsp.index.snapshot import Snapshot
from port_lsp.report.places import positions, shown, shown_path

_COMMANDS: dict[Severity, str] = {
    "error": "error",
    "warning": "warning",
    "information": "notice",
    "hint": "notice",
}


def github(snapshot: Snapshot) -> str:
    """One command a line. Paths count from the current folder, which is the checkout's."""
    lines: list[str] = []
    for problem in snapshot.problems:
        if problem.severity == "error":
            at = {"file": shown_path(problem.file), "line": str(problem.line or 1)}
            lines.append(_command("error", at, problem.message))
    for one in snapshot.findings:
        start, end = positions(snapshot, one.side, one.place)
        at = {
            "file": shown(snapshot, one.side, one.place.file),
            "line": str(start.line),
            "endLine": str(end.line),
            "title": f"port-lsp: {one.rule}",
        }
        if start.line == end.line:  # GitHub takes columns only within one line
            at |= {"col": str(start.column), "endColumn": str(end.column)}
        lines.append(_command(_COMMANDS[one.severity], at, one.message))
    return "".join(f"{line}\n" for line in lines)


def _command(name: str, properties: dict[str, str], message: str) -> str:
    said = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{name} {said}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
