"""The reader of backends against what FastAPI itself says of each fixture."""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from port_lsp.facts.items import Endpoint, Side
from port_lsp.facts.source import SourceFile
from port_lsp.python.reader import BackendReader
from port_lsp.text import decode
from tests.fixturefile import parse

FIXTURES = Path(__file__).parent.parent / "fixtures" / "fastapi"
Row = dict[str, Any]


def read(files: Mapping[str, str]) -> tuple[Side, dict[str, SourceFile]]:
    """A backend given as texts by path."""
    reader = BackendReader()
    cut = {
        path: reader.outline(path, decode(text.encode()))
        for path, text in files.items()
        if path.endswith(".py") and not path.startswith("tests/")
    }
    return reader.read(cut, frozenset(p for p in files if p.endswith("pyproject.toml"))), cut


def described(endpoint: Endpoint, files: dict[str, SourceFile]) -> Row:
    """An endpoint in the oracle's words."""
    signature = endpoint.signature
    return {
        "method": endpoint.method,
        "path": endpoint.path,
        "handler": endpoint.handler,
        "file": endpoint.place.file,
        "def_line": files[endpoint.place.file].line(endpoint.place),
        "registered": {
            "file": endpoint.registered.file,
            "line": files[endpoint.registered.file].line(endpoint.registered),
        },
        "kind": endpoint.kind,
        "dependencies": list(signature.dependencies),
        "status_code": signature.status_code,
        "body_models": sorted(key.rpartition("::")[2] for key in signature.body_models),
        "parameters": sorted(
            [p.location, p.name, p.alias or p.name, p.required, literal(p.default)]
            for p in signature.parameters
        ),
    }


def expected(row: Row) -> Row:
    """The oracle's row, as far as the reader says the same things."""
    keys = ("method", "path", "handler", "file", "def_line", "registered", "kind")
    return {
        **{key: row[key] for key in keys},
        "dependencies": row["dependencies"],
        "status_code": row.get("status_code"),
        "body_models": sorted(name.rpartition(".")[2] for name in row["body_models"]),
        "parameters": sorted(
            [p["in"], p["name"], p["alias"], p["required"], literal(p["default"])]
            for p in row["parameters"]
        ),
    }


def literal(text: str | None) -> str:
    """A default in one spelling; what the source computes, the oracle has computed: "…"."""
    if text is None:
        return ""
    try:
        return repr(ast.literal_eval(text))
    except (ValueError, SyntaxError):
        return "…"


def agree(got: Row, want: Row) -> bool:
    """Whether two rows say the same, a computed default standing for any."""
    if {**got, "parameters": None} != {**want, "parameters": None}:
        return False
    ours, theirs = got["parameters"], want["parameters"]
    return len(ours) == len(theirs) and all(
        mine[:4] == told[:4] and (mine[4] == told[4] or mine[4] == "…")
        for mine, told in zip(ours, theirs, strict=True)
    )


@pytest.mark.parametrize("path", sorted(FIXTURES.glob("*.txt")), ids=lambda path: path.stem)
def test_endpoints_are_fastapis_own(path: Path) -> None:
    fixture = parse(path.read_text())
    side, files = read(dict(fixture.files))
    told = json.loads(path.with_suffix(".expected.json").read_text())
    want = {
        (row["method"], row["path"], row["handler"]): expected(row)
        for app in told.values()
        for row in app["endpoints"]
    }
    got = {(e.method, e.path, e.handler): described(e, files) for e in side.endpoints}
    unresolved = {f"{u.place.file}:{files[u.place.file].line(u.place)}" for u in side.unresolved}
    admitted = {text.split()[0] for text in fixture.meta.get("unresolved", ())}
    assert unresolved == admitted
    if admitted:
        assert set(got) <= set(want)
    else:
        assert sorted(got) == sorted(want)
    for key, row in got.items():
        assert agree(row, want[key]), (row, want[key])
