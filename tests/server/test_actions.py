"""Verdicts as code actions: what is offered, and what it writes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from port_lsp.server.features.actions import handle, resolve
from tests.server.client import NEOVIM, Json
from tests.server.desk import PROJECT, Desk

USERS, NOTES = "backend/app/routers/users.py", "backend/app/routers/notes.py"
RUST = "crate/src/routes/notes.rs"
WITH_CONFIG = PROJECT + '//- /port-lsp.toml\n# ours\nbackend = "backend"\ncrate = "crate"\n'


def actions(desk: Desk, name: str, word: str, only: Any = None) -> dict[str, types.CodeAction]:
    at = desk.position(name, word)
    context = types.CodeActionContext(diagnostics=[], only=only)
    document = types.TextDocumentIdentifier(desk.uri(name))
    params = types.CodeActionParams(document, types.Range(at, at), context)
    return {action.title: action for action in handle(desk.session, params)}


def applied(desk: Desk, edit: types.WorkspaceEdit | None) -> dict[str, str]:
    """The files that an edit changes or makes, by name, with their new text."""
    assert edit is not None
    texts: dict[str, str] = {}
    root = desk.root.as_uri() + "/"
    for change in edit.document_changes or ():
        if isinstance(change, types.CreateFile):
            texts[change.uri.removeprefix(root)] = ""
        else:
            assert isinstance(change, types.TextDocumentEdit)
            name = change.text_document.uri.removeprefix(root)
            # All are given against the same text: the last one first.
            for one in sorted(change.edits, key=lambda one: one.range.start, reverse=True):
                assert isinstance(one, types.TextEdit)
                texts[name] = _with(texts.get(name) or _content(desk, name), one)
    for uri, edits in (edit.changes or {}).items():
        name = uri.removeprefix(root)
        for one in edits:
            texts[name] = _with(_content(desk, name), one)
    return texts


def _content(desk: Desk, name: str) -> str:
    return desk.content(name) if Path(desk.path(name)).exists() else ""


def _with(text: str, edit: types.TextEdit) -> str:
    lines = text.splitlines(keepends=True)
    start = sum(map(len, lines[: edit.range.start.line])) + edit.range.start.character
    end = sum(map(len, lines[: edit.range.end.line])) + edit.range.end.character
    return text[:start] + edit.new_text + text[end:]


TEST = "Write integration test for GET /users/{id}"


def test_what_is_offered(desk: Desk) -> None:
    assert list(actions(desk, USERS, "get_user")) == [
        TEST,
        "This is the counterpart: GET /users/{id} in routes/users.rs:10",
        "Not the counterpart: GET /users/{id} in routes/users.rs:10",
    ]
    assert "Won't port GET /notes/search, because…" in actions(desk, NOTES, "search_notes")
    assert "Won't port Settings, because…" in actions(desk, "backend/app/models.py", "Settings")
    assert list(actions(desk, RUST, "update_note(Path")) == [
        "This is the counterpart: PUT /notes/{id} in routers/notes.py:11",
        "Not the counterpart: PUT /notes/{id} in routers/notes.py:11",
    ]
    assert actions(desk, USERS, "from fastapi") == {}


def test_only_what_is_asked_for(desk: Desk) -> None:
    assert actions(desk, USERS, "get_user", [types.CodeActionKind.QuickFix])
    assert actions(desk, USERS, "get_user", [types.CodeActionKind.Empty])
    assert not actions(desk, USERS, "get_user", [types.CodeActionKind.Source])
    assert list(actions(desk, USERS, "get_user", ["refactor.rewrite.port.endpoint"])) == [TEST]
    assert not actions(desk, USERS, "get_user", ["refactor.rewrite.port.model"])


def test_the_list_is_cheap_and_the_edit_comes_later(desk: Desk) -> None:
    for action in actions(desk, USERS, "get_user").values():
        assert action.edit is None
        assert action.data is not None
        assert resolve(desk.session, action).edit is not None


@pytest.mark.parametrize(
    ("name", "word", "title", "written"),
    [
        (
            USERS,
            "get_user",
            "This is",
            '[pin]\n"app/routers/users.py::get_user" = "src/routes/users.rs::get_user"\n',
        ),
        (
            RUST,
            "update_note(Path",
            "Not the",
            '[unpin]\n"app/routers/notes.py::update_note" = ["src/routes/notes.rs::update_note"]\n',
        ),
        (
            "backend/app/models.py",
            "Settings",
            "Won't",
            '[[ignore]]\nitem = "app/models.py::Settings"\nreason = "say why"\n',
        ),
    ],
)
def test_what_is_written(tmp_path: Path, name: str, word: str, title: str, written: str) -> None:
    desk = Desk(tmp_path, WITH_CONFIG).start()
    found = next(a for t, a in actions(desk, name, word).items() if t.startswith(title))
    texts = applied(desk, resolve(desk.session, found).edit)
    assert texts == {"port-lsp.toml": desk.content("port-lsp.toml") + "\n" + written}


def test_a_verdict_takes_effect(tmp_path: Path) -> None:
    desk = Desk(tmp_path, WITH_CONFIG).start()
    desk.open("port-lsp.toml")
    found = next(a for t, a in actions(desk, USERS, "get_user").items() if t.startswith("Not"))
    texts = applied(desk, resolve(desk.session, found).edit)
    desk.replace("port-lsp.toml", desk.content("port-lsp.toml"), texts["port-lsp.toml"])
    assert all("users.rs:10" not in title for _, title in desk.lenses(USERS))
    edit = resolve(desk.session, actions(desk, NOTES, "search_notes").popitem()[1]).edit
    assert edit is not None
    change = (edit.document_changes or [None])[0]
    assert isinstance(change, types.TextDocumentEdit)
    assert change.text_document.version == 2  # the open document's


def test_a_reason_is_asked_for(desk: Desk) -> None:
    resolved = resolve(desk.session, actions(desk, NOTES, "search_notes").popitem()[1])
    command = resolved.command
    assert command is not None
    assert command.command == "portLsp.openVerdict"
    assert command.arguments is not None
    location = command.arguments[0]
    assert isinstance(location, types.Location)
    where = location.range
    text = applied(desk, resolved.edit)["port-lsp.toml"].splitlines()[where.start.line]
    assert text[where.start.character : where.end.character] == "say why"


def test_a_file_is_made_for_both_sides(desk: Desk) -> None:
    edit = resolve(desk.session, actions(desk, NOTES, "search_notes").popitem()[1]).edit
    assert edit is not None
    kinds = [type(change).__name__ for change in edit.document_changes or ()]
    assert kinds == ["CreateFile", "TextDocumentEdit"]
    assert set(applied(desk, edit)) == {"port-lsp.toml"}


def client(workspace_edit: Json, **action: object) -> Json:
    return {
        **NEOVIM,
        "textDocument": {**NEOVIM["textDocument"], "codeAction": action},
        "workspace": {"workspaceEdit": workspace_edit},
    }


def test_a_client_that_can_neither_wait_nor_make_files(tmp_path: Path) -> None:
    can = client({}, codeActionLiteralSupport={"codeActionKind": {"valueSet": []}})
    desk = Desk(tmp_path, capabilities=can).start()
    action = actions(desk, NOTES, "search_notes").popitem()[1]
    assert action.data is None
    assert action.edit is not None
    assert action.edit.document_changes is None
    assert set(applied(desk, action.edit)) == {"port-lsp.toml"}


def test_a_client_that_knows_no_actions(tmp_path: Path) -> None:
    assert actions(Desk(tmp_path, capabilities=client({})).start(), USERS, "get_user") == {}


def test_the_document_moved_on(desk: Desk) -> None:
    desk.open(USERS)
    action = actions(desk, USERS, "get_user").popitem()[1]
    desk.replace(USERS, "return True", "return False")
    with pytest.raises(JsonRpcException) as error:
        resolve(desk.session, action)
    assert error.value.code == types.LSPErrorCodes.ContentModified


def test_a_file_that_is_no_toml_is_not_touched(tmp_path: Path) -> None:
    desk = Desk(tmp_path, WITH_CONFIG).start()
    desk.open("port-lsp.toml")
    action = actions(desk, USERS, "get_user").popitem()[1]
    desk.replace("port-lsp.toml", "# ours", "= =")
    with pytest.raises(JsonRpcException, match="isn't TOML"):
        resolve(desk.session, action)


@pytest.mark.parametrize("data", [None, {}, 7, {"uri": 1}, {"verdict": {"verdict": "x"}}])
def test_foreign_data(desk: Desk, data: Any) -> None:
    with pytest.raises(JsonRpcException):
        resolve(desk.session, types.CodeAction(title="x", data=data))


def test_in_pyproject(tmp_path: Path) -> None:
    text = PROJECT + '//- /pyproject.toml\n[tool.port-lsp]\nbackend = "backend"\n'
    desk = Desk(tmp_path, text).start()
    edit = resolve(desk.session, actions(desk, NOTES, "search_notes").popitem()[1]).edit
    assert "[[tool.port-lsp.ignore]]" in applied(desk, edit)["pyproject.toml"]


LOOSE = """
//- /backend/app/__init__.py
//- /backend/app/main.py
from fastapi import FastAPI
from pydantic import BaseModel
app = FastAPI()


