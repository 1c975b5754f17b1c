"""Diagnostics: pushed or pulled, of open and of closed files, of the other side."""

from __future__ import annotations

from pathlib import Path

import pytest
from lsprotocol import types

from port_lsp.server.features.diagnostics import of_document, of_workspace
from tests.server.client import NEOVIM, VSCODE, Json
from tests.server.desk import PROJECT, Desk

USERS, NOTES = "backend/app/routers/users.py", "backend/app/routers/notes.py"
RUST = "crate/src/routes/notes.rs"
PULLING: Json = {
    **VSCODE,
    "textDocument": {**VSCODE["textDocument"], "diagnostic": {"relatedDocumentSupport": True}},
}


def pull(desk: Desk, name: str, previous: str | None = None) -> Json:
    document = types.TextDocumentIdentifier(desk.uri(name))
    params = types.DocumentDiagnosticParams(document, previous_result_id=previous)
    found = of_document(desk.context, desk.session.publisher, params)
    items = getattr(found, "items", None)
    return {
        "kind": found.kind,
        "id": found.result_id,
        "rules": None if items is None else [item.code for item in items],
        "related": sorted(uri.rpartition("/")[2] for uri in found.related_documents or {}),
    }


def pull_all(desk: Desk, *known: types.PreviousResultId) -> dict[str, Json]:
    params = types.WorkspaceDiagnosticParams(previous_result_ids=list(known))
    found = of_workspace(desk.context, desk.session.publisher, params)
    root = desk.root.as_uri() + "/"
    return {
        one.uri.removeprefix(root): {
            "kind": one.kind,
            "id": one.result_id,
            "rules": [item.code for item in getattr(one, "items", ())],
        }
        for one in found.items
    }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
def test_ranges_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    text = PROJECT.replace(
        "async def search_notes", "async def \N{MATHEMATICAL BOLD SMALL S}earch_notes"
    ).replace('\n@router.get("/search")', '\n@router.get("/search\\N{GRINNING FACE}")')
    can = {**NEOVIM, "general": {"positionEncodings": [encoding]}}
    desk = Desk(tmp_path, text, can).start()
    desk.open(NOTES)
    found = desk.pushed(NOTES)
    assert found is not None
    where = found[0].range
    width = {"utf-8": 4, "utf-16": 2, "utf-32": 1}[encoding] + len("earch_notes")
    assert (where.start.line, where.start.character) == (5, 10)
    assert where.end.character == 10 + width


def test_they_are_pushed_for_open_documents_alone(desk: Desk) -> None:
    assert desk.outbox.of("textDocument/publishDiagnostics") == []
    desk.open(NOTES)
    assert desk.rules(NOTES) == [(6, "unported-endpoint")]
    assert len(desk.outbox.of("textDocument/publishDiagnostics")) == 1


def test_an_edit_is_always_answered_with_its_version(desk: Desk) -> None:
    desk.open(USERS)
    desk.replace(USERS, "return True", "return False")
    found = desk.outbox.of("textDocument/publishDiagnostics")
    assert [(params.version, list(params.diagnostics)) for params in found] == [(1, []), (2, [])]


def test_an_edit_here_changes_what_is_said_there(desk: Desk) -> None:
    desk.open(NOTES)
    desk.open(RUST)
    assert desk.rules(RUST) == [(4, "method-drift")]
    desk.replace(NOTES, '@router.put("/{id}")', '@router.post("/{id}")')
    assert desk.rules(RUST) == []
    desk.replace(RUST, '.route("/{id}", post(update_note))', "")
    assert desk.rules(NOTES) == [(6, "unported-endpoint"), (11, "unported-endpoint")]


def test_what_is_closed_is_taken_back(desk: Desk) -> None:
    desk.open(NOTES)
    desk.session.close(desk.uri(NOTES))
    assert desk.pushed(NOTES) == []
    sent = len(desk.outbox.sent)
    desk.session.flush()
    assert desk.outbox.sent[sent:] == []


def test_related_places_are_shown_where_the_client_can(tmp_path: Path, desk: Desk) -> None:
    name = "crate/src/routes/users.rs"
    desk.open(name)
    found = desk.pushed(name)
    assert found is not None
    related = found[0].related_information
    assert related is not None
    assert {one.location.uri.rpartition("/")[2] for one in related} == {"users.rs", "users.py"}
    text: Json = {**NEOVIM["textDocument"], "publishDiagnostics": {}}
    without = Desk(tmp_path / "too", capabilities={**NEOVIM, "textDocument": text}).start()
    without.open(name)
    assert without.pushed(name) is not None
    assert all(d.related_information is None for d in without.pushed(name) or [])


