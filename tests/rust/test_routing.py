"""Every fixture of actix-web and axum: the crate's reader against what the framework itself says.

`expected.json` is held against a compiled program by `test_oracle_rust.py`; here it is held
against the reader. tests/fixtures/README.md says what its keys mean.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from port_lsp.facts.items import Endpoint, Side
from port_lsp.facts.source import SourceFile
from port_lsp.rust.reader import CrateReader
from port_lsp.text import Text
from tests.fixturefile import Fixture, parse

FIXTURES = Path(__file__).parent.parent / "fixtures"
CASES = sorted(path for name in ("actix", "axum") for path in (FIXTURES / name).glob("*.txt"))
Row = dict[str, Any]


def read(fixture: Fixture) -> tuple[Side, dict[str, SourceFile]]:
    reader = CrateReader()
    files = {
        path: reader.outline(path, Text(text.encode()))
        for path, text in fixture.files.items()
        if path.endswith(".rs")
    }
    manifests = {
        path: text.encode()
        for path, text in fixture.files.items()
        if path.rpartition("/")[2] in ("Cargo.toml", "Cargo.lock")
    }
    if not manifests:
        manifests = {"Cargo.toml": manifest(fixture).encode()}
    return reader.read(files, manifests), files


def manifest(fixture: Fixture) -> str:
    """The Cargo.toml of a fixture that has none: its framework in the version it names."""
    name = "axum" if "axum" in fixture.meta else "actix-web"
    return f'[package]\nname = "fixture"\n[dependencies]\n{name} = "{fixture.meta[name][0]}"\n'


def row(endpoint: Endpoint, files: dict[str, SourceFile]) -> Row:
    at, registered = endpoint.place, endpoint.registered
    return {
        "method": endpoint.method,
        "path": endpoint.path,
        "handler": endpoint.handler,
        "fn_file": at.file,
        "fn_line": files[at.file].line(at),
        "reg_file": registered.file,
        "reg_line": files[registered.file].line(registered),
        "reachable": endpoint.reachable,
        "kind": endpoint.kind,
        "conditional": endpoint.conditional,
        # actix: our order is the one in which wraps are written, the fixture's the one in which
        # a request passes them. Which wraps stand before a handler is compared.
        "middleware": sorted(endpoint.middleware),
    }


def wanted(expected: list[Row], status: str | None) -> list[Row]:
    rows: list[Row] = []
    for entry in expected:
        if entry.get("status") != status:
            continue
        rows.append(
            {
                "method": entry["method"],
                "path": entry["path"],
                "handler": entry["handler"],
                "fn_file": entry["fn_file"],
                "fn_line": entry["fn_line"],
                "reg_file": entry["reg_file"],
                "reg_line": entry["reg_line"],
                "reachable": entry["reachable"],
                "kind": entry.get("kind", "route"),
                "conditional": entry.get("conditional"),
                "middleware": sorted(entry["middleware"]),
            }
        )
    return rows


def in_order(rows: list[Row]) -> list[str]:
    return sorted(json.dumps(entry, sort_keys=True) for entry in rows)


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_fixture(path: Path) -> None:
    fixture = parse(path.read_text())
    expected = json.loads(path.with_name(f"{path.stem}.expected.json").read_text())
    side, files = read(fixture)
    assert in_order([row(e, files) for e in side.endpoints]) == in_order(wanted(expected, None))
    found = [row(u.endpoint, files) for u in side.unmounted if "no `mod`" not in reason(u.endpoint)]
    assert in_order(found) == in_order(wanted(expected, "unmounted"))
    unresolved = Counter(
        (u.place.file, files[u.place.file].line(u.place), u.construct) for u in side.unresolved
    )
    assert unresolved == Counter(
        (entry["reg_file"], entry["reg_line"], entry["construct"])
        for entry in expected
        if entry.get("status") == "unresolved"
    )


def reason(endpoint: Endpoint) -> str:
    return endpoint.unreachable_reason or ""
