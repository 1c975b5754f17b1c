"""Attributes of objects that a body assigns: where nobody else has the object."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.patterns.test_shared import ported

HEAD = """
from fastapi import FastAPI, BackgroundTasks
from pydantic import BaseModel, ConfigDict, Field

app = FastAPI()

class Meta(BaseModel):
    note: str | None = None

class Strict(BaseModel):
    model_config = ConfigDict(frozen=True)

class Form({base}):
    {config}
    id: str
    name: str | None = None
    tags: list[str] = []
    meta: Meta = Meta()

def told(form: Form) -> str:
    return form.id

def same(form: Form) -> Form:
    return form

CONFIG = ConfigDict(frozen=True)

@app.post("/a", response_model=Form)
async def a(form: Form, tasks: BackgroundTasks):
    {body}
    return form
"""


def body_of(folder: Path, body: str, config: str = "", base: str = "BaseModel") -> str:
    lines = body.replace("\n", "\n    ")
    routes, _ = ported(folder, HEAD.format(config=config or "pass", body=lines, base=base))
    return routes.partition("async fn a(")[2].partition("\n}")[0]


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ("form.id = form.id.lower()", "form.id = form.id.to_lowercase();"),
        ("if form.name:\n    form.name = None", "form.name = None;"),
        ("made = Form(id='x')\nmade.name = 'n'\nform.id = told(made)",
         'made.name = Some("n".to_string());'),
        ("if form or told(form):\n    form.id = 'x'", 'form.id = "x".to_string();'),
        ("if told(form) == 'a':\n    form.id = 'x'", 'form.id = "x".to_string();'),
        ("form.tags = ['a']", 'form.tags = vec!["a".to_string()];'),
        # What a test has said of an attribute holds no longer.
        ("if form.name is None:\n    return Form(id='')\nif form.id == 'x':\n    form.name = None\n"
         "if form.name is None:\n    form.id = 'none'",
         'if form.name.is_none() {\n        form.id = "none".to_string();'),
    ],
)  # fmt: skip
def test_changed(tmp_path: Path, body: str, wanted: str) -> None:
    found = body_of(tmp_path, body)
    assert wanted in found
    assert "todo!" not in found
    assert "let mut " in found


@pytest.mark.parametrize(
    "body",
    [
        "other = form\nother.id = 'x'",  # the same object by two names
        "other = form\nform.id = 'x'\nform.name = other.id",
        "other = [form]\nform.id = 'x'\nform.name = other[0].id",
        "other = form or Form(id='y')\nform.id = 'x'\nform.name = other.id",
        "other = same(form)\nform.id = 'x'\nform.name = other.id",
        "other = [same(form)]\nform.id = 'x'\nform.name = other[0].id",
        "tasks.add_task(told, form)\nform.id = 'x'",
        "for one in form.tags:\n    form.tags = [one]",
        "form.id = 1",  # which nobody checks in Python
        "form.other = 'x'",
        "form.meta.note = 'x'",
        "tags = ['a']\nform.tags = tags\ntags.append('b')",
    ],
)
def test_left(tmp_path: Path, body: str) -> None:
    assert "todo!" in body_of(tmp_path, body)


@pytest.mark.parametrize(
    "config",
    [
        "model_config = ConfigDict(validate_assignment=True)",
        "model_config = ConfigDict(frozen=True)",
        "model_config = CONFIG",
        "model_config: ConfigDict = CONFIG",
        "model_config = ConfigDict(**CONFIG)",
    ],
)
def test_own_way(tmp_path: Path, config: str) -> None:
    """A model that does something of its own with what is assigned."""
    assert "todo!" in body_of(tmp_path, "form.id = 'x'", config)


@pytest.mark.parametrize(
    "config",
    [
        "model_config = ConfigDict(extra='ignore')",
        "model_config: ConfigDict = {'title': 'a'}",
        "class Config:\n        title = 'a'",
    ],
)
def test_no_own_way(tmp_path: Path, config: str) -> None:
    assert "todo!" not in body_of(tmp_path, "form.id = 'x'", config)


def test_way_of_a_base(tmp_path: Path) -> None:
    assert "todo!" in body_of(tmp_path, "form.id = 'x'", base="Strict")
