"""Open WebUI 0.6.36, read from its wheel, against what FastAPI and its ORM say of it.

acceptance/data/ holds what an import of the application gave: 363 routes, 12 Socket.IO events, 221
Pydantic models with their inherited fields, 20 tables with their columns.
"""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from bench.reconciled import account

DATA = Path(__file__).parent / "data"
Row = dict[str, Any]


@pytest.fixture(scope="module")
def export(open_webui: Path) -> Row:
    command = [sys.executable, "-m", "port_lsp", "export", "--backend", str(open_webui)]
    done = subprocess.run([*command, "--format", "json"], check=True, capture_output=True)
    return json.loads(done.stdout)


def facts(name: str) -> Row:
    return json.loads((DATA / f"openwebui-0.6.36.{name}.json").read_text())


def dotted(key: str) -> str:
    """An item key as the dotted name that an import sees."""
    file, _, name = key.partition("::")
    return f"{file.removesuffix('.py').replace('/', '.')}.{name}"


def condition(text: str | None) -> str | None:
    """A condition in one spelling."""
    return ast.unparse(ast.parse(text, mode="eval")) if text else None


def told(row: Row) -> Row:
    return {
        **{key: row[key] for key in ("method", "path", "handler", "file", "status_code")},
        "line": row["def_line"],
        "registered": {"file": row["file"], "line": row["decorator_line"]},
        "dependencies": row["dependencies"],
        "body_models": sorted(row["body_models"]),
        "conditional": condition(row.get("conditional")),
    }


def read(row: Row) -> Row:
    keys = ("method", "path", "handler", "file", "line", "registered", "status_code")
    return {
        **{key: row[key] for key in keys},
        "dependencies": row["dependencies"],
        "body_models": sorted(dotted(key) for key in row["body_models"]),
        "conditional": condition(row["conditional"]),
    }


def by_route(rows: list[Row]) -> dict[tuple[str, str], Row]:
    found = {(row["method"], row["path"]): row for row in rows}
    assert len(found) == len(rows)
    return found


def test_all_endpoints_and_no_other(export: Row) -> None:
    want = by_route([told(row) for row in facts("routes")["http"]])
    got = by_route([read(row) for row in export["backend"]["endpoints"]])
    assert len(want) == 363
    assert got == want


def test_nothing_is_unresolved(export: Row) -> None:
    assert export["backend"]["unresolved"] == []


def test_ids_are_unique(export: Row) -> None:
    for kind in ("endpoints", "models", "events", "functions"):
        ids = Counter(row["id"] for row in export["backend"][kind])
        assert [one for one, number in ids.items() if number > 1] == []
        rows = Counter(row["backend"] for row in export["links"][kind])
        assert set(rows.values()) == {1}


def test_nothing_is_dropped(open_webui: Path) -> None:
    """Every place where something is registered was met; a run that met none would say 0, too."""
    told = account("backend", open_webui, None, seconds=120)
    assert told.difference == 0, list(told.dropped)
    assert told.sites >= 363


def test_all_socket_events(export: Row) -> None:
    want = {(row["event"], row["handler"], row["def_line"]) for row in facts("routes")["socket"]}
    got = {
        (row["event"], row["handler"], row["line"])
        for row in export["backend"]["events"]
        if row["direction"] == "handled"
    }
    assert len(want) == 12
    assert got == want


def test_all_models_with_inherited_fields(export: Row) -> None:
    want = {
        (row["file"], row["name"], row["line"]): [
            (field["name"], field["required"], field["alias"]) for field in row["fields"]
        ]
        for row in facts("models")["pydantic"]
    }
    got = {
        (row["file"], row["name"], row["line"]): [
            (field["name"], field["required"], field["alias"]) for field in row["fields"]
        ]
        for row in export["backend"]["models"]
        if row["kind"] == "pydantic"
    }
    assert len(want) == 221
    assert got == want


def test_all_tables_with_columns(export: Row) -> None:
    want = {
        (row["file"], row["name"]): [(col["attr"], col["name"]) for col in row["columns"]]
        for row in facts("models")["tables"]
    }
    got = {
        (row["file"], row["name"]): [(f["name"], f["column"]) for f in row["fields"]]
        for row in export["backend"]["models"]
        if row["kind"] == "sqlalchemy"
    }
    assert len(want) == 20
    # One table more is declared in a module that the import, without PostgreSQL, doesn't reach.
    outside = ("open_webui/retrieval/vector/dbs/pgvector.py", "DocumentChunk")
    assert set(got) - {outside} == set(want)
    assert {key: got[key] for key in want} == want
