"""What Python keeps on `app.state` becomes fields of the new crate's state: which, of which type,
what they begin with, and that each draft adds what it lacks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from port_lsp.commands.files import write_all
from port_lsp.index.index import Index
from port_lsp.index.roots import Wanted
from port_lsp.patterns.desk import Desks
from port_lsp.patterns.ground.start import lay
from port_lsp.patterns.port import Target, unfinished
from port_lsp.patterns.registry import porter
from port_lsp.patterns.translate.appstate.struct import shared_at
from port_lsp.testing.building import Building
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import Type
from port_lsp.writing.registering import Framework

HEAD = """
import os
from contextlib import asynccontextmanager
from types import SimpleNamespace
from fastapi import Depends, FastAPI, Request
from pydantic import BaseModel

class Item(BaseModel):
    name: str
    size: int | None = None
    tags: list[str] = []

def made(): ...

"""
READ = """
app = FastAPI()
{start}

@app.get("/a")
async def a(request: Request):
    return {{"x": request.app.state.{path}}}

@app.post("/b")
async def b(request: Request, form: Item):
    {write}
    return 1
"""


def crate_of(folder: Path, text: str, framework: Framework = "axum") -> tuple[Wanted, Path]:
    """A new crate's ground, written, for a backend of one module."""
    backend, crate = folder / "backend", folder / "crate"
    backend.mkdir()
    (backend / "main.py").write_text(text, "utf-8")
    index = Index.open(Wanted(str(backend), str(backend), str(crate)))
    for name, one in lay(index, framework).items():
        (crate / name).parent.mkdir(parents=True, exist_ok=True)
        (crate / name).write_text(one, "utf-8")
    return Wanted(str(folder), str(backend), str(crate)), crate


def ported(folder: Path, text: str, framework: Framework = "axum") -> tuple[str, str]:
    """What is written of a backend's endpoints, with `shared.rs` by itself."""
    wanted, crate = crate_of(folder, text, framework)
    index = Index.open(wanted)
    targets = [one for one in unfinished(index.snapshot) if one.kind == "endpoint"]
    done = porter(Desks().at(index)).port(targets)
    assert done.left == ()
    write_all(str(crate), done.changes)
    shared = crate / "src" / "shared.rs"
    routes = "\n".join(one.read_text("utf-8") for one in crate.glob("src/routes/*.rs"))
    return routes, shared.read_text("utf-8") if shared.exists() else ""


@pytest.mark.parametrize(
    ("start", "path", "write", "field", "value"),
    [
        ("app.state.x = 0", "x", "pass", "x: Slot<i64>", "x: Slot::new(0)"),
        ("app.state.x = None", "x", "request.app.state.x = form.name",
         "x: Slot<Option<String>>", "x: Slot::new(None)"),
        ("app.state.x = []", "x", "request.app.state.x = form.tags",
         "x: Slot<Vec<String>>", "x: Slot::new(Vec::new())"),
        ("app.state.x: dict[str, int] = made()", "x", "pass", "x: Slot<HashMap<String, i64>>",
         'x: Slot::unported("app.state.x")'),
        ("app.state.x = os.environ.get('X_NAME', 'd')", "x", "pass", "x: Slot<String>",
         "x: Slot::new("),
        ("if os.sep:\n    app.state.x = 1", "x", "pass", "x: Slot<i64>",
         'x: Slot::unported("app.state.x")'),
        ("app.state.x = 1\napp.state.x = 2", "x", "pass", "x: Slot<i64>",
         'x: Slot::unported("app.state.x")'),
        ("", "x", "request.app.state.x = form.name", "x: Slot<String>",
         "x: Slot::unset(\"'State' object has no attribute 'x'\")"),
        ("app.state.c = SimpleNamespace()\napp.state.c.X = 1.5", "c.X", "pass", "x: Slot<f64>",
         "x: Slot::new(1.5)"),
        ("app.state.c = made()\napp.state.c.X = made()", "c.X",
         "if form.size is not None:\n        request.app.state.c.X = form.size", "", ""),
        ("app.state.x = made()", "x", "if form.size:\n        request.app.state.x = form.size",
         "x: Slot<i64>", 'x: Slot::unported("app.state.x")'),
        ("setattr(app.state, 'y', 1)\napp.state.x = 1", "x", "pass", "x: Slot<i64>",
         'x: Slot::unported("app.state.x")'),
    ],
)  # fmt: skip
def test_fields(tmp_path: Path, start: str, path: str, write: str, field: str, value: str) -> None:
    routes, shared = ported(tmp_path, HEAD + READ.format(start=start, path=path, write=write))
    read = routes.partition("fn a(")[2].partition("\npub async fn")[0]
    if not field:
        assert "todo!" in read
        return
    assert f"pub {field}," in shared
    assert value in shared
    assert "state.shared.x.get()?" in read
    assert "todo!" not in routes


@pytest.mark.parametrize(
    ("start", "path", "write"),
    [
        # What it is nothing says, or several things do.
        ("app.state.x = made()", "x", "pass"),
        ("app.state.x = 1", "x", "request.app.state.x = form.name"),
        ("app.state.x = 1", "x", "request.app.state.x = 1.5"),
        # Nobody assigns it.
        ("app.state.y = 1", "x", "pass"),
        # Another application's.
        ("app.state.x = 1\nother = FastAPI()", "x", "pass"),
        # What a body changes in place, it changes for everyone.
        ("app.state.x = ['a']", "x", "pass\n    y = request.app.state.x\n    y.append('b')"),
    ],
)
def test_holes(tmp_path: Path, start: str, path: str, write: str) -> None:
    text = HEAD + READ.format(start=start, path=path, write=write)
    text = text.replace("return 1", "return y") if "y =" in write else text
    routes, _ = ported(tmp_path, text)
    part = "fn b(" if "y =" in write else "fn a("
    assert "todo!" in routes.partition(part)[2].partition("\npub async fn")[0]


