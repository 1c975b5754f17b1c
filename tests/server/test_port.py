"""Porting from the editor: what is offered, the edit on resolve, the preview, the command."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from port_lsp.server.features.actions import handle, resolve
from port_lsp.server.features.commands import port
from port_lsp.server.features.preview import handle as preview
from port_lsp.server.messages import PreviewParams
from tests.server.client import NEOVIM, Json
from tests.server.desk import PROJECT, Desk
from tests.server.test_actions import applied

NOTES, MODELS = "backend/app/routers/notes.py", "backend/app/models.py"
RUST_NOTES, RUST_MODELS = "crate/src/routes/notes.rs", "crate/src/models.rs"
ANNOTATING: Json = {
    **NEOVIM,
    "workspace": {
        **NEOVIM["workspace"],
        "applyEdit": True,
        "workspaceEdit": {
            "documentChanges": True,
            "resourceOperations": ["create"],
            "changeAnnotationSupport": {},
        },
    },
}


def actions(desk: Desk, name: str, word: str, only: Any = None) -> list[types.CodeAction]:
    at = desk.position(name, word)
    context = types.CodeActionContext(diagnostics=[], only=only)
    document = types.TextDocumentIdentifier(desk.uri(name))
    params = types.CodeActionParams(document, types.Range(at, at), context)
    found = handle(desk.session, params)
    return [one for one in found if str(one.kind).startswith("refactor")]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path).start()


def test_what_is_offered(desk: Desk) -> None:
    desk.open(NOTES)
    offered = [(one.title, str(one.kind)) for one in actions(desk, NOTES, "search_notes")]
    assert offered == [
        ("Port GET /notes/search to Rust", "refactor.rewrite.port.endpoint"),
    ]
    # It is there, if under another method: so it can be tested.
    there = [(one.title, str(one.kind)) for one in actions(desk, NOTES, "update_note")]
    test = "Write integration test for PUT /notes/{id}"
    assert there == [(test, "refactor.rewrite.port.endpoint")]


def test_a_test_goes_into_a_program(desk: Desk) -> None:
    """The crate has no library: its tests are modules of its program."""
    desk.open(NOTES)
    (action,) = actions(desk, NOTES, "update_note")
    texts = applied(desk, resolve(desk.session, action).edit)
    assert "\n#[cfg(test)]\nmod tests;\n" in texts["crate/src/main.rs"]
    assert "crate/src/tests/common.rs" in texts


def test_what_only_main_registers_has_no_test(desk: Desk) -> None:
    main = desk.root / "crate/src/main.rs"
    routes = 'Router::new().route("/notes/{id}", axum::routing::put(update_note))'
    text = main.read_text("utf-8").replace(
        '.nest("/notes", routes::notes::router())', f".merge({routes})"
    )
    main.write_text(text + "\nasync fn update_note() {}\n", "utf-8")
    desk.session.sweep()
    desk.open(NOTES)
    assert not actions(desk, NOTES, "update_note")


def test_kinds_are_asked_for(desk: Desk) -> None:
    desk.open(NOTES)
    assert actions(desk, NOTES, "search_notes", ["refactor.rewrite"])
    assert actions(desk, NOTES, "search_notes", ["refactor.rewrite.port.endpoint"])
    assert not actions(desk, NOTES, "search_notes", ["refactor.rewrite.port.model"])
    assert not actions(desk, NOTES, "search_notes", ["quickfix"])


def test_the_edit_comes_on_resolve(desk: Desk) -> None:
    desk.open(NOTES)
    action = actions(desk, NOTES, "search_notes")[0]
    assert action.edit is None
    texts = applied(desk, resolve(desk.session, action).edit)
    assert list(texts) == ["crate/Cargo.toml", RUST_NOTES]  # its body speaks of serde_json
    assert '.route("/search", get(search_notes))' in texts[RUST_NOTES]
    assert "async fn search_notes(" in texts[RUST_NOTES]
    assert "Json(json!([]))" in texts[RUST_NOTES]
    assert "use axum::{extract::Path, routing::post, Router};" not in texts[RUST_NOTES]


def test_what_was_written_is_ported(desk: Desk) -> None:
    desk.open(NOTES)
    texts = applied(desk, resolve(desk.session, actions(desk, NOTES, "search_notes")[0]).edit)
    for name, text in texts.items():
        (desk.root / name).write_text(text, "utf-8")
    desk.session.sweep()
    titles = [one.title for one in actions(desk, NOTES, "search_notes")]
    assert titles == ["Write integration test for GET /notes/search"]
    link = next(
        row for row in desk.context.view.snapshot.links.endpoints
        if row.backend is not None and row.backend.endswith("GET /notes/search")
    )  # fmt: skip
    assert link.presence == "stub"  # its body is still to be written
    assert link.drift == ()


@pytest.mark.parametrize("name", ["backend/app/routers/users.py", "crate/src/routes/users.rs"])
def test_a_stub_is_filled_from_either_side(tmp_path: Path, name: str) -> None:
    desk = Desk(tmp_path).start()
    desk.open(name)
    title = "Fill in delete_user() of src/routes/users.rs, which is a stub"
    found = [one for one in actions(desk, name, "delete_user") if one.title == title]
    assert [one.kind for one in found] == ["refactor.rewrite.port.endpoint"]
    texts = applied(desk, resolve(desk.session, found[0]).edit)
    text = texts["crate/src/routes/users.rs"]
    assert (
        "async fn delete_user(Path(_id): Path<String>) -> Json<bool> {\n    Json(true)\n}" in text
    )


def test_a_model(desk: Desk) -> None:
    desk.open(MODELS)
    action = next(one for one in actions(desk, MODELS, "Settings") if "Settings" in one.title)
    assert str(action.kind) == "refactor.rewrite.port.model"
    texts = applied(desk, resolve(desk.session, action).edit)
    assert "pub struct Settings {" in texts[RUST_MODELS]


def test_an_event(tmp_path: Path) -> None:
    name = "backend/app/socket.py"
    socket = f"""
