"""The export: its form, its schema, and what it says of the example."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from port_lsp.facts.links import Links
from port_lsp.index.snapshot import Snapshot
from port_lsp.report.export import export_json, findings_json, schema_json
from port_lsp.report.records import Export
from tests.index.projects import PAIR, opened, write

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT / "docs" / "export.schema.json"


@pytest.fixture(scope="module")
def example() -> Snapshot:
    return opened(ROOT / "examples").snapshot


def exported(snapshot: Snapshot) -> dict[str, Any]:
    return json.loads(export_json(snapshot))


def test_the_committed_schema_is_that_of_the_records() -> None:
    assert SCHEMA.read_bytes() == schema_json(), (
        "port-lsp export --schema -o docs/export.schema.json"
    )


def test_the_export_is_of_its_own_schema(example: Snapshot) -> None:
    record = msgspec.json.decode(export_json(example), type=Export, strict=True)
    assert record.version == 1
    assert record.crate is not None


def test_the_keys_are_those_that_other_tools_rely_on(example: Snapshot) -> None:
    found = exported(example)
    assert list(found) == ["version", "backend", "crate", "links", "findings"]
    assert list(found["backend"]) == [
        "root", "endpoints", "models", "events", "functions", "mounts", "unresolved",
    ]  # fmt: skip
    assert list(found["backend"]["endpoints"][0]) == [
        "id", "kind", "method", "path", "handler", "file", "line", "registered", "conditional",
        "parameters", "dependencies", "guard", "body_models", "response_model", "status_code",
    ]  # fmt: skip
    assert list(found["backend"]["models"][0]) == [
        "id", "kind", "name", "file", "line", "bases_outside_tree", "fields",
    ]  # fmt: skip
    assert list(found["backend"]["models"][0]["fields"][0]) == [
        "name", "annotation", "required", "default", "alias", "column", "line",
    ]  # fmt: skip
    assert list(found["crate"]) == [
        "root", "framework", "framework_version", "endpoints", "unmounted", "models", "events",
        "functions", "unresolved",
    ]  # fmt: skip
    assert list(found["links"]) == ["endpoints", "models", "events", "functions"]
    assert list(found["links"]["endpoints"][0]) == [
        "backend", "crate", "also", "presence", "drift", "confidence", "evidence", "candidates",
    ]  # fmt: skip
    assert list(found["findings"][0]) == [
        "rule", "severity", "side", "file", "start", "end", "message", "related",
    ]  # fmt: skip


def test_ids_are_unique_and_links_name_them(example: Snapshot) -> None:
    found = exported(example)
    backend, crate, links = found["backend"], found["crate"], found["links"]
    for kind in ("endpoints", "models", "events", "functions"):
        ours = [one["id"] for one in backend[kind]]
        theirs = [one["id"] for one in crate[kind]]
        if kind == "endpoints":
            theirs += [one["id"] for one in crate["unmounted"]]
        assert len(set(ours)) == len(ours)
        assert len(set(theirs)) == len(theirs)
        rows = links[kind]
        assert sorted(row["backend"] for row in rows if row["backend"]) == sorted(ours)
        named = {row["crate"] for row in rows if row["crate"]}
        assert named | {other for row in rows for other in row["also"]} <= set(theirs)
        assert all(row["presence"] == "rust-only" for row in rows if not row["backend"])


def test_a_finding_has_its_lines_and_columns(example: Snapshot) -> None:
    found = exported(example)
    finding = next(one for one in found["findings"] if one["rule"] == "method-drift")
    lines = (ROOT / "examples/crate" / finding["file"]).read_text("utf-8").split("\n")
    start, end = finding["start"], finding["end"]
    assert start["line"] == end["line"]
    said = lines[start["line"] - 1][start["column"] - 1 : end["column"] - 1]
    assert said.startswith(".route") or said == "route" or "update_note" in said


def test_columns_count_code_points(tmp_path: Path) -> None:
    text = PAIR.replace(
        'Router::new().route("/", get(list_users))',
        '/* 𝔘𝔫𝔦 é */ Router::new().route("/", get(list_users)).route("/metrics", get(metrics))',
    )
    text += 'async fn metrics() -> &\'static str {\n    "metrics of the crate"\n}\n'
    finding = next(
        one
        for one in exported(opened(write(tmp_path, text)).snapshot)["findings"]
        if one["rule"] == "rust-only-route"
    )
    lines = (tmp_path / "crate" / finding["file"]).read_text("utf-8").split("\n")
    line = lines[finding["start"]["line"] - 1]
    assert line[finding["start"]["column"] - 1 :].startswith(("route(", ".route(", '"/other"'))


def test_without_a_crate_it_is_null(tmp_path: Path) -> None:
    write(tmp_path, PAIR)
    found = exported(opened(tmp_path, backend=tmp_path / "backend").snapshot)
    assert found["crate"] is None
    assert {row["presence"] for row in found["links"]["endpoints"]} == {"unported"}


def test_an_empty_crate_is_an_empty_crate(tmp_path: Path) -> None:
    write(tmp_path, PAIR)
    (tmp_path / "new").mkdir()
    index = opened(tmp_path, backend=tmp_path / "backend", crate=tmp_path / "new")
    found = exported(index.snapshot)
    assert found["crate"]["root"] == (tmp_path / "new").as_posix()
    assert found["crate"]["endpoints"] == []


def test_without_a_backend_there_is_no_export() -> None:
    with pytest.raises(ValueError, match="no backend"):
        export_json(Snapshot(1, links=Links()))


def test_the_findings_alone_are_those_of_the_export(example: Snapshot) -> None:
    assert json.loads(findings_json(example))["findings"] == exported(example)["findings"]


def test_it_is_the_same_twice(example: Snapshot) -> None:
    assert export_json(opened(ROOT / "examples").snapshot) == export_json(example)
