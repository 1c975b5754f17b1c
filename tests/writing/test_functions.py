"""Functions of the backend are ported by themselves."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from port_lsp.index.index import Index
from port_lsp.index.roots import Wanted
from port_lsp.patterns.desk import Desk, Desks
from port_lsp.patterns.functions.offered import says_its_types
from port_lsp.patterns.port import Ported, Target, targets_of
from port_lsp.patterns.registry import porter
from tests.fixturefile import parse
from tests.writing.crates import is_formatted
from tests.writing.test_bodies import FIXTURES
from tests.writing.test_printer import rustfmt

__all__ = ["rustfmt"]

THINGS = "app/things.py::ThingTable"


def desk_of(folder: Path) -> Desk:
    wanted = Wanted(str(folder), str(folder / "backend"), str(folder / "crate"))
    return Desks().at(Index.open(wanted))


def written(folder: Path, *names: str) -> Ported:
    """Ports methods of the fixture into its crate."""
    fixture = parse((FIXTURES / "queries.txt").read_text(encoding="utf-8"))
    fixture.write_to(folder)
    done = porter(desk_of(folder)).port([Target("function", f"{THINGS}.{one}") for one in names])
    for change in done.changes:
        path = folder / "crate" / change.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(change.after, encoding="utf-8")
    return done


def test_a_method_comes_with_what_it_calls(tmp_path: Path, rustfmt: str) -> None:
    done = written(tmp_path, "set_note")
    assert done.done == (f"{THINGS}.set_note",)
    is_formatted(done, rustfmt)
    text = (tmp_path / "crate/src/models/things.rs").read_text(encoding="utf-8")
    assert "pub async fn set_note(state: &AppState, id: &str, note: &str)" in text
    assert "UPDATE thing SET note = $1 WHERE id = $2" in text
    assert "pub async fn get_thing_by_id(" in text
    assert "pub struct Thing {" in text
    links = {one.backend: one for one in desk_of(tmp_path).snapshot.links.functions}
    for name in ("set_note", "get_thing_by_id"):
        found = links[f"{THINGS}.{name}"]
        assert (found.presence, found.crate) == ("ported", f"src/models/things.rs::{name}")
    assert links[f"{THINGS}.give"].presence == "unported"


def test_several_at_once_are_each_there_once(tmp_path: Path) -> None:
    done = written(tmp_path, "set_note", "get_thing_by_id", "rename")
    assert len(done.done) == 3
    text = (tmp_path / "crate/src/models/things.rs").read_text(encoding="utf-8")
    assert [text.count(f"fn {one}(") for one in ("set_note", "get_thing_by_id", "rename")] == [
        1
    ] * 3


@pytest.mark.parametrize(
    ("body", "given"),
    [
        ('return f"{a}"', "String"),
        ("return not a", "bool"),
        ('return {"a": a}', "Map<String, Value>"),
        ('if a:\n        return None\n    return {"a": a}', "Option<Map<String, Value>>"),
        ("nothing(a)", "()"),
        ("return something(a)", "Value"),
        ("return a or None", "Option<String>"),
        ("return a.split(',')", "Vec<String>"),
        ("return a + 'b'", "String"),
        ("return len(a) + 1", "i64"),
        ("return len(a) / 2", "f64"),
        ("return a[0]", "String"),
        ("return (a, len(a))", "(String, i64)"),
        ("return [len(one) for one in a.split()]", "Vec<i64>"),
        ("found = []\n    found.append(a)\n    return found", "Vec<String>"),
        ("with open(a) as file:\n        return a", "String"),
        ("with some(a) as file:\n        return a", "Option<String>"),
        ("b = a or None\n    if not b:\n        raise ValueError(a)\n    return b", "String"),
        ("b = None\n    if a:\n        b = 1\n    return b", "Option<i64>"),
        ("b = 1\n    b = a\n    return b", "String"),
        ("return {'a': a} if a else None", "Option<Map<String, Value>>"),
        ("if a:\n        return 1\n    return a", "Value"),
        (
            "import hashlib\n    b = hashlib.sha256()\n    b.update(a.encode())\n"
            "    return b.hexdigest()",
            "String",
        ),
        ("return a.hexdigest()", "Value"),
        ("import json\n    return json.loads(a) if a else None", "Option<Value>"),
    ],
)
def test_what_a_body_gives(tmp_path: Path, body: str, given: str) -> None:
    """An annotation isn't needed where every `return` shows its type; else it is JSON."""
    fixture = parse((FIXTURES / "queries.txt").read_text(encoding="utf-8"))
    fixture.write_to(tmp_path)
    text = f"from app.db import get_db\n\n\ndef f(a: str):\n    {body}\n"
    (tmp_path / "backend" / "app" / "made.py").write_text(text, encoding="utf-8")
    done = porter(desk_of(tmp_path)).port([Target("function", "app/made.py::f")])
    texts = "".join(one.after for one in done.changes)
    assert re.search(rf"fn f\(.*\) -> (AppResult<)?{re.escape(given)}>? {{", texts)
    said = "f: it doesn't say what it gives: that became serde_json::Value"
    assert (said in done.notes) == (given == "Value")


