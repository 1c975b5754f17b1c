"""Hover over names and registrations."""

from __future__ import annotations

from pathlib import Path

from lsprotocol import types

from port_lsp.server.features.hover import handle
from tests.server.client import NEOVIM
from tests.server.desk import Desk


def hover(desk: Desk, name: str, word: str) -> str | None:
    at = desk.at(name, word)
    params = types.HoverParams(at.text_document, at.position)
    found = handle(desk.context, params)
    if found is None:
        return None
    assert isinstance(found.contents, types.MarkupContent)
    return found.contents.value


def test_a_ported_endpoint(desk: Desk) -> None:
    text = hover(desk, "backend/app/routers/users.py", "get_user")
    assert text is not None
    uri = desk.uri("crate/src/routes/users.rs")
    lines = [line.strip() for line in text.splitlines()]
    assert lines[:3] == [
        "**`GET /users/{id}`**",
        "ported",
        f"→ `GET /users/{{id}}` [routes/users.rs:10]({uri}#L10)",
    ]
    assert any(line.startswith("guard: ") for line in lines)
    assert any(line.startswith("confidence ") for line in lines)
    assert any(line.startswith("- path ") for line in lines)


def test_over_the_decorator_too_and_not_over_the_body(desk: Desk) -> None:
    name = "backend/app/routers/users.py"
    assert hover(desk, name, '"/{id}", response_model') == hover(desk, name, "get_user")
    assert hover(desk, name, 'return {"id"') is None


def test_drift_is_said(desk: Desk) -> None:
    text = hover(desk, "crate/src/routes/notes.rs", "update_note(Path")
    assert text is not None
    assert "drifted: method-drift" in text
    assert "← `PUT /notes/{id}` [routers/notes.py:11]" in text


def test_what_is_not_ported(desk: Desk) -> None:
    text = hover(desk, "backend/app/models.py", "Settings")
    assert text is not None
    assert "not ported" in text


def test_a_field_shows_its_counterpart(desk: Desk) -> None:
    text = hover(desk, "backend/app/models.py", "full_name")
    assert text is not None
    assert "**`User.full_name`**" in text
    assert "→ [models.rs:7](file://" in text


def test_plain_text_where_that_is_all_the_client_shows(tmp_path: Path) -> None:
    can = {**NEOVIM, "textDocument": {"hover": {"contentFormat": ["plaintext"]}}}
    desk = Desk(tmp_path, capabilities=can).start()
    text = hover(desk, "backend/app/routers/users.py", "get_user")
    assert text is not None
    assert "→ GET /users/{id} routes/users.rs:10" in text
    assert "`" not in text
    assert "[" not in text


def test_elsewhere(desk: Desk) -> None:
    document = types.TextDocumentIdentifier("git:/a.py")
    assert handle(desk.context, types.HoverParams(document, types.Position(0, 0))) is None
