"""`port-lsp port --all --with-tests` on backends that nobody would write: an answer, in time."""

from __future__ import annotations

import ast
import time
from pathlib import Path

import pytest

from port_lsp.cli import run
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.port import Target
from port_lsp.patterns.stubs.pattern import StubPattern
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.values import Val
from port_lsp.writing.draft import Draft
from tests.index.projects import write

Capture = pytest.CaptureFixture[str]
SLOW = 20.0  # seconds; nothing here should come near it
HEAD = """\
import html

from fastapi import APIRouter, HTTPException

router = APIRouter(prefix="/api")


def own(a: int, b: int) -> int:
    return a + b


@router.get("/other")
def other(x: int) -> int:
    return own(x, 1)


"""
MAIN = "from fastapi import FastAPI\nfrom app.routes import router\n\napp = FastAPI()\n" + (
    "app.include_router(router)\n"
)


def ported(root: Path, routes: str | bytes, capsys: Capture) -> str:
    """What is said of a backend with these routes."""
    write(root, f"//- /app/__init__.py\n//- /app/main.py\n{MAIN}")
    data = routes if isinstance(routes, bytes) else (HEAD + routes).encode()
    (root / "app" / "routes.py").write_bytes(data)
    start = time.monotonic()
    sides = ("--backend", str(root), "--crate", str(root / "new"))
    code = run(["port", "--all", "--with-tests", *sides])
    said = capsys.readouterr().err
    assert code in (0, 1), said
    assert "Traceback" not in said
    assert time.monotonic() - start < SLOW
    return said


def handler(*lines: str, args: str = "x: int", result: str = "int") -> str:
    body = "".join(f"    {line}\n" for line in "\n".join(lines).splitlines())
    return f'@router.get("/deep")\ndef deep({args}) -> {result}:\n{body}'


def nested(kind: str, depth: int) -> str:
    """A handler in which something stands in itself so many times."""
    if kind == "tries":
        inner = "".join("    " * at + "try:\n" for at in range(depth)) + "    " * depth + "return 1"
        for at in reversed(range(depth)):
            inner += "\n" + "    " * at + "except ValueError as e:\n" + "    " * at
            inner += "    raise HTTPException(400, detail=str(e))"
        return handler(inner)
    if kind == "ifs":
        inner = "".join("    " * at + f"if x > {at}:\n" for at in range(depth))
        return handler(f"{inner}{'    ' * depth}return 1", "return 0")
    if kind == "elifs":
        more = "".join(f"elif x == {at}:\n    return {at}\n" for at in range(1, depth))
        return handler(f"if x == 0:\n    return 0\n{more}else:\n    return -1")
    value = {
        "sum": " + ".join(["x"] * depth),
        "not": "not " * depth + "x",
        "else": "".join(f"{at} if x == {at} else " for at in range(depth)) + "1",
        "dict": "{'a': " * depth + "1" + "}" * depth,
        "list": "[" * depth + "1" + "]" * depth,
        "library": "html.escape(" * depth + "'a'" + ")" * depth,
        "function": "own(" * depth + "x" + ", 1)" * depth,
        "method": "'a'" + ".strip()" * depth,
        "comprehension": "[" * depth + "x" + " for x in [1]]" * depth,
        "lambda": "lambda: " * depth + "1",
        "attribute": "x" + ".a" * depth,
    }[kind]
    return handler(f"return {value}", result="object")


KINDS = (
    *("sum", "not", "else", "dict", "list", "library", "function", "method", "elifs"),
    *("comprehension", "lambda", "attribute"),
)
DEPTHS = [
    *((kind, depth) for kind in KINDS for depth in (60, 900)),
    *(("ifs", 90), ("tries", 19), ("tries", 60)),
]


@pytest.mark.parametrize(("kind", "depth"), DEPTHS)
def test_what_is_nested_deeply(tmp_path: Path, kind: str, depth: int, capsys: Capture) -> None:
    """A part of it may be a hole; nothing else is."""
    said = ported(tmp_path, nested(kind, depth), capsys)
    assert "3 ported, 2 with tests, 0 left" in said


def test_a_text_that_rust_cannot_hold(tmp_path: Path, capsys: Capture) -> None:
    """Half of a pair of letters: no literal is written that doesn't compile."""
    routes = handler('return "\\ud800"', args="", result="str")
    assert "3 ported" in ported(tmp_path, routes, capsys)
    sides = ("--backend", str(tmp_path), "--crate", str(tmp_path / "new"))
    assert run(["port", "--all", *sides]) == 0
    written = capsys.readouterr().out
    assert "u{d800}" not in written
    assert 'return "\\ud800"' in written  # as the comment of a hole


@pytest.mark.parametrize(
    ("form", "kind"),
    [
        ("abs({})", "int"),  # which the second of its rows takes
        ("html.escape({}, quote=True)", "str"),
        ("','.join([{}])", "str"),
        ("own({}, 1)", "int"),
    ],
)
def test_an_argument_is_translated_once(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    form: str,
    kind: str,
    capsys: Capture,
) -> None:
    """As in a nest of calls each would double what its arguments cost."""
    asked: list[ast.expr] = []
    value = Scene.value

    def counted(self: Scene, node: ast.expr, env: Env) -> Val:
        asked.append(node)
        return value(self, node, env)

    monkeypatch.setattr(Scene, "value", counted)
    text = "x"
    for _ in range(12):
        text = form.replace("{}", text)
    assert "0 left" in ported(
        tmp_path, handler(f"return {text}", args=f"x: {kind}", result=kind), capsys
    )
    assert 12 < len(asked) < 120


STUBS = """\
use axum::routing::get;
use axum::{Json, Router};
use serde_json::Value;

async fn own() -> Json<Value> {
    todo!()
}

async fn odd() -> Json<Value> {
    todo!()
}

async fn other() -> Json<Value> {
    todo!()
}

pub fn app() -> Router {
    Router::new()
        .route("/own", get(own))
        .route("/odd", get(odd))
        .route("/other", get(other))
}

#[tokio::main]
async fn main() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:80").await.unwrap();
    axum::serve(listener, app()).await.unwrap();
}
"""
MANIFEST = """\
[package]
name = "port"
[dependencies]
axum = "0.8"
serde_json = "1"
tokio = "1"
"""


def test_what_cannot_be_written_costs_one_draft_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    """However many of them there are."""
    asked: list[int] = []
    draft = StubPattern.draft

    def counted(self: StubPattern, desk: Desk, targets: list[Target]) -> Draft:
        asked.append(len(targets))
        return draft(self, desk, targets)

    monkeypatch.setattr(StubPattern, "draft", counted)
    routes = "".join(
        f'@app.get("/{name}")\ndef {name}():\n    return {value}\n\n\n'
        for name, value in (("own", '{"a": 1}'), ("odd", "mystery(1)"), ("other", "mystery(2)"))
    )
    head = "from fastapi import FastAPI\nfrom somewhere import mystery\n\napp = FastAPI()\n\n\n"
    write(tmp_path / "backend", f"//- /main.py\n{head}{routes}")
    write(tmp_path / "crate", f"//- /Cargo.toml\n{MANIFEST}//- /src/main.rs\n{STUBS}")
    sides = ("--backend", str(tmp_path / "backend"), "--crate", str(tmp_path / "crate"))
    assert run(["port", "--all", *sides]) == 1
    said = capsys.readouterr().err
    assert said.count("nothing of its body can be translated yet") == 2
    assert "1 ported, 2 left" in said
    assert asked == [3, 1]