def test_what_a_thread_gives(tmp_path: Path) -> None:
    fixture = parse((FIXTURES / "queries.txt").read_text(encoding="utf-8"))
    fixture.write_to(tmp_path)
    text = (
        "import asyncio\n\n\ndef g(a: str):\n    return len(a)\n\n\n"
        "async def f(a: str):\n    return await asyncio.to_thread(g, a)\n"
    )
    (tmp_path / "backend" / "app" / "made.py").write_text(text, encoding="utf-8")
    done = porter(desk_of(tmp_path)).port([Target("function", "app/made.py::f")])
    assert "fn f(state: &AppState, a: &str) -> AppResult<i64> {" in "".join(
        one.after for one in done.changes
    )


@pytest.mark.parametrize(
    ("head", "offered"),
    [
        ("def f(a: int, b: dict[str, int] = {}) -> int:", True),
        ("async def f(\n    a: int,  # the (first\n    b: str = ')',\n) -> list[int]:", True),
        ("def f() -> None:", True),
        ("def f(a: int):", False),
        ("def f(a) -> int:", False),
        ("def f(a=1) -> int:", False),
        ("def f(*args: int) -> int:", False),
        ("def f(a: int, *, b: int) -> int:", True),
    ],
)
def test_offered_in_an_editor(tmp_path: Path, head: str, offered: bool) -> None:
    parse(f"//- /app/__init__.py\n//- /app/main.py\n{head}\n    return 1\n").write_to(tmp_path)
    snapshot = Index.open(Wanted(str(tmp_path), str(tmp_path), None)).snapshot
    assert snapshot.backend is not None
    (function,) = snapshot.backend.functions
    assert says_its_types(snapshot.backend_files["app/main.py"], function, ()) is offered


def test_what_is_there_is_left(tmp_path: Path) -> None:
    written(tmp_path, "give")
    targets, left = targets_of(desk_of(tmp_path).snapshot, [f"{THINGS}.give", f"{THINGS}.drop"])
    assert targets == [Target("function", f"{THINGS}.drop")]
    assert [one.reason for one in left] == ["it is ported already: src/models/things.rs::give"]


def test_what_says_no_types_is_left(tmp_path: Path) -> None:
    for name, text in {
        "backend/app/__init__.py": "",
        "backend/app/main.py": "from fastapi import FastAPI\n\napp = FastAPI()\n\n\n"
        "def helper(thing):\n    yield thing\n\n\nclass Keeper(Exception):\n"
        "    def keep(self) -> int:\n"
        "        return 1\n",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    crate = parse((FIXTURES / "queries.txt").read_text(encoding="utf-8"))
    crate.write_to(tmp_path / "other")
    wanted = Wanted(str(tmp_path), str(tmp_path / "backend"), str(tmp_path / "other" / "crate"))
    desk = Desks().at(Index.open(wanted))
    keys = ("app/main.py::helper", "app/main.py::Keeper.keep", "app/main.py::nobody")
    done = porter(desk).port([Target("function", one) for one in keys])
    assert done.done == ()
    assert {one.id: one.reason for one in done.left} == {
        keys[0]: "it can't be written: a call of a generator",
        keys[1]: "Keeper has no instance in its module",
        keys[2]: "app/main.py::nobody is no function of the backend",
    }