//- /{name}
import socketio
sio = socketio.AsyncServer()


@sio.on("user-join")
async def user_join(sid, data):
    return {{"id": data["id"]}}
"""
    desk = Desk(tmp_path, PROJECT + socket).start()
    desk.open(name)
    action = actions(desk, name, "user_join")[0]
    assert (action.title, str(action.kind)) == (
        "Port user-join to Rust",
        "refactor.rewrite.port.function",
    )
    texts = applied(desk, resolve(desk.session, action).edit)
    assert any('socket.on("user-join", user_join)' in text for text in texts.values()), texts


def test_the_document_moved_on(desk: Desk) -> None:
    desk.open(NOTES)
    action = actions(desk, NOTES, "search_notes")[0]
    desk.replace(NOTES, "return []", "return [1]")
    with pytest.raises(JsonRpcException, match="edited meanwhile"):
        resolve(desk.session, action)


def test_annotations(tmp_path: Path) -> None:
    desk = Desk(tmp_path, capabilities=ANNOTATING).start()
    desk.open(NOTES)
    edit = resolve(desk.session, actions(desk, NOTES, "search_notes")[0]).edit
    assert edit is not None
    assert edit.document_changes
    assert [one.label for one in (edit.change_annotations or {}).values()] == [
        "Port GET /notes/search to Rust",
        "Dependencies that it needs",
    ]
    of = {
        one.text_document.uri: {getattr(change, "annotation_id", None) for change in one.edits}
        for one in edit.document_changes
        if isinstance(one, types.TextDocumentEdit)
    }
    assert of[desk.uri("crate/Cargo.toml")] == {"port-lsp.needs"}
    assert of[desk.uri(RUST_NOTES)] == {"port-lsp"}


def test_preview(desk: Desk) -> None:
    found = preview(desk.session, PreviewParams(item="search_notes"))
    # The item's own file comes first.
    assert [one.uri for one in found] == [desk.uri(RUST_NOTES), desk.uri("crate/Cargo.toml")]
    assert found[0].before == desk.content(RUST_NOTES)
    assert "search_notes" in found[0].after


@pytest.mark.parametrize("item", ["nothing_is_called_so", None])
def test_preview_of_nothing(desk: Desk, item: str | None) -> None:
    with pytest.raises(JsonRpcException, match="name an item"):
        preview(desk.session, PreviewParams(item=item))


def test_preview_of_what_is_ported(desk: Desk) -> None:
    with pytest.raises(JsonRpcException, match="ported already"):
        preview(desk.session, PreviewParams(item="get_user"))


def test_the_command_asks_the_client(tmp_path: Path) -> None:
    desk = Desk(tmp_path, capabilities=ANNOTATING).start()
    assert port(desk.session, {"item": "search_notes"}) is True
    asked = desk.outbox.of("workspace/applyEdit")
    assert len(asked) == 1


def test_the_command_says_what_the_client_cannot(desk: Desk) -> None:
    with pytest.raises(JsonRpcException, match="can't apply an edit"):
        port(desk.session, {"item": "search_notes"})


LACKING = {
    RUST_MODELS: [
        ("    pub id: String,\n    #[serde(rename", "    #[serde(rename"),
        (
            "pub struct UserForm {\n    pub",
            'pub struct UserForm {\n    #[serde(rename = "name")]\n    pub',
        ),
    ],
    "crate/src/routes/users.rs": [
        ("Json(User { id, full_name })", "Json(User { full_name })"),
        ("Json(User { id, full_name: form.full_name })", "Json(User { full_name: id })"),
    ],
    MODELS: [("    id: str\n", "    id: str | None = None\n")],
}


def lacking(tmp_path: Path) -> Desk:
    """The project with a struct that lacks a field and one that names a field otherwise."""
    desk = Desk(tmp_path)
    for name, edits in LACKING.items():
        text = (desk.root / name).read_text("utf-8")
        for old, new in edits:
            assert old in text
            text = text.replace(old, new)
        (desk.root / name).write_text(text, "utf-8")
    return desk.start()


def titles(desk: Desk, name: str, word: str) -> list[tuple[str, str]]:
    return [(one.title, str(one.kind)) for one in actions(desk, name, word)]


def test_fields_that_a_struct_lacks(tmp_path: Path) -> None:
    desk = lacking(tmp_path)
    desk.open(MODELS)
    kind = "refactor.rewrite.port.model"
    every = [("Add the field that User lacks: id", kind)]
    assert titles(desk, MODELS, "User(") == every
    assert titles(desk, RUST_MODELS, "User {") == every
    assert titles(desk, MODELS, "id: str") == [("Add id to User", kind)]
    assert titles(desk, RUST_MODELS, "full_name") == []
    action = actions(desk, MODELS, "id: str")[0]
    assert action.edit is None
    texts = applied(desk, resolve(desk.session, action).edit)
    assert "pub struct User {\n    pub id: Option<String>,\n    #[serde" in texts[RUST_MODELS]
    users = texts["crate/src/routes/users.rs"]
    assert users.count("id: None") == 2
    for name, text in texts.items():
        (desk.root / name).write_text(text, "utf-8")
    desk.session.sweep()
    assert titles(desk, MODELS, "User(") == []


def test_a_name_on_the_wire(tmp_path: Path) -> None:
    desk = lacking(tmp_path)
    desk.open(MODELS)
    named = ("Name full_name `full_name` on the wire", "refactor.rewrite.port.model")
    assert titles(desk, MODELS, "UserForm(") == [named]
    action = actions(desk, MODELS, "UserForm(")[0]
    texts = applied(desk, resolve(desk.session, action).edit)
    assert "pub struct UserForm {\n    pub full_name" in texts[RUST_MODELS]


def test_places_that_fit_equally_well_are_offered(tmp_path: Path) -> None:
    fixture = Path(__file__).parent.parent / "fixtures" / "writing" / "places" / "axum.txt"
    desk = Desk(tmp_path, fixture.read_text("utf-8")).start()
    desk.open(NOTES)
    offered = actions(desk, NOTES, "delete_notes")
    assert [one.title for one in offered] == [
        "Port DELETE /notes/all to Rust, into src/routes/folders.rs",
        "Port DELETE /notes/all to Rust, into src/routes/notes.rs",
    ]
    for one, file in zip(offered, ("folders", "notes"), strict=True):
        edit = resolve(desk.session, one).edit
        assert edit is not None
        changed = edit.document_changes or ()
        uris = [one.text_document.uri for one in changed if isinstance(one, types.TextDocumentEdit)]
        assert uris == [desk.uri(f"crate/src/routes/{file}.rs")]
