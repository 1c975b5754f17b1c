"""The session: what goes on beside the loop, what waits, what fails."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from port_lsp.index.index import Index
from tests.server.client import NEOVIM, VSCODE
from tests.server.desk import PROJECT, Desk

USERS, NOTES = "backend/app/routers/users.py", "backend/app/routers/notes.py"


def statuses(desk: Desk) -> list[Any]:
    return desk.outbox.of("portLsp/status")


def test_meanwhile_it_answers_with_what_it_has(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.loop.hold()
    desk.start()
    desk.open(NOTES)
    assert desk.lenses(NOTES) == []
    assert [status.quiescent for status in statuses(desk)] == [False]
    desk.replace(NOTES, '@router.get("/search")', '@router.get("/find")')
    desk.loop.release()
    assert [status.quiescent for status in statuses(desk)] == [False, True]
    found = desk.pushed(NOTES)
    assert found is not None
    assert "GET /notes/find" in found[0].message


def test_whoever_waits_for_an_index_is_told(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    told: list[str] = []
    desk.loop.hold()
    desk.start()
    desk.session.when_ready(lambda: told.append("first"))
    desk.session.reindex()
    desk.loop.release()
    assert told == ["first"]
    desk.session.when_ready(lambda: told.append("second"))
    assert told == ["first", "second"]
    desk.loop.hold()
    desk.session.reindex()
    desk.session.when_ready(lambda: told.append("third"))  # there is one, old as it may be
    assert told[-1] == "third"


def test_whoever_waits_for_nothing_to_be_read_is_told(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    told: list[str] = []
    desk.start()
    desk.session.when_idle(lambda: told.append("first"))
    assert told == ["first"]
    desk.loop.hold()
    desk.session.sweep()  # a file was saved
    desk.session.when_idle(lambda: told.append("second"))
    assert told == ["first"]
    desk.loop.release()
    assert told == ["first", "second"]


def test_whoever_waits_is_told_when_it_is_cancelled(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    told: list[bool] = []
    desk.loop.hold()
    desk.start()
    desk.session.when_ready(lambda: told.append(True))
    desk.session.cancel(desk.outbox.of("window/workDoneProgress/create")[0].token)
    desk.loop.release()
    assert told == [True]


def test_edits_wait_for_what_is_under_way(desk: Desk) -> None:
    desk.open(NOTES)
    desk.loop.hold()
    desk.session.sweep()
    desk.replace(NOTES, '@router.get("/search")', '@router.get("/find")')
    assert "search" in (desk.pushed(NOTES) or [])[0].message
    desk.loop.release()
    assert "find" in (desk.pushed(NOTES) or [])[0].message


def test_progress_is_shown_and_can_be_cancelled(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.loop.hold()
    desk.start()
    desk.loop.pass_time()
    token = desk.outbox.of("window/workDoneProgress/create")[0].token
    desk.session.cancel("another")
    desk.session.cancel(token)
    desk.loop.release()
    kinds = [params.value.kind for params in desk.outbox.of("$/progress")]
    assert (kinds[0], kinds[-1]) == ("begin", "end")
    assert (statuses(desk)[-1].health, statuses(desk)[-1].quiescent) == ("warning", True)
    assert desk.lenses(NOTES) == []
    desk.open(NOTES)  # whoever cancelled it wants none
    assert desk.lenses(NOTES) == []
    desk.session.reindex()
    assert (5, "not ported") in desk.lenses(NOTES)
    assert statuses(desk)[-1].health == "ok"


def test_without_progress_bars_there_are_none(tmp_path: Path) -> None:
    desk = Desk(tmp_path, capabilities={**NEOVIM, "window": {}}).start()
    assert desk.outbox.of("window/workDoneProgress/create") == []
    assert desk.outbox.of("$/progress") == []


def test_reindexing_begins_anew(desk: Desk) -> None:
    desk.open(NOTES)
    desk.replace(NOTES, '@router.get("/search")', '@router.get("/find")')
    (desk.root / USERS).unlink()
    desk.session.reindex()
    assert "find" in (desk.pushed(NOTES) or [])[0].message
    assert desk.lenses(USERS) == []


def test_reindexing_cancels_what_is_under_way(desk: Desk) -> None:
    desk.loop.hold()
    desk.session.reindex()
    desk.session.reindex()
    desk.loop.release()
    assert statuses(desk)[-1].health == "ok"
    assert (5, "not ported") in desk.lenses(NOTES)


def failing(monkeypatch: pytest.MonkeyPatch, name: str, times: int) -> None:
    """The index' method fails as often."""
    whole: Callable[..., Any] = getattr(Index, name)
    left = [times]

    def fail(self: Index, *arguments: Any) -> Any:
        if left[0]:
            left[0] -= 1
            raise RuntimeError("a mistake of the index")
        return whole(self, *arguments)

    monkeypatch.setattr(Index, name, fail)


