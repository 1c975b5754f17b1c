"""Where an item goes: places that fit equally well are offered, any other can be said."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from port_lsp.index.index import Index
from port_lsp.index.roots import Wanted
from port_lsp.patterns.desk import Desk, Desks
from port_lsp.patterns.port import Ported, Target
from port_lsp.patterns.registry import porter
from tests.fixturefile import parse

FIXTURE = Path(__file__).parent.parent / "fixtures" / "writing" / "places" / "axum.txt"
ROUTERS = "app/routers"
DELETE = Target("endpoint", f"{ROUTERS}/notes.py::delete_notes#DELETE /notes/all")
TAGS = Target("endpoint", f"{ROUTERS}/tags.py::list_tags#GET /tags")
ADD = Target("endpoint", f"{ROUTERS}/tags.py::add_draft#POST /tags/drafts")
DRAFT = Target("model", "app/models.py::Draft")
NOTE = Target("model", "app/models.py::Note")

# What fits an item equally well, the usual place first.
CHOICES: list[tuple[Target, list[str]]] = [
    (DELETE, ["src/routes/folders.rs", "src/routes/notes.rs"]),
    (TAGS, ["src/main.rs::main", "src/main.rs::outer", "src/main.rs::inner"]),
    (DRAFT, ["src/models/folders.rs", "src/models/notes.rs"]),
    (NOTE, []),
]

# An item, where it is to go, and the files that are changed for it.
INTO = [
    (DELETE, "", ["src/routes/folders.rs"]),
    (DELETE, "src/routes/notes.rs", ["src/routes/notes.rs"]),
    (DELETE, "src/routes/notes.rs::router", ["src/routes/notes.rs"]),
    (DELETE, "src/routes/x.rs", ["src/routes/mod.rs", "src/routes/notes.rs", "src/routes/x.rs"]),
    (TAGS, "", ["src/main.rs", "src/routes/mod.rs", "src/routes/tags.rs"]),
    (TAGS, "src/main.rs::inner", ["src/main.rs", "src/routes/mod.rs", "src/routes/tags.rs"]),
    (TAGS, "src/routes/notes.rs", ["src/main.rs", "src/routes/notes.rs"]),
    (DRAFT, "", ["src/models/folders.rs"]),
    (DRAFT, "src/models/notes.rs", ["src/models/notes.rs"]),
    (DRAFT, "src/drafts.rs", ["src/drafts.rs", "src/main.rs"]),
]  # fmt: skip


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    top = tmp_path_factory.mktemp("places")
    parse(FIXTURE.read_text("utf-8")).write_to(top)
    return Desks().at(Index.open(Wanted(str(top), str(top / "backend"), str(top / "crate"))))


@pytest.mark.parametrize(("target", "places"), CHOICES, ids=lambda one: getattr(one, "id", ""))
def test_what_fits_equally_well(desk: Desk, target: Target, places: list[str]) -> None:
    assert list(porter(desk).places(target)) == places


@pytest.mark.parametrize(("target", "into", "files"), INTO)
def test_it_goes_where_it_is_said(desk: Desk, target: Target, into: str, files: list[str]) -> None:
    done = porter(desk).port([replace(target, into=into)])
    assert (done.done, done.left) == ((target.id,), ())
    assert [change.path for change in done.changes] == files


def test_the_function_that_mounts_a_new_router(desk: Desk) -> None:
    for function in ("main", "outer", "inner"):
        done = _ported(desk, TAGS, f"src/main.rs::{function}")
        main = next(one for one in done.changes if one.path == "src/main.rs")
        bodies = main.after.split("fn ")[1:]
        assert [one.partition("(")[0] for one in bodies if 'nest("/tags"' in one] == [function]


def test_a_model_is_named_where_it_goes(desk: Desk) -> None:
    """An endpoint that is ported with a model looks for that where it goes."""
    for file, path in (("src/models/notes.rs", "models::notes"), ("src/drafts.rs", "drafts")):
        done = porter(desk).port([replace(DRAFT, into=file), ADD])
        texts = {change.path: change.after for change in done.changes}
        assert f"use crate::{path}::Draft;" in texts["src/routes/tags.rs"]
        assert "pub struct Draft" in texts[file]


def test_what_stands_is_made_of_the_desk_that_goes_on(desk: Desk) -> None:
    """And not of one at which somebody once said where something goes."""
    other = Desk(desk.snapshot, desk.workshop, desk.backend, desk.framework)
    aimed = other.aimed({TAGS.id: "src/routes/words.rs"})
    made: list[Desk] = []
    aimed.stands(made.append)
    other.stands(made.append)
    assert made == [other]
    assert aimed.shares(lambda one: one) is aimed


def test_one_porter_ports_again(desk: Desk) -> None:
    """What was said of one port holds for that one."""
    once = porter(desk)
    assert once.port([replace(DRAFT, into="src/drafts.rs")]).changes[0].path == "src/drafts.rs"
    assert [one.path for one in once.port([DRAFT]).changes] == ["src/models/folders.rs"]


def test_what_is_not_said_is_noted(desk: Desk) -> None:
    note = "app/models.py: goes into src/models/folders.rs; src/models/notes.rs would do as well"
    assert [one for one in _ported(desk, DRAFT, "").notes if one.startswith(note)]
    note = (
        "app/routers/tags.py: goes into src/main.rs::main; src/main.rs::outer, src/main.rs::inner"
    )
    assert [one for one in _ported(desk, TAGS, "").notes if one.startswith(note)]
    assert not any("would do" in one for one in _ported(desk, TAGS, "src/main.rs::outer").notes)


def test_a_place_that_cannot_be(desk: Desk) -> None:
    done = _ported(desk, DELETE, "src/models/notes.rs::nothing")
    assert done.changes == ()
    assert done.left[0].reason == "src/models/notes.rs::nothing has no router for the route"


def _ported(desk: Desk, target: Target, into: str) -> Ported:
    return porter(desk).port([replace(target, into=into)])
