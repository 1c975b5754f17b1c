"""Tests of a port: each fixture is a backend and its port, its expected files are the tests.

`UPDATE_EXPECT=1` writes the expected files anew.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from port_lsp.index.index import Index
from port_lsp.index.roots import Wanted
from port_lsp.patterns.desk import Desks
from port_lsp.patterns.port import Ported
from port_lsp.testing.write import written
from tests.fixturefile import Fixture, parse
from tests.writing.crates import holds_against, is_formatted
from tests.writing.test_printer import rustfmt

__all__ = ["rustfmt"]

FIXTURES = Path(__file__).parent.parent / "fixtures" / "writing" / "tests"
NAMES = sorted(path.stem for path in FIXTURES.glob("*.txt") if ".expected" not in path.name)


def asked_of(top: Path, file: str) -> Ported:
    """The tests of a file's endpoints."""
    index = Index.open(Wanted(str(top), str(top / "backend"), str(top / "crate")))
    backend = index.snapshot.backend
    assert backend is not None
    ids = [one.id for one in backend.endpoints if one.place.file == file]
    return written(Desks().at(index), ids)


def laid(name: str, top: Path) -> Fixture:
    fixture = parse((FIXTURES / f"{name}.txt").read_text("utf-8"))
    fixture.write_to(top)
    return fixture


@pytest.mark.parametrize("name", NAMES)
def test_what_is_written(name: str, tmp_path: Path, rustfmt: str) -> None:
    fixture = laid(name, tmp_path)
    done = asked_of(tmp_path, fixture.meta["test"][0])
    is_formatted(done, rustfmt)
    holds_against(done, fixture, FIXTURES / f"{name}.txt")


def test_nothing_is_written_twice(tmp_path: Path) -> None:
    laid("axum", tmp_path)
    file = "app/routers/items.py"
    done = asked_of(tmp_path, file)
    for change in done.changes:
        path = tmp_path / "crate" / change.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(change.after, "utf-8")
    again = asked_of(tmp_path, file)
    assert again.changes == ()
    assert again.left == ()
    assert [one for one in again.notes if "tested already" in one] == [
        "GET /items/{item_id} is tested already",
        "POST /items is tested already",
        "GET /old/{item_id} is tested already",
        "PUT /items/{item_id} is tested already",
    ]


def test_one_more_goes_into_the_same_file(tmp_path: Path, rustfmt: str) -> None:
    laid("axum", tmp_path)
    index = Index.open(Wanted(str(tmp_path), str(tmp_path / "backend"), str(tmp_path / "crate")))
    backend = index.snapshot.backend
    assert backend is not None
    first, second, *_ = [one.id for one in backend.endpoints]
    for ident in (first, second):
        done = written(Desks().at(index), [ident])
        is_formatted(done, rustfmt)
        for change in done.changes:
            path = tmp_path / "crate" / change.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(change.after, "utf-8")
        index.sweep()
    text = (tmp_path / "crate/tests/items.rs").read_text("utf-8")
    assert text.count("mod service;") == 1
    assert "async fn get_item_without_credentials()" in text
    assert "async fn add_item_without_credentials()" in text


def test_one_more_goes_into_a_program(tmp_path: Path, rustfmt: str) -> None:
    laid("program_axum", tmp_path)
    index = Index.open(Wanted(str(tmp_path), str(tmp_path / "backend"), str(tmp_path / "crate")))
    backend = index.snapshot.backend
    assert backend is not None
    for name in ("get_item", "add_item"):
        ident = next(one.id for one in backend.endpoints if one.handler == name)
        done = written(Desks().at(index), [ident])
        is_formatted(done, rustfmt)
        for change in done.changes:
            path = tmp_path / "crate" / change.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(change.after, "utf-8")
        index.sweep()
    tests = tmp_path / "crate/src/tests"
    assert sorted(one.name for one in tests.iterdir()) == ["app.rs", "common.rs", "mod.rs"]
    assert (tests / "app.rs").read_text("utf-8").count("use super::common;") == 1
    assert (tests / "mod.rs").read_text("utf-8").endswith("\n\nmod app;\nmod common;\n")
    assert (tmp_path / "crate/src/main.rs").read_text("utf-8").count("mod tests;") == 1


def test_a_layer_of_sockets_is_none_to_tests(tmp_path: Path) -> None:
    """It is made with the program's state, which no test has, and answers below its own path."""
    laid("program_axum", tmp_path)
    main = tmp_path / "crate/src/main.rs"
    text = main.read_text("utf-8").replace(
        ".with_state(shared)", ".layer(socket_layer(shared.clone())).with_state(shared)"
    )
    made = "fn socket_layer(state: Shared) -> SocketIoLayer { made(state) }\n"
    index = Index.open(Wanted(str(tmp_path), str(tmp_path / "backend"), str(tmp_path / "crate")))
    backend = index.snapshot.backend
    assert backend is not None
    ids = [one.id for one in backend.endpoints if one.handler == "get_item"]
    for function, is_written in ((made, True), (made.replace("SocketIo", "Other"), False)):
        main.write_text(text + function, "utf-8")
        index.sweep()
        assert bool(written(Desks().at(index), ids).changes) == is_written


def test_a_program_with_tests_of_its_own_keeps_them(tmp_path: Path) -> None:
    laid("program_axum", tmp_path)
    main = tmp_path / "crate/src/main.rs"
    main.write_text(main.read_text("utf-8") + "\n#[cfg(test)]\nmod tests {}\n", "utf-8")
    done = asked_of(tmp_path, "app/main.py")
    paths = [change.path for change in done.changes]
    assert "src/port_tests/mod.rs" in paths
    assert not any(path.startswith("src/tests/") for path in paths)
