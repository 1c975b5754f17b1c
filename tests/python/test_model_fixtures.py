"""Models, tables, events and functions against what the frameworks themselves say of fixtures."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from port_lsp.facts.items import Model, Side
from port_lsp.facts.source import Place, SourceFile
from tests.fixturefile import parse
from tests.python.test_fastapi_fixtures import read

FIXTURES = Path(__file__).parent.parent / "fixtures" / "models"
Row = dict[str, Any]
_CHOICES = re.compile(r"Alias(?:Choices|Path)\(\w+=\['(\w+)'")
_WITH_FIELDS = ("pydantic", "dataclass", "typeddict")


def backend(path: Path) -> tuple[Side, dict[str, SourceFile], list[Row]]:
    side, files = read(dict(parse(path.read_text()).files))
    told = json.loads(path.with_suffix(".expected.json").read_text())
    return side, files, list(told.values())


def described(model: Model, files: dict[str, SourceFile]) -> Row:
    """A model in the oracle's words."""
    row: Row = {
        "kind": model.kind,
        "file": model.place.file,
        "line": files[model.place.file].line(model.place),
    }
    if model.kind in _WITH_FIELDS:
        row["fields"] = [
            [f.name, f.required, f.alias, _line(f.place, model.place, files)] for f in model.fields
        ]
    elif model.kind == "enum":
        row["members"] = [f.name for f in model.fields]
    else:
        row["table"] = model.table
        row["columns"] = sorted([f.name, f.column] for f in model.fields)
    return row


def _line(place: Place, model: Place, files: dict[str, SourceFile]) -> int | None:
    """The line of a field; None for one that the framework itself brings."""
    return None if place == model else files[place.file].line(place)


def expected(row: Row) -> Row:
    """The oracle's row, as far as the reader says the same things."""
    kind = "sqlalchemy" if row["kind"] == "table" else row["kind"]
    out: Row = {"kind": kind, "file": row["file"], "line": row["line"]}
    if kind in _WITH_FIELDS:
        out["fields"] = [[f["name"], f["required"], wire_name(f), f["line"]] for f in row["fields"]]
    elif kind == "enum":
        out["members"] = [member["name"] for member in row["members"]]
    else:
        out["table"] = row["table"]
        out["columns"] = sorted([f["name"], f["column"]] for f in row["fields"])
    return out


def wire_name(field: Row) -> str | None:
    """The name that the field is read under, where it isn't its own."""
    alias = field.get("validation_alias") or field.get("alias")
    if alias and (choices := _CHOICES.match(alias)):
        alias = choices.group(1)
    return alias if isinstance(alias, str) and alias != field["name"] else None


# What the reader leaves out on purpose; docs/limits.md says so too.
LEFT_OUT = {
    ("sqlalchemy_dataclass", "Imperative"): "mapped by a call, read as its Table alone",
    ("sqlalchemy_dataclass", "imperative_table"): "the Table of an imperative mapping",
}
PATHS = sorted(FIXTURES.glob("*.txt"))


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_models_are_the_frameworks_own(path: Path) -> None:
    side, files, told = backend(path)
    want = {row["name"]: expected(row) for part in told for row in part["models"]}
    got = {model.key.partition("::")[2]: described(model, files) for model in side.models}
    for fixture, name in LEFT_OUT:
        if fixture == path.stem:
            assert got.pop(name, None) != want.pop(name, None), "no longer a limit"
    assert got == want


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_events_are_socketios_own(path: Path) -> None:
    side, files, told = backend(path)
    want = sorted(
        (row["event"], row["handler"].rpartition(".")[2], row["file"], row["def_line"])
        for part in told
        for row in part["events"]["handled"]
    )
    got = sorted(
        (event.event, event.handler, event.place.file, files[event.place.file].line(event.place))
        for event in side.events
        if event.direction == "handled"
    )
    assert got == want


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_functions_are_all_there(path: Path) -> None:
    side, files, told = backend(path)
    want = {(row["id"], row["line"]) for part in told for row in part["functions"]}
    got = {(f.key, files[f.place.file].line(f.place)) for f in side.functions}
    assert want <= got