def test_who_pulls_is_never_pushed_to(tmp_path: Path) -> None:
    desk = Desk(tmp_path, capabilities=VSCODE).start()
    desk.open(NOTES)
    desk.session.close(desk.uri(NOTES))
    assert desk.outbox.of("textDocument/publishDiagnostics") == []


def test_result_ids_change_with_the_diagnostics_alone(tmp_path: Path) -> None:
    desk = Desk(tmp_path, capabilities=VSCODE).start()
    desk.open(NOTES)
    first = pull(desk, NOTES)
    assert first["rules"] == ["unported-endpoint"]
    assert pull(desk, NOTES, first["id"])["kind"] == "unchanged"
    desk.replace(NOTES, "return []", "return [1]")
    assert pull(desk, NOTES, first["id"])["kind"] == "unchanged"
    desk.replace(NOTES, "router = APIRouter()", "\nrouter = APIRouter()")
    assert pull(desk, NOTES, first["id"])["kind"] == "full"
    again = Desk(tmp_path / "again", capabilities=VSCODE).start()
    assert pull(again, NOTES)["id"] == first["id"]  # in another process, too


def test_closed_files_are_pulled_from_the_workspace(tmp_path: Path) -> None:
    desk = Desk(tmp_path, capabilities=VSCODE).start()
    found = pull_all(desk)
    assert {name: one["rules"] for name, one in found.items()} == {
        "backend/app/models.py": ["unported-model"],
        NOTES: ["unported-endpoint"],
        "crate/src/main.rs": ["rust-only-route"],
        RUST: ["method-drift"],
        "crate/src/routes/users.rs": ["path-drift", "stub-endpoint"],
    }
    known = [types.PreviousResultId(desk.uri(name), one["id"]) for name, one in found.items()]
    assert {one["kind"] for one in pull_all(desk, *known).values()} == {"unchanged"}
    desk.open(NOTES)
    desk.replace(NOTES, '@router.put("/{id}")', '@router.post("/{id}")')
    after = pull_all(desk, *known)
    assert (after[RUST]["kind"], after[RUST]["rules"]) == ("full", [])
    assert after["crate/src/main.rs"]["kind"] == "unchanged"


def test_related_documents_come_along(tmp_path: Path) -> None:
    desk = Desk(tmp_path, capabilities=PULLING).start()
    for name in (NOTES, RUST):
        desk.open(name)
        pull(desk, name)
    desk.replace(NOTES, '@router.put("/{id}")', '@router.post("/{id}")')
    found = pull(desk, NOTES)
    assert found["related"] == ["notes.rs"]
    assert pull(desk, NOTES)["related"] == []
    assert pull(desk, NOTES, found["id"])["kind"] == "unchanged"
    desk.replace(NOTES, '@router.post("/{id}")', '@router.put("/{id}")')
    again = pull(desk, NOTES, found["id"])
    assert (again["kind"], again["related"]) == ("full", ["notes.rs"])


def test_a_refresh_is_asked_for_when_others_are_old(tmp_path: Path) -> None:
    desk = Desk(tmp_path, capabilities=VSCODE).start()
    for name in (NOTES, RUST):
        desk.open(name)
        pull(desk, name)
    desk.replace(NOTES, '@router.put("/{id}")', '@router.post("/{id}")')
    pull(desk, NOTES)
    assert desk.outbox.of("workspace/diagnostic/refresh") == []
    desk.loop.pass_time()
    desk.replace(NOTES, "return []", "return [1]")
    desk.loop.pass_time()
    assert len(desk.outbox.of("workspace/diagnostic/refresh")) == 1  # until the client pulls


def test_documents_of_no_side_have_none(desk: Desk) -> None:
    desk.session.open("untitled:Untitled-1", 1, "x = 1")
    desk.session.open("git:/a/b.py", 1, "x = 1")
    desk.session.open("file:///c%3A/a/b.py", 1, "x = 1")
    desk.session.flush()
    assert desk.outbox.of("textDocument/publishDiagnostics") == []


def test_findings_of_fixtures(tmp_path: Path) -> None:
    """The marks in a fixture are what is pushed, column by column."""
    text = PROJECT.replace(
        "async def search_notes(q: str):\n",
        "async def search_notes(q: str):\n#         ^^^^^^^^^^^^ unported-endpoint\n",
    ).replace(
        "class Settings(BaseModel):\n",
        "class Settings(BaseModel):\n     #^^^^^^^^ unported-model\n",
    )
    desk = Desk(tmp_path, text).start()
    for one in desk.fixture.expectations:
        desk.open(one.path)
        shown = [
            (d.range.start.line + 1, d.range.start.character + 1, d.range.end.character + 1, d.code)
            for d in desk.pushed(one.path) or []
        ]
        assert (one.line, one.start, one.end, one.rule) in shown
    assert len(desk.fixture.expectations) == 2