COUNTED = (
    HEAD
    + """
@asynccontextmanager
async def lifespan(app):
    app.state.n = 1
    yield
    app.state.n = 0

app = FastAPI(lifespan=lifespan)
app.state.n = 5
app.state.item = Item(name="i")

@app.post("/a")
async def a(request: Request):
    request.app.state.n += 2
    request.app.state.n = request.app.state.n * 2 - 1
    return request.app.state.item.name

@app.post("/b")
async def b(request: Request, form: Item):
    request.app.state.item = form
    request.app.state.n = form.size if form.size is not None else request.app.state.n
    return {"n": app.state.n, "item": app.state.item}
"""
)


def test_one_step(tmp_path: Path) -> None:
    """What is made of what was there is made under one lock; what stays isn't set."""
    routes, shared = ported(tmp_path, COUNTED)
    assert "n: Slot::new(1)," in shared
    assert "state.shared.n.change(|n| {\n        *n += 2;\n    })?;" in routes
    assert "*n = *n * 2 - 1;" in routes
    assert "if let Some(size) = form.size {\n        state.shared.n.set(size);\n    }" in routes
    assert "todo!" not in routes


def test_a_loop_over_what_is_changed(tmp_path: Path) -> None:
    """It reads what is lent to be changed, and leaves it where it is."""
    text = """
app = FastAPI()
app.state.names = ["a", ""]

@app.post("/a")
async def a(request: Request):
    request.app.state.names = [one for one in request.app.state.names if one]
    return {}

@app.post("/b")
async def b(request: Request):
    request.app.state.names = [one.upper() for one in request.app.state.names]
    return {}
"""
    routes, _ = ported(tmp_path, HEAD + text)
    assert "for one in names.iter() {" in routes
    assert "names.iter().map(|one| one.to_uppercase())" in re.sub(r"\s*\n\s*", "", routes)
    assert "todo!" not in routes


@pytest.mark.parametrize("framework", ["axum", "actix-web"])
def test_one_by_one(tmp_path: Path, framework: Framework) -> None:
    """Drafts add the fields that they need, each once, whatever came before."""
    wanted, crate = crate_of(tmp_path, COUNTED, framework)
    for path in ("/a", "/b"):
        index = Index.open(wanted)
        assert index.snapshot.backend is not None
        (ident,) = (one.id for one in index.snapshot.backend.endpoints if one.path == path)
        done = porter(Desks().at(index)).port([Target("endpoint", ident)])
        assert done.left == ()
        assert write_all(str(crate), done.changes)
    shared = (crate / "src" / "shared.rs").read_text("utf-8")
    assert re.findall(r"pub (\w+): Slot<(\w+)>", shared) == [("n", "i64"), ("item", "Item")]
    assert shared.count("Slot::new(") == 2


HELPED = (
    COUNTED.replace("return 1", "return helped()")
    + """
def helped() -> int:
    return app.state.n + len(app.state.late)

def shown(request: Request, by: int) -> int:
    return request.app.state.n + by

def current(request: Request) -> str:
    return request.app.state.late

@app.post("/c")
def c(request: Request, name: str = Depends(current)):
    request.app.state.late = "x"
    return helped() + shown(request, 2) + len(name)
"""
)


def test_together(tmp_path: Path) -> None:
    """What handlers and the functions that they call need is one change."""
    wanted, crate = crate_of(tmp_path, HELPED)
    index = Index.open(wanted)
    done = porter(Desks().at(index)).port(unfinished(index.snapshot))
    assert done.left == ()
    assert write_all(str(crate), done.changes)
    shared = (crate / "src" / "shared.rs").read_text("utf-8")
    assert re.findall(r"pub (\w+): Slot<", shared) == ["n", "item", "late"]
    written = "".join(one.read_text("utf-8") for one in crate.rglob("*.rs"))
    assert "Ok(state.shared.n.get()? + " in written
    assert "shown(state: &AppState, by: i64) -> AppResult<i64>" in written
    assert "let name = current(&state).await?;" in written
    assert "todo!" not in written


def test_nothing_to_share(tmp_path: Path) -> None:
    """A backend that keeps nothing there has no place for it."""
    _, shared = ported(tmp_path, HEAD + "app = FastAPI()\n@app.get('/')\ndef a(): return 1\n")
    assert shared == ""


@pytest.mark.parametrize("value", ["1", "os.environ.get('X_LIMIT', 'd')"])
def test_made_for_tests(tmp_path: Path, value: str) -> None:
    """Integration tests begin with what the application begins with."""
    text = HEAD + READ.format(start=f"app.state.x = {value}", path="x", write="pass")
    wanted, _ = crate_of(tmp_path, text)
    desk = Desks().at(Index.open(wanted))
    shared = shared_at(desk)
    assert shared is not None
    made = Building(desk, {}, frozenset()).value(Type(shared.symbol))
    assert isinstance(made, b.Call)
    assert made.function == b.Path(shared.symbol, ("at_start",))
    assert len(made.args) == ("environ" in value)
