"""Findings as GitLab's code quality report."""

import hashlib
from typing import Any

import msgspec

from port_lsp.facts.links import Severity
from port_lsp.index.snapshot import Snapshot
from port_lsp.report.places import positions, shown

_SEVERITIES: dict[Severity, str] = {
    "error": "major",
    "warning": "minor",
    "information": "info",
    "hint": "info",
}


def gitlab(snapshot: Snapshot) -> bytes:
    """A list of issues. Paths count from the current folder, which is the repository's."""
    issues: list[dict[str, Any]] = []
    for one in snapshot.findings:
        start, end = positions(snapshot, one.side, one.place)
        identity = f"{one.rule} {one.side} {one.item} {one.message}"
        issues.append(
            {
                "description": one.message,
                "check_name": one.rule,
                "fingerprint": hashlib.blake2b(identity.encode(), digest_size=16).hexdigest(),
                "severity": _SEVERITIES[one.severity],
                "location": {
                    "path": shown(snapshot, one.side, one.place.file),
                    "lines": {"begin": start.line, "end": end.line},
                },
            }
        )
    return msgspec.json.format(msgspec.json.encode(issues), indent=1) + b"\n"
