"""Findings as SARIF 2.1.0, for code scanning and for editors that read it."""

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec

from port_lsp import __version__
from port_lsp.facts.links import Finding, Related, Severity, SideName
from port_lsp.facts.source import Place
from port_lsp.index.snapshot import Snapshot
from port_lsp.report.places import positions

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS: dict[Severity, str] = {
    "error": "error",
    "warning": "warning",
    "information": "note",
    "hint": "note",
}
_BASES: dict[SideName, str] = {"backend": "BACKEND", "crate": "CRATE"}
_SENTENCE = re.compile(r"^(.+?[.!?])(?:\s|$)", re.S)

_Json = dict[str, Any]


def sarif(snapshot: Snapshot, pages: Mapping[str, str]) -> bytes:
    """A log with one run. `pages` are the rules' pages (Markdown) by their names."""
    names = sorted({*pages, *(finding.rule for finding in snapshot.findings)})
    index = {name: number for number, name in enumerate(names)}
    log: _Json = {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "port-lsp",
                        "version": __version__,
                        "semanticVersion": __version__,
                        "rules": [_rule(name, pages.get(name, "")) for name in names],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "originalUriBaseIds": {
                    base: {"uri": _folder_uri(root)}
                    for side, base in _BASES.items()
                    if (root := snapshot.root(side)) is not None
                },
                "invocations": [_invocation(snapshot)],
                "results": [_result(snapshot, one, index[one.rule]) for one in snapshot.findings],
            }
        ],
    }
    return msgspec.json.format(msgspec.json.encode(log), indent=1) + b"\n"


def _rule(name: str, page: str) -> _Json:
    """A rule's page begins with its name as a title, then comes what it does."""
    body = "\n".join(line for line in page.splitlines() if not line.startswith("#")).strip()
    match = _SENTENCE.match(body)
    what = " ".join((match[1] if match else body or name).split())
    return {
        "id": name,
        "shortDescription": {"text": what},
        "fullDescription": {"text": what},
        "help": {"text": body or name, "markdown": page.strip() or name},
    }


def _invocation(snapshot: Snapshot) -> _Json:
    notes = [
        {
            "level": _LEVELS[problem.severity],
            "message": {"text": problem.message},
            "locations": [_absolute(problem.file, problem.line)],
        }
        for problem in snapshot.problems
    ]
    return {"executionSuccessful": True, "toolConfigurationNotifications": notes}


def _absolute(path: str, line: int) -> _Json:
    location: _Json = {"artifactLocation": {"uri": Path(path).as_uri()}}
    if line:
        location["region"] = {"startLine": line}
    return {"physicalLocation": location}


def _result(snapshot: Snapshot, one: Finding, index: int) -> _Json:
    result: _Json = {
        "ruleId": one.rule,
        "ruleIndex": index,
        "level": _LEVELS[one.severity],
        "message": {"text": one.message},
        "locations": [_location(snapshot, one.side, one.place)],
        # Which finding it is, whatever line it is on by now.
        "partialFingerprints": {"item/v1": _digest(f"{one.rule} {one.side} {one.item}")},
    }
    if one.related:
        result["relatedLocations"] = [
            _related(snapshot, other, number) for number, other in enumerate(one.related)
        ]
    return result


def _related(snapshot: Snapshot, one: Related, number: int) -> _Json:
    location = _location(snapshot, one.side, one.place)
    return {"id": number, **location, "message": {"text": one.message}}


def _location(snapshot: Snapshot, side: SideName, place: Place) -> _Json:
    start, end = positions(snapshot, side, place)
    region = {
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    }
    artifact = {"uri": quote(place.file), "uriBaseId": _BASES[side]}
    return {"physicalLocation": {"artifactLocation": artifact, "region": region}}


def _folder_uri(path: str) -> str:
    uri = Path(path).as_uri()
    return uri if uri.endswith("/") else f"{uri}/"


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
