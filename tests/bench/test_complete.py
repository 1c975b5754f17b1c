"""What counts as a model and as its fields, and that what is missing is told."""

from __future__ import annotations

import ast
from pathlib import Path

from bench.complete import Count, counted, declared
from port_lsp.facts.items import Model
from port_lsp.facts.source import Place
from port_lsp.text import Span

BACKEND = {
    "app/__init__.py": "",
    "app/main.py": "from fastapi import FastAPI\n\napp = FastAPI()\n",
    "app/models.py": """from enum import Enum
from typing import Any, ClassVar, Optional

from pydantic import BaseModel


class Word(BaseModel):
    model_config = {}
    kept: ClassVar[int] = 1
    text: str
    extra: Any = None
    more: Optional[dict[str, int]] = None


class Longer(Word):
    length: int


class Kind(str, Enum):
    ONE = "one"
    SAY = lambda text: text


class Other:
    text: str
""",
}


def test_declared() -> None:
    classes = [
        one for one in ast.parse(BACKEND["app/models.py"]).body if isinstance(one, ast.ClassDef)
    ]
    assert [list(declared(one)) for one in classes] == [
        ["text", "extra", "more"],
        ["length"],
        ["ONE"],
        ["text"],
    ]


def test_counted(tmp_path: Path) -> None:
    for name, text in BACKEND.items():
        path = tmp_path / "backend" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    found, holes = counted(tmp_path / "backend", "axum", tmp_path / "crate")
    assert (found.classes, found.all_classes) == (3, 3)
    assert (found.fields, found.all_fields, found.anything) == (5, 5, 1)
    assert not found.left
    assert not holes


def test_what_is_missing_is_told() -> None:
    place = Place("src/models.rs", "Word", Span(0, 0))
    model = Model("src/models.rs::Word", "pydantic", "Word", place, ())
    node = ast.parse("class Word(BaseModel):\n    text: str\n").body[0]
    assert isinstance(node, ast.ClassDef)
    found = Count()
    found.add(node, model, model, set())
    found.add(node, None, model, set())
    assert dict(found.left) == {
        "a field that isn't written: Word.text": 1,
        "a class that isn't written: Word": 1,
    }
