"""Stubs are filled in place: each fixture is a backend and a crate, its expected files what is
written (see `test_endpoints.py`)."""

from __future__ import annotations

from pathlib import Path

import pytest

from port_lsp.index.index import Index
from port_lsp.index.roots import Wanted
from port_lsp.patterns.desk import Desks
from port_lsp.patterns.port import Ported, Target, targets_of
from port_lsp.patterns.registry import porter
from port_lsp.patterns.stubs.standing import fillable
from port_lsp.patterns.waiting import waiting
from tests.fixturefile import parse
from tests.writing.crates import holds_against, is_formatted
from tests.writing.test_printer import rustfmt

__all__ = ["rustfmt"]

FIXTURES = Path(__file__).parent.parent / "fixtures" / "writing" / "stubs"
NAMES = sorted(path.stem for path in FIXTURES.glob("*.txt") if ".expected" not in path.name)


def _opened(folder: Path, name: str) -> Index:
    parse((FIXTURES / f"{name}.txt").read_text(encoding="utf-8")).write_to(folder)
    return Index.open(Wanted(str(folder), str(folder / "backend"), str(folder / "crate")))


def _ported(index: Index) -> Ported:
    """Fills everything that is a stub."""
    stubs = [one.backend for one in index.snapshot.links.endpoints if one.presence == "stub"]
    targets, left = targets_of(index.snapshot, [one for one in stubs if one is not None])
    assert {one.kind for one in targets} == {"stub"}
    assert not left
    return porter(Desks().at(index)).port(targets)


@pytest.mark.parametrize("name", NAMES)
def test_filled(name: str, tmp_path: Path, rustfmt: str) -> None:
    done = _ported(_opened(tmp_path, name))
    path = FIXTURES / f"{name}.txt"
    holds_against(done, parse(path.read_text(encoding="utf-8")), path)
    is_formatted(done, rustfmt)


def test_what_is_filled_is_no_stub_any_more(tmp_path: Path) -> None:
    index = _opened(tmp_path, "axum")
    before = list(fillable(index.snapshot))
    assert not any("::remove_user#" in one for one in before)  # its log would be lost
    done = _ported(index)
    for change in done.changes:
        (tmp_path / "crate" / change.path).write_text(change.after, encoding="utf-8")
    again = Index.open(Wanted(str(tmp_path), str(tmp_path / "backend"), str(tmp_path / "crate")))
    presence = {one.backend: one.presence for one in again.snapshot.links.endpoints}
    for ident in done.done:
        whole = "get_user#" not in ident  # of which a parameter is missing
        assert presence[ident] == ("ported" if whole else "stub")
    assert set(fillable(again.snapshot)) == set(before) - set(done.done)


def test_a_hole_of_ours_is_filled_for_who_names_it(tmp_path: Path) -> None:
    index = _opened(tmp_path, "actix")
    assert [one.partition("#")[0] for one in fillable(index.snapshot)] == ["app/main.py::get_notes"]
    assert [one.id for one in waiting(index.snapshot) if one.kind == "stub"] == list(
        fillable(index.snapshot)
    )
    assert "app/main.py::set_note#PUT /books/{book}/notes/{note_id}" in _ported(index).done


def test_a_constant_that_nobody_calls_unfinished_may_be_meant_so(tmp_path: Path) -> None:
    index = _opened(tmp_path, "axum")
    assert any("::search_users#" in one for one in fillable(index.snapshot))
    path = tmp_path / "crate/src/routes/users.rs"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("    // TODO: search\n", ""), encoding="utf-8")
    again = Index.open(Wanted(str(tmp_path), str(tmp_path / "backend"), str(tmp_path / "crate")))
    assert not any("::search_users#" in one for one in fillable(again.snapshot))


def test_a_link_that_is_no_stub_is_left(tmp_path: Path) -> None:
    index = _opened(tmp_path, "axum")
    done = porter(Desks().at(index)).port([Target("stub", "app/users.py::nobody#GET /nobody")])
    assert done.left[0].reason == "app/users.py::nobody#GET /nobody has no stub in the crate"
