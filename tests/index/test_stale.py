"""Settings and comments that name what isn't there are told, at their line and with a way out."""

from __future__ import annotations

from pathlib import Path

import pytest

from port_lsp.index.index import Index
from port_lsp.text import Text
from tests.index.projects import PAIR, opened, write

USERS = "app/users.py"

# A configuration, and what is told of it: line, severity, message.
TOLD: list[tuple[str, list[tuple[int, str, str]]]] = [
    ('[pin]\n"users.py::list_users" = "users.rs::list_users"\n', []),
    ('[pin]\n"GET /users" = "users.rs::list_users"\n', []),
    (
        '[pin]\n"app/users.py::list_user" = "users.rs::list_users"\n',
        [(2, "warning", "`pin`: no item `app/users.py::list_user` in the backend; did you mean "
          "`app/users.py::list_users`?")],
    ),
    (
        '[pin]\n"GET /user" = "users.rs::list_users"\n',
        [(2, "warning", "`pin`: no endpoint `GET /user` in the backend; did you mean "
          "`GET /users`?")],
    ),
    (
        '[pin]\n"app/people.py::list_users" = "src/user.rs::list_users"\n',
        [
            (2, "warning", "`pin`: there is no file `app/people.py` in the backend; did you mean "
             "`app/users.py::list_users`?"),
            (2, "warning", "`pin`: there is no file `src/user.rs` in the crate; did you mean "
             "`src/users.rs::list_users`?"),
        ],
    ),
    (
        '[pin]\n"app/users.py::UserForm" = "src/users.rs::list_users"\n',
        [(2, "warning", "`pin`: `app/users.py::UserForm` (model) and `src/users.rs::list_users` "
          "(endpoint, function) aren't of one kind, so neither is the other's counterpart")],
    ),
    (
        'exclude = []\n\n[unpin]\n"users.py::list_users" = ["users.rs::zzz"]\n',
        [(4, "warning", "`unpin`: no item `users.rs::zzz` in the crate; items are named as "
          "`port-lsp export` says")],
    ),
    ('[[ignore]]\nitem = "app/users.py::create_*"\n', []),
    ('[[ignore]]\npath = "app/main.py"\n', []),
    ('[[ignore]]\npath = "/users/**"\n\n[[ignore]]\npath = "/users"\n',
     [(1, "warning", "`ignore`: nothing in the backend is `/users/**`; did you mean "
       "`/users`?")]),
    (
        'ignore = ["app/users.py::UserForms"]\n',
        [(1, "warning", "`ignore`: nothing in the backend is `app/users.py::UserForms`; did you "
          "mean `app/users.py::UserForm`?")],
    ),
    ('[prefixes]\n"/users" = "/users"\n', []),
    (
        '[prefixes]\n"/user" = "/users"\n',
        [(2, "warning", "`prefixes`: no route of the backend begins with `/user`; did you mean "
          "`/users`?")],
    ),
    (
        '[prefixes]\n"/users" = "/people"\n',
        [(2, "information", "`prefixes`: no route of the crate begins with `/people`; or it isn't "
          "ported yet")],
    ),
]  # fmt: skip


def told(index: Index) -> list[tuple[int, str, str]]:
    return [(one.line, one.severity, one.message) for one in index.snapshot.problems]


@pytest.mark.parametrize(("config", "expected"), TOLD)
def test_settings(tmp_path: Path, config: str, expected: list[tuple[int, str, str]]) -> None:
    root = write(tmp_path, f"{PAIR}//- /port-lsp.toml\n{config}")
    index = opened(root)
    assert told(index) == expected
    assert {one.file for one in index.snapshot.problems} <= {str(root / "port-lsp.toml")}


def test_in_pyproject_the_line_is_its_own(tmp_path: Path) -> None:
    table = '[tool.port-lsp]\n\n[tool.port-lsp.pin]\n"app/users.py::zzz" = "users.rs::list_users"\n'
    index = opened(write(tmp_path, f"{PAIR}//- /pyproject.toml\n{table}"))
    assert [(Path(one.file).name, one.line) for one in index.snapshot.problems] == [
        ("pyproject.toml", 4)
    ]


def test_a_name_of_several_items_is_told(tmp_path: Path) -> None:
    config = '//- /port-lsp.toml\n[pin]\n"list_users" = "users.rs::list_users"\n'
    more = "//- /backend/app/more.py\ndef list_users(): ...\n"
    index = opened(write(tmp_path, PAIR + more + config))
    # The endpoint alone is called so: the function isn't meant, the endpoint is.
    assert told(index) == []
    config = '//- /port-lsp.toml\n[pin]\n"load" = "users.rs::list_users"\n'
    more = "//- /backend/app/a.py\ndef load(): ...\n//- /backend/app/b.py\ndef load(): ...\n"
    index = opened(write(tmp_path, PAIR + more + config))
    assert told(index) == [
        (2, "warning", "`pin`: `load` may be any of `app/a.py::load`, `app/b.py::load` of the "
         "backend; name it in full")
    ]  # fmt: skip


def test_comments(tmp_path: Path) -> None:
    text = PAIR.replace(
        '@router.get("")', '# port: src/users.rs::list_user\n@router.get("")'
    ).replace('@router.post("")', '# port: ignore[unported-endpont] later\n@router.post("")')
    text = text.replace("pub fn router()", "// port: app/users.py::nobody_at_all\npub fn router()")
    found = opened(write(tmp_path, text)).snapshot.problems
    assert [(Path(one.file).relative_to(tmp_path).as_posix(), one.line) for one in found] == [
        ("backend/app/users.py", 11),
        ("backend/app/users.py", 17),
        ("crate/src/users.rs", 9),
    ]
    assert [one.message for one in found] == [
        "`port:` no item `src/users.rs::list_user` in the crate; did you mean "
        "`src/users.rs::list_users`?",
        "`port: ignore`: unknown rule `unported-endpont`; did you mean `unported-endpoint`?",
        "`port:` no item `app/users.py::nobody_at_all` in the backend; items are named as "
        "`port-lsp export` says",
    ]


def test_an_edit_that_takes_the_item_away_and_back(tmp_path: Path) -> None:
    config = '//- /port-lsp.toml\n[pin]\n"app/users.py::list_users" = "users.rs::list_users"\n'
    index = opened(write(tmp_path, PAIR + config))
    path = tmp_path / "backend" / "app" / "users.py"
    before = path.read_bytes()
    index.update(str(path), Text(before.replace(b"list_users", b"all_users")))
    assert [line for line, _, _ in told(index)] == [2]
    index.update(str(path), Text(before))
    assert told(index) == []


def test_what_does_not_parse_is_not_missed(tmp_path: Path) -> None:
    config = '//- /port-lsp.toml\n[pin]\n"app/users.py::list_users" = "users.rs::list_users"\n'
    index = opened(write(tmp_path, PAIR + config))
    path = tmp_path / "backend" / "app" / "users.py"
    index.update(str(path), Text(path.read_bytes().replace(b"def list_users():", b"def list_u")))
    facts = index.snapshot.backend
    assert facts is not None
    assert "app/users.py::list_users" not in {one.key for one in facts.endpoints}
    assert told(index) == []
