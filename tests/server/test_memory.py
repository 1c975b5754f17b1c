"""The last good facts of what is broken right now: for open documents, in what is shown."""

from __future__ import annotations

import pytest

from tests.server.desk import Desk
from tests.server.test_counterpart import jump, places
from tests.server.test_hover import hover

USERS, MODELS = "backend/app/routers/users.py", "backend/app/models.py"
RUST, NOTES = "crate/src/routes/users.rs", "backend/app/routers/notes.py"


@pytest.mark.parametrize("breaker", ["(", '{"a": [', '"""', "def", "@"])
def test_lenses_stay_while_something_is_broken(desk: Desk, breaker: str) -> None:
    desk.open(USERS)
    desk.open(RUST)
    before, there = desk.lenses(USERS), desk.lenses(RUST)
    rules = desk.rules(RUST)
    desk.replace(USERS, 'return {"id"', f'{breaker}return {{"id"')
    titles = [title for _, title in desk.lenses(USERS)]
    assert sorted(titles) == sorted(title for _, title in before)
    assert desk.lenses(RUST) == there
    assert desk.rules(RUST) == rules
    desk.replace(USERS, f'{breaker}return {{"id"', 'return {"id"')
    assert desk.lenses(USERS) == before
    assert desk.lenses(RUST) == there


def test_on_the_crates_side(desk: Desk) -> None:
    desk.open(USERS)
    desk.open(RUST)
    before, there = desk.lenses(USERS), desk.lenses(RUST)
    desk.replace(RUST, 'let full_name = format!("{id}!");', "let full_name = format!(")
    assert desk.lenses(RUST) == there
    assert desk.lenses(USERS) == before


def test_what_rests_on_a_broken_chunk_stays_too(desk: Desk) -> None:
    """Without its router, no endpoint of the file would be there."""
    desk.open(USERS)
    before = desk.lenses(USERS)
    desk.replace(USERS, "router = APIRouter()", "router = APIRouter(")
    assert desk.lenses(USERS) == before


def test_hover_and_jump_still_know(desk: Desk) -> None:
    desk.open(USERS)
    desk.replace(USERS, 'return {"id"', '(\n    return {"id"')
    assert "routes/users.rs:10" in (hover(desk, USERS, "get_user") or "")
    assert places(desk, jump(desk, USERS, "get_user")) == [(RUST, 10, False)]
    assert places(desk, jump(desk, RUST, "get_user(Path"))[0][:2] == (USERS, 7)


def test_places_follow_the_text(desk: Desk) -> None:
    desk.open(USERS)
    desk.replace(USERS, 'return {"id"', '(\n    return {"id"')
    desk.replace(USERS, "router = APIRouter()", "\n\nrouter = APIRouter()")
    assert (8, "→ routes/users.rs:10 · ported") in desk.lenses(USERS)
    assert (10, "← routers/users.py:9 · ported") in desk.lenses(RUST)


def test_of_models_with_their_fields(desk: Desk) -> None:
    desk.open(MODELS)
    before = desk.lenses(MODELS)
    desk.replace(MODELS, 'alias="fullName")', 'alias="fullName"')
    assert desk.lenses(MODELS) == before
    assert places(desk, jump(desk, MODELS, "full_name")) == [("crate/src/models.rs", 7, False)]


def test_what_is_deleted_is_forgotten_although_something_else_is_broken(desk: Desk) -> None:
    desk.open(USERS)
    desk.open(NOTES)
    desk.replace(USERS, 'return {"id"', '(\n    return {"id"')
    desk.replace(NOTES, '@router.get("/search")\n', "")
    assert all(title != "not ported" for _, title in desk.lenses(NOTES))
    desk.replace(USERS, '@router.delete("/{id}")\nasync def delete_user', "async def delete_user")
    desk.loop.pass_time()
    assert all("stub" not in title for _, title in desk.lenses(USERS)[1:])


def test_facts_links_and_findings_of_the_index_never_see_it(desk: Desk) -> None:
    desk.open(USERS)
    desk.replace(USERS, 'return {"id"', '(\n    return {"id"')
    shown = desk.context.view.snapshot
    fresh = Desk(desk.root / "fresh")
    path = fresh.root / USERS
    path.write_text(desk.content(USERS), "utf-8")
    facts = fresh.start().context.view.snapshot
    assert facts.backend is not None
    assert shown.backend is not None
    assert all("get_user" not in one.id for one in facts.backend.endpoints)
    assert any("get_user" in one.id for one in shown.backend.endpoints)


def test_broken_text_is_read_when_nobody_types(desk: Desk) -> None:
    """Until then only its places are new: what it says is asked once, not at each keystroke."""
    desk.open(USERS)
    desk.replace(USERS, 'return {"id"', '(\n    return {"id"')
    new = '@router.patch("/{id}")\nasync def patch_user(id: str):\n    return True\n\n\n'
    desk.replace(USERS, '@router.delete("/{id}")', new + '@router.delete("/{id}")')
    revision = desk.context.view.snapshot.revision
    assert all(title != "not ported" for _, title in desk.lenses(USERS))
    assert (22, "→ routes/users.rs:20 · stub") in desk.lenses(USERS)
    desk.loop.pass_time()
    assert desk.context.view.snapshot.revision == revision + 1
    assert (17, "not ported") in desk.lenses(USERS)
    assert (6, "→ routes/users.rs:10 · ported") in desk.lenses(USERS)


@pytest.mark.parametrize("settled", [True, False])
def test_after_broken_text_everything_is_as_without(desk: Desk, settled: bool) -> None:
    desk.open(USERS)
    desk.open(RUST)
    for old, new in (
        ('return {"id"', '(\n    return {"id"'),
        ('"/{id}", response_model=User', '"/{key}/x", response_model=User'),
        ('(\n    return {"id"', 'return {"id"'),
    ):
        desk.replace(USERS, old, new)
        if settled:
            desk.loop.pass_time()
    fresh = Desk(desk.root / "fresh")
    (fresh.root / USERS).write_text(desk.content(USERS), "utf-8")
    fresh.start()
    assert desk.lenses(USERS) == fresh.lenses(USERS)
    assert desk.context.view.snapshot.links == fresh.context.view.snapshot.links
    assert desk.context.view.snapshot.findings == fresh.context.view.snapshot.findings


def test_nothing_is_remembered_of_what_was_broken_when_it_was_opened(desk: Desk) -> None:
    path = desk.root / USERS
    path.write_text(desk.content(USERS).replace("id: str)", "id: str"), "utf-8")
    fresh = Desk(desk.root / "fresh")
    (fresh.root / USERS).write_text(path.read_text("utf-8"), "utf-8")
    fresh.start().open(USERS)
    assert all("get_user" not in title for _, title in fresh.lenses(USERS))


def test_closed_documents_are_not_remembered(desk: Desk) -> None:
    desk.open(USERS)
    desk.open(RUST)
    desk.replace(USERS, 'return {"id"', '(\n    return {"id"')
    path = desk.root / USERS
    path.write_text(desk.content(USERS), "utf-8")
    desk.session.close(desk.uri(USERS))
    desk.session.flush()
    assert any(title == "only in the crate" for _, title in desk.lenses(RUST))
