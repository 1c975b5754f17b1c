"""Code lenses: what is said above endpoints and models, and on line 1."""

from __future__ import annotations

import json
from pathlib import Path

from port_lsp.parity.results import ported, texts_of
from port_lsp.server.lenses import lenses
from tests.server.client import NEOVIM
from tests.server.desk import PROJECT, Desk


def test_on_the_backends_side(desk: Desk) -> None:
    assert desk.lenses("backend/app/routers/users.py") == [
        (1, "2 of 3 endpoints ported, 1 stub, 1 drifted"),
        (6, "→ routes/users.rs:10 · ported"),
        (11, "→ routes/users.rs:15 · drifted: path-drift"),
        (16, "→ routes/users.rs:20 · stub"),
    ]
    assert desk.lenses("backend/app/routers/notes.py")[:2] == [
        (1, "1 of 2 endpoints ported, 1 drifted"),
        (5, "not ported"),
    ]


def test_of_models(desk: Desk) -> None:
    assert desk.lenses("backend/app/models.py") == [
        (1, "2 of 3 models ported"),
        (4, "→ models.rs:4 · ported"),
        (9, "→ models.rs:11 · ported"),
        (13, "not ported"),
    ]


def test_the_way_back(desk: Desk) -> None:
    assert desk.lenses("crate/src/routes/users.rs") == [
        (10, "← routers/users.py:7 · ported"),
        (15, "← routers/users.py:12 · drifted: path-drift"),
        (20, "← routers/users.py:17 · stub"),
    ]
    assert desk.lenses("crate/src/main.rs") == [(15, "only in the crate")]


def test_of_what_is_no_part_of_either_side(desk: Desk) -> None:
    assert lenses(desk.context, "untitled:Untitled-1") == []
    assert lenses(desk.context, desk.uri("crate/Cargo.toml")) == []
    assert lenses(desk.context, "file:///c%3A/nowhere.py") == []


def test_what_both_sides_answered_alike(tmp_path: Path) -> None:
    """Until one of both handlers is edited."""
    (tmp_path / "port-lsp.toml").write_text('[parity]\nresults = "parity.json"\n', "utf-8")
    desk = Desk(tmp_path).start()
    users = "backend/app/routers/users.py"
    assert desk.lenses(users)[1] == (6, "→ routes/users.rs:10 · ported")
    snapshot = desk.context.view.snapshot
    rows = [
        {"endpoint": ours.id, "verdict": "same", "texts": texts_of(snapshot, ours, theirs)}
        for ours, theirs in ported(snapshot)
        if ours.handler == "get_user"
    ]
    (tmp_path / "parity.json").write_text(json.dumps({"endpoints": rows}), "utf-8")
    assert desk.lenses(users)[1] == (6, "→ routes/users.rs:10 · ported · verified")
    desk.open(users)
    desk.replace(users, "async def get_user(id: str):", "async def get_user(id: int):")
    assert desk.lenses(users)[1] == (6, "→ routes/users.rs:10 · ported")


def test_several_routes_of_one_handler(tmp_path: Path) -> None:
    text = PROJECT.replace(
        '@router.get("/search")', '@router.get("/search")\n@router.post("/{id}")'
    )
    desk = Desk(tmp_path, text).start()
    assert desk.lenses("backend/app/routers/notes.py")[1:3] == [
        (5, "→ routes/notes.rs:7 · drifted: alias-not-mounted"),
        (6, "→ routes/notes.rs:7 · ported"),
    ]


def test_a_click_jumps_where_the_client_can(desk: Desk, tmp_path: Path) -> None:
    first = lenses(desk.context, desk.uri("backend/app/routers/users.py"))[1].command
    assert first is not None
    assert first.command == "portLsp.openCounterpart"
    assert first.arguments == [{"item": "app/routers/users.py::get_user#GET /users/{id}"}]
    without = Desk(tmp_path / "too", capabilities={**NEOVIM, "window": {}}).start()
    second = lenses(without.context, without.uri("backend/app/routers/users.py"))[1].command
    assert second is not None
    assert second.command == ""
    assert second.arguments is None


def test_unsaved_text_wins(desk: Desk) -> None:
    name = "crate/src/routes/users.rs"
    desk.open(name)
    desk.replace(name, "pub fn router()", "\n\n\npub fn router()")
    assert (6, "→ routes/users.rs:13 · ported") in desk.lenses("backend/app/routers/users.py")
    desk.session.close(desk.uri(name))
    assert (6, "→ routes/users.rs:10 · ported") in desk.lenses("backend/app/routers/users.py")


def test_the_client_is_told_when_they_are_old(tmp_path: Path) -> None:
    can = {**NEOVIM, "workspace": {**NEOVIM["workspace"], "codeLens": {"refreshSupport": True}}}
    desk = Desk(tmp_path, capabilities=can).start()
    python, rust = "backend/app/routers/users.py", "crate/src/routes/users.rs"
    desk.open(python)
    desk.open(rust)
    desk.session.signals.served(desk.uri(python), ())
    desk.loop.pass_time()
    assert len(desk.outbox.of("workspace/codeLens/refresh")) == 1
    desk.replace(rust, "pub fn router()", "\npub fn router()")
    desk.loop.pass_time()  # the client hasn't asked again: it doesn't show them
    assert len(desk.outbox.of("workspace/codeLens/refresh")) == 1
