"""The jump: from endpoints, models, fields and functions, and to where nothing is yet."""

from __future__ import annotations

from pathlib import Path

import pytest
from lsprotocol import types

from port_lsp.server.features import counterpart, implementation
from port_lsp.server.messages import Counterpart, CounterpartParams, Position, TextDocument
from tests.server.desk import PROJECT, Desk


def jump(desk: Desk, name: str, word: str) -> list[Counterpart]:
    at = desk.position(name, word)
    params = CounterpartParams(TextDocument(desk.uri(name)), Position(at.line, at.character))
    return counterpart.handle(desk.context, params)


def places(desk: Desk, found: list[Counterpart]) -> list[tuple[str, int, bool]]:
    root = desk.root.as_uri() + "/"
    return [
        (one.target_uri.removeprefix(root), one.target_range.start.line + 1, one.planned)
        for one in found
    ]


@pytest.mark.parametrize(
    ("name", "word", "target", "line"),
    [
        ("backend/app/routers/users.py", "get_user", "crate/src/routes/users.rs", 10),
        ("backend/app/routers/users.py", 'get("/{id}', "crate/src/routes/users.rs", 10),
        ("backend/app/routers/users.py", 'return {"id"', "crate/src/routes/users.rs", 10),
        ("backend/app/routers/users.py", "delete_user", "crate/src/routes/users.rs", 20),
        ("crate/src/routes/users.rs", "get_user(Path", "backend/app/routers/users.py", 7),
        ("crate/src/routes/users.rs", "todo!()", "backend/app/routers/users.py", 17),
        ("crate/src/routes/users.rs", "post(create_user)", "backend/app/routers/users.py", 12),
        ("backend/app/models.py", "User(", "crate/src/models.rs", 4),
        ("backend/app/models.py", "full_name", "crate/src/models.rs", 7),
        ("crate/src/models.rs", "id: String", "backend/app/models.py", 5),
        ("crate/src/models.rs", "struct UserForm", "backend/app/models.py", 9),
    ],
)
def test_to_the_counterpart(desk: Desk, name: str, word: str, target: str, line: int) -> None:
    assert places(desk, jump(desk, name, word))[:1] == [(target, line, False)]


def test_to_the_place_where_it_would_go(desk: Desk) -> None:
    found = jump(desk, "backend/app/routers/notes.py", "search_notes")
    rust = desk.content("crate/src/routes/notes.rs")
    end = rust.count("\n") + 1
    assert places(desk, found) == [("crate/src/routes/notes.rs", end, True)]
    assert found[0].title == "GET /notes/search would go to the end of routes/notes.rs"
    end = desk.content("crate/src/models.rs").count("\n") + 1
    assert places(desk, jump(desk, "backend/app/models.py", "Settings")) == [
        ("crate/src/models.rs", end, True)
    ]


def test_from_functions(tmp_path: Path) -> None:
    text = PROJECT.replace(
        "class Settings(BaseModel):",
        "def display_name(user: User) -> str:\n    return user.id\n\n\nclass Settings(BaseModel):",
    ).replace(
        "#[derive(Deserialize)]\npub struct UserForm",
        "pub fn display_name(user: &User) -> String {\n    user.id.clone()\n}\n\n"
        "#[derive(Deserialize)]\npub struct UserForm",
    )
    desk = Desk(tmp_path, text).start()
    python, rust = "backend/app/models.py", "crate/src/models.rs"
    assert places(desk, jump(desk, python, "return user.id")) == [(rust, 10, False)]
    assert places(desk, jump(desk, rust, "user.id.clone()")) == [(python, 13, False)]


def test_from_where_nothing_is_to_the_other_file(desk: Desk) -> None:
    found = jump(desk, "backend/app/routers/users.py", "from fastapi")
    assert places(desk, found) == [("crate/src/routes/users.rs", 1, False)]


def test_what_has_no_counterpart_at_all(desk: Desk) -> None:
    assert jump(desk, "crate/src/main.rs", "metrics()") == []


def test_titles_say_what_is_there(desk: Desk) -> None:
    assert [one.title for one in jump(desk, "crate/src/routes/notes.rs", "update_note(Path")] == [
        "PUT /notes/{id} · drifted"
    ]


def test_as_implementation_only_where_switched_on(tmp_path: Path) -> None:
    def ask(desk: Desk) -> list[types.Location] | None:
        at = desk.at("backend/app/routers/users.py", "get_user")
        params = types.ImplementationParams(at.text_document, at.position)
        return implementation.handle(desk.context, params)

    assert ask(Desk(tmp_path / "off").start()) is None
    on = PROJECT + "//- /port-lsp.toml\n[jump]\nstandard = true\n"
    found = ask(Desk(tmp_path / "on", on).start())
    assert found is not None
    assert [one.uri.rpartition("/")[2] for one in found] == ["users.rs"]
