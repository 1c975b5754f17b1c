"""`port-lsp port` where it can't do what it is asked: a clear message, and nothing half-written."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from port_lsp.cli import run
from port_lsp.rust.grammar import errors_in
from tests.fixturefile import parse
from tests.server.desk import PROJECT
from tests.unprivileged import as_nobody, folder_of_nobody

Capture = pytest.CaptureFixture[str]
NOTES = "crate/src/routes/notes.rs"
USERS = "crate/src/routes/users.rs"
MAIN = "crate/src/main.rs"
DYNAMIC = """use axum::routing::MethodRouter;
use axum::Router;

pub fn router(table: Vec<(String, MethodRouter)>) -> Router {
    let mut app = Router::new();
    for (path, method) in table {
        app = app.route(&path, method);
    }
    app
}
"""


def texts(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def test_what_was_written_is_put_back(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    """The last file of several is read-only; the first ones are as they were."""
    with folder_of_nobody() as folder:
        parse(PROJECT).write_to(folder)
        monkeypatch.chdir(folder)
        assert run(["port", "--all"]) == 0
        changed = [line for line in capsys.readouterr().out.splitlines() if "+++" in line]
        there = [one for one in changed if folder.joinpath(_path(one)).exists()]
        assert len(changed) > 1
        before = texts(folder)
        with as_nobody(folder):
            folder.joinpath(_path(there[-1])).chmod(stat.S_IRUSR)
            code = run(["port", "--all", "--write", "--force"])
        said = capsys.readouterr().err
        assert code == 2
        name = there[-1].rpartition("/")[2]
        assert f"{name} couldn't be written: Permission denied" in said
        assert "nothing was ported" in said
        assert texts(folder) == before


def _path(line: str) -> str:
    """The file of a diff's line `+++ b/…`."""
    return line.partition(" b/")[2]


Change = Callable[[str], str]


def test_an_old_framework(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    parse(PROJECT.replace('axum = "0.8"', 'axum = "0.5.17"')).write_to(tmp_path)
    monkeypatch.chdir(tmp_path)
    before = texts(tmp_path)
    assert run(["port", "--all", "--write", "--force"]) == 2
    assert "axum 0.5.17: 0.6 is the oldest that is written for" in capsys.readouterr().err
    assert texts(tmp_path) == before


def _without(what: str) -> Change:
    return lambda text: text.replace(what, "", 1)


def _instead(new: str) -> Change:
    def change(text: str) -> str:
        return new if text else ""

    return change


def _without_end(text: str) -> str:
    return text.rstrip()[:-1]


NO_ROUTER = {MAIN: _instead("fn main() {}\n"), NOTES: _instead(""), USERS: _instead("")}
CASES: dict[str, tuple[dict[str, Change], int, str]] = {
    "no end": ({NOTES: _without_end}, 1, "its syntax errors would become more"),
    "a brace": ({NOTES: _without("}")}, 0, "0 left"),
    "a quote": ({NOTES: _without('"')}, 0, "0 left"),
    "a dynamic router": ({NOTES: _instead(DYNAMIC)}, 0, "0 left"),
    "no router": (NO_ROUTER, 1, "the crate has no router that could take the route"),
}


@pytest.mark.parametrize(("files", "code", "said"), CASES.values(), ids=CASES)
def test_targets(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Capture,
    files: dict[str, Change],
    code: int,
    said: str,
) -> None:
    parse(PROJECT).write_to(tmp_path)
    for path, change in files.items():
        place = tmp_path / path
        place.write_text(change(place.read_text("utf-8")), "utf-8")
    monkeypatch.chdir(tmp_path)
    before = texts(tmp_path)
    assert run(["port", "--all", "--write", "--force"]) == code
    assert said in capsys.readouterr().err
    for path, data in texts(tmp_path).items():
        if path.endswith(".rs"):
            assert errors_in(data) <= errors_in(before.get(path, b"")), path


def test_a_manifest_that_is_no_toml(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    parse(PROJECT).write_to(tmp_path)
    manifest = tmp_path / "crate" / "Cargo.toml"
    manifest.write_text("[dependencies\n" + manifest.read_text("utf-8"), "utf-8")
    monkeypatch.chdir(tmp_path)
    assert run(["port", "--all", "--crate", "crate", "--write", "--force"]) == 2
    said = capsys.readouterr().err
    assert "Cargo.toml isn't TOML: " in said
    assert "line 1" in said