class Telegram(BaseModel):
    words: str


class Weather(BaseModel):
    rain: int


@app.get("/reports/weekly/summary")
async def weekly_summary():
    return []


@app.get("/login")
async def login():
    return []
//- /crate/Cargo.toml
[package]
name = "app"
version = "0.1.0"
edition = "2021"

[dependencies]
axum = "0.8"
serde = { version = "1", features = ["derive"] }
//- /crate/src/main.rs
mod wire;

#[tokio::main]
async fn main() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    axum::serve(listener, wire::router()).await.unwrap();
}
//- /crate/src/wire.rs
use axum::{Router, routing::get};
use serde::Serialize;

#[derive(Serialize)]
pub struct TelegramMessage {
    pub text: String,
}

pub fn router() -> Router {
    Router::new()
        .route("/statistics/summary", get(summary))
        .route("/healthz", get(health))
}

async fn summary() -> String {
    let lines = vec!["up 1".to_string()];
    lines.join("")
}

async fn health() -> String {
    let lines = vec!["up 1".to_string()];
    lines.join("")
}
"""


def pins(desk: Desk, name: str, word: str) -> list[str]:
    lead = "This is the counterpart: "
    found = actions(desk, name, word)
    return [title.removeprefix(lead) for title in found if title.startswith(lead)]


def test_what_linking_has_no_candidate_for_is_offered_by_resemblance(tmp_path: Path) -> None:
    """On either side; where nothing resembles it, nothing is."""
    desk = Desk(tmp_path, LOOSE).start()
    python, rust = "backend/app/main.py", "crate/src/wire.rs"
    assert pins(desk, python, "weekly_summary") == ["GET /statistics/summary in wire.rs:15"]
    assert pins(desk, python, "login") == []
    assert pins(desk, python, "Telegram") == ["TelegramMessage in wire.rs:5"]
    assert pins(desk, python, "Weather") == []
    assert pins(desk, rust, "summary() ->") == ["GET /reports/weekly/summary in main.py:15"]
    assert pins(desk, rust, "health() ->") == []
    assert pins(desk, rust, "TelegramMessage") == ["Telegram in main.py:6"]
    assert all(link.confidence == 0 for link in desk.session.context().view.snapshot.links.models)