def test_an_edit_that_cannot_be_read_costs_a_new_index(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.open(NOTES)
    failing(monkeypatch, "update", 1)
    desk.replace(NOTES, '@router.get("/search")', '@router.get("/find")')
    assert "find" in (desk.pushed(NOTES) or [])[0].message


def test_a_failure_is_a_status_and_another_edit_tries_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("port_lsp.server.session._RETRY", 0.0)
    failing(monkeypatch, "reload", 1)
    desk = Desk(tmp_path).start()
    assert statuses(desk)[-1].health == "error"
    assert "Traceback" not in statuses(desk)[-1].message
    desk.open(NOTES)
    assert statuses(desk)[-1].health == "ok"
    assert (5, "not ported") in desk.lenses(NOTES)


def test_files_that_change_on_disk(desk: Desk) -> None:
    path = desk.root / NOTES
    path.write_text(path.read_text("utf-8").replace("/search", "/find"), "utf-8")
    new = path.with_name("tags.py")
    new.write_text("from fastapi import APIRouter\n", "utf-8")
    desk.session.changed_on_disk([str(path), str(new), "/nowhere/x.py"])
    found = desk.context.view.snapshot
    assert found.backend is not None
    assert any(one.path == "/notes/find" for one in found.backend.endpoints)
    assert "app/routers/tags.py" in found.backend_files
    os.unlink(new)
    desk.session.changed_on_disk([str(new)])
    assert "app/routers/tags.py" not in desk.context.view.snapshot.backend_files


def test_open_documents_win_over_the_disk(desk: Desk) -> None:
    desk.open(NOTES)
    desk.replace(NOTES, "/search", "/find")
    path = desk.root / NOTES
    path.write_text("", "utf-8")
    desk.session.changed_on_disk([str(path)])
    assert len(desk.lenses(NOTES)) == 3
    desk.session.close(desk.uri(NOTES))
    assert desk.lenses(NOTES) == []


@pytest.mark.parametrize(("capabilities", "noticed"), [(NEOVIM, True), (VSCODE, False)])
def test_saving_looks_at_the_disk_where_nobody_watches(
    tmp_path: Path, capabilities: dict[str, Any], noticed: bool
) -> None:
    desk = Desk(tmp_path, capabilities=capabilities).start()
    path = desk.root / NOTES
    path.write_text(path.read_text("utf-8").replace("/search", "/find"), "utf-8")
    desk.session.saved()
    found = desk.context.view.snapshot.backend
    assert found is not None
    assert any(one.path == "/notes/find" for one in found.endpoints) == noticed


def test_watching_is_registered_where_the_client_has_it(tmp_path: Path, desk: Desk) -> None:
    assert desk.outbox.of("client/registerCapability") == []
    watching = Desk(tmp_path / "too", capabilities=VSCODE).start()
    registered = watching.outbox.of("client/registerCapability")
    globs = [w.glob_pattern for w in registered[0].registrations[0].register_options.watchers]
    assert globs == ["**/*.py", "**/*.rs", "**/Cargo.toml", "**/port-lsp.toml", "**/pyproject.toml"]


def test_the_jump_is_registered_while_it_is_switched_on(tmp_path: Path) -> None:
    text = PROJECT + "//- /port-lsp.toml\n[jump]\nstandard = true\n"
    desk = Desk(tmp_path, text, VSCODE).start()
    methods = [p.registrations[0].method for p in desk.outbox.of("client/registerCapability")]
    assert methods[-1] == "textDocument/implementation"
    desk.open("port-lsp.toml")
    desk.replace("port-lsp.toml", "true", "false")
    assert len(desk.outbox.of("client/unregisterCapability")) == 1


def test_started_at_either_root(tmp_path: Path) -> None:
    shares: list[Any] = []
    for folder in ("backend", "crate", ""):
        desk = Desk(tmp_path / (folder or "whole"))
        desk.session.add_folders([str(desk.root / folder)], [str(desk.root)])
        shares.append(statuses(desk)[-1].shares)
    assert shares[0] == shares[1] == shares[2]
    assert shares[0].endpoints.total == 5


def test_several_folders_that_have_nothing_above_them(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    (desk.root / ".git").rmdir()
    for folder in ("backend", "crate"):
        (desk.root / folder).rename(desk.root / f"{folder}-x")
        (desk.root / f"{folder}-x").rename(desk.root / f"{folder}-y")
        (desk.root / f"{folder}-y" / ".git").mkdir()
    folders = [str(desk.root / "backend-y"), str(desk.root / "crate-y")]
    desk.session.add_folders(folders, [str(desk.root)])
    shares = statuses(desk)[-1].shares
    assert (shares.endpoints.total, shares.endpoints.unported) == (5, 1)


def test_links_that_lead_to_a_side(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "real")
    link = tmp_path / "link"
    link.symlink_to(desk.root)
    desk.session.add_folders([str(desk.root)], [])
    uri = (link / NOTES).as_uri()
    desk.session.open(uri, 1, desk.content(NOTES).replace("/search", "/find"))
    desk.session.flush()
    found = [p for p in desk.outbox.of("textDocument/publishDiagnostics") if p.uri == uri]
    assert "find" in found[-1].diagnostics[0].message


def test_the_log_says_which_roots_were_taken_and_why(desk: Desk) -> None:
    logged = [params.message for params in desk.outbox.of("window/logMessage")]
    assert logged == [
        f"backend: {desk.path('backend')} (found: 3 files import fastapi)",
        f"crate: {desk.path('crate')} (found: 3 files use axum or actix-web)",
    ]
    desk.session.reindex()
    assert len(desk.outbox.of("window/logMessage")) == 2


def test_nothing_there(tmp_path: Path) -> None:
    desk = Desk(tmp_path, "//- /README.md\nnothing\n").start()
    assert statuses(desk)[-1].health == "warning"
    assert "no FastAPI backend found" in statuses(desk)[-1].message


def test_no_crate(tmp_path: Path) -> None:
    desk = Desk(tmp_path, PROJECT.partition("//- /crate/Cargo.toml")[0]).start()
    assert "no crate found" in statuses(desk)[-1].message
    assert (5, "not ported") in desk.lenses(NOTES)


def test_views_are_told_which_files_are_old(desk: Desk) -> None:
    desk.open(NOTES)
    sent = len(desk.outbox.of("portLsp/didChangeIndex"))
    desk.replace(NOTES, "return []", "return [1]")
    desk.loop.pass_time()
    assert len(desk.outbox.of("portLsp/didChangeIndex")) == sent
    desk.replace(NOTES, '@router.put("/{id}")', '@router.post("/{id}")')
    desk.loop.pass_time()
    message = desk.outbox.of("portLsp/didChangeIndex")[-1]
    names = {uri.rpartition("/")[2] for uri in message.files}
    assert names == {"notes.py", "notes.rs"}
    assert statuses(desk)[-1].shares.endpoints.drifted == 1


def test_after_the_end_nothing_begins(desk: Desk) -> None:
    desk.session.close_down()
    desk.session.sweep()
    desk.session.reindex()
    assert statuses(desk)[-1].quiescent
