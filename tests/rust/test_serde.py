"""Structs and enums against what serde itself says of them, and what lies outside its sight."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from port_lsp.facts.items import Constraint, Field, Model
from port_lsp.rust.cases import column_name
from tests.rust.declaring import declared

FIXTURE = Path(__file__).parent.parent / "fixtures" / "serde"
SHAPES = (FIXTURE / "probe" / "src" / "shapes.rs").read_text(encoding="utf-8")
SAID: dict[str, Any] = json.loads((FIXTURE / "expected.json").read_text(encoding="utf-8"))


def models(text: str) -> dict[str, Model]:
    return {model.key.partition("::")[2]: model for model in declared(text).models}


def wire(field: Field) -> str:
    return field.alias or field.name


def said(field: Field, name: str) -> str | None:
    return next((c.value for c in field.constraints if c.name == name), None)


def is_read(field: Field) -> bool:
    return said(field, "skip") is None and said(field, "skip_deserializing") is None


READ = models(SHAPES)


@pytest.mark.parametrize("name", sorted(SAID["reads"]))
def test_names_and_demands_are_serde_s(name: str) -> None:
    model = READ[name.partition("<")[0]]
    expected = SAID["reads"][name]
    fields = [field for field in model.fields if is_read(field)]
    aliases = {c.value.strip('"') for f in fields for c in f.constraints if c.name == "alias"}
    assert {wire(field) for field in fields} | aliases == set(expected["names"])
    if model.kind == "struct" and not aliases:  # with an alias left in, nothing is missing
        assert {wire(f) for f in fields if f.required} == set(expected["required"])


def test_names_that_are_written() -> None:
    fields = READ["Written"].fields
    written = {wire(field) for field in fields if said(field, "skip") is None}
    assert written == set(SAID["writes"]["Written"])
    tagged = {wire(variant): variant for variant in READ["Tagged"].fields}
    for variant in ("Created", "Renamed"):
        names = (said(tagged[variant.lower()], "fields") or "").split(", ")
        assert {*names, "type"} == set(SAID["writes"][f"Tagged.{variant}"])
    assert [wire(variant) for variant in READ["Numbered"].fields] == [
        str(number) for number in SAID["writes"]["Numbered"]
    ]


def test_a_flattened_rest_is_not_demanded() -> None:
    assert SAID["rest"] == "missing field `id`"
    assert [field.name for field in READ["WithRest"].fields if field.required] == ["id"]


@pytest.mark.parametrize("name", sorted(SAID["columns"]))
def test_columns_are_heck_s(name: str) -> None:
    said_of = SAID["columns"][name]
    assert {rule: column_name(rule, name) for rule in said_of} == said_of


def test_the_probe_still_says_so(tmp_path: Path) -> None:
    cargo = shutil.which("cargo")
    if cargo is None:
        pytest.skip("there is no cargo to compile the probe with")
    target = os.environ.get("CARGO_TARGET_DIR", str(tmp_path / "target"))
    run = subprocess.run(
        [cargo, "run", "--quiet", "--manifest-path", str(FIXTURE / "probe" / "Cargo.toml")],
        env={**os.environ, "CARGO_TARGET_DIR": target},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout) == SAID


def test_raw_names_and_columns() -> None:
    row = models(
        """
        #[derive(serde::Serialize, sqlx::FromRow)]
        #[sqlx(rename_all = "camelCase")]
        pub struct Row {
            pub r#type: String,
            #[sqlx(rename = "stored")] pub user_id: i64,
            pub created_at: i64,
            #[sqlx(skip)] pub extra: String,
            #[sqlx(flatten)] pub part: Part,
        }
        #[derive(sqlx::FromRow)] struct Part { a: i64 }
        """
    )["Row"]
    assert [(f.name, f.alias, f.column) for f in row.fields] == [
        ("r#type", "type", "type"),
        ("user_id", None, "stored"),
        ("created_at", None, "createdAt"),
        ("extra", None, None),
        ("part", None, None),
    ]
    assert said(row.fields[-1], "sqlx.flatten") == "src/lib.rs::Part"


def test_what_a_validator_asks_has_pydantic_s_names() -> None:
    form = models(
        """
        #[derive(Deserialize, Validate)]
        struct Form {
            #[validate(length(min = 1, max = 255), email)] mail: String,
            #[validate(range(min = 0, exclusive_max = 10))] count: i64,
            #[validate(regex(path = *NAME), custom(function = "check"))] name: String,
            #[garde(length(min = 2), pattern("^a"))] other: String,
        }
        """
    )["Form"]
    assert [field.constraints for field in form.fields] == [
        (Constraint("min_length", "1"), Constraint("max_length", "255"), Constraint("email", "")),
        (Constraint("ge", "0"), Constraint("lt", "10")),
        (Constraint("pattern", "*NAME"), Constraint("validate.custom", 'function = "check"')),
        (Constraint("min_length", "2"), Constraint("pattern", '"^a"')),
    ]


def test_doc_comments_and_comments_in_attributes_mean_nothing() -> None:
    model = models(
        """
        /// #[serde(rename_all = "camelCase")]
        #[derive(Serialize /* and */, Deserialize)] // no
        struct A {
            /// the #[serde(skip)] name
            #[serde(
                default, // when missing
                rename = "a//b",
            )]
            name: String,
        }
        """
    )["A"]
    assert model.derives == ("Serialize", "Deserialize")
    field = model.fields[0]
    assert (field.alias, field.required, field.default) == ("a//b", False, "Default::default()")


def test_a_broken_neighbour_changes_nothing() -> None:
    found = models("fn f() { (((\n\n#[derive(Serialize)]\nstruct A { a: i64 }\n")
    assert [field.name for field in found["A"].fields] == ["a"]
