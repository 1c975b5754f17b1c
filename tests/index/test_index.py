"""The index over a pair: what is in a snapshot, and what an update changes."""

from pathlib import Path

import pytest

from port_lsp.index.index import Index
from port_lsp.index.roots import Wanted
from port_lsp.index.snapshot import Snapshot
from port_lsp.index.walk import Cancelled
from port_lsp.text import Text
from tests.index.projects import PAIR, opened, write


def words(snapshot: Snapshot) -> dict[str, str]:
    """The word of each endpoint of the backend, by method and path."""
    return {
        link.backend.partition("#")[2]: link.word
        for link in snapshot.links.endpoints
        if link.backend is not None
    }


PORTED = {"GET /users": "ported", "POST /users": "unported"}
POST = b'.route("/", get(list_users).post(create_user))'
HANDLER = b"\nasync fn create_user(Json(form): Json<UserForm>) -> String {\n    form.name\n}\n"


def ported(root: Path) -> Text:
    """The crate's users.rs with the missing endpoint."""
    data = (root / "crate" / "src" / "users.rs").read_bytes()
    return Text(data.replace(b'.route("/", get(list_users))', POST) + HANDLER)


def test_a_pair_is_read_linked_and_judged(tmp_path: Path) -> None:
    snapshot = opened(write(tmp_path, PAIR)).snapshot
    assert sorted(snapshot.backend_files) == ["app/__init__.py", "app/main.py", "app/users.py"]
    assert sorted(snapshot.crate_files) == ["src/main.rs", "src/users.rs"]
    assert words(snapshot) == PORTED
    assert [finding.rule for finding in snapshot.findings] == ["unported-endpoint"]
    assert snapshot.problems == ()


def test_a_buffer_wins_over_the_disk_until_it_is_closed(tmp_path: Path) -> None:
    index = opened(write(tmp_path, PAIR))
    path = str(tmp_path / "crate" / "src" / "users.rs")
    before = index.snapshot
    after = index.update(path, ported(tmp_path))
    assert set(words(after).values()) == {"ported"}
    assert after.revision > before.revision
    assert words(before) == PORTED  # a snapshot doesn't change any more
    Path(path).write_bytes(b"")
    assert set(words(index.changed([path])).values()) == {"ported"}
    assert set(words(index.update(path, None)).values()) == {"unported"}


def test_what_an_edit_does_not_touch_stays_the_same_object(tmp_path: Path) -> None:
    index = opened(write(tmp_path, PAIR))
    before = index.snapshot
    after = index.update(str(tmp_path / "crate" / "src" / "users.rs"), ported(tmp_path))
    assert after.backend is before.backend
    assert after.crate_files["src/main.rs"] is before.crate_files["src/main.rs"]
    assert after.crate_files["src/users.rs"] is not before.crate_files["src/users.rs"]


def test_a_buffer_without_a_file_counts_where_a_file_would(tmp_path: Path) -> None:
    index = opened(write(tmp_path, PAIR))
    text = Text(b"class A: ...\n")
    for path, counts in {
        "backend/app/new.py": True,
        "backend/.venv/new.py": False,
        "backend/tests/test_new.py": False,
        "elsewhere/new.py": False,
        "backend/new.txt": False,
    }.items():
        snapshot = index.update(str(tmp_path.joinpath(*path.split("/"))), text)
        assert ("app/new.py" in snapshot.backend_files) is counts or path != "backend/app/new.py"
        assert len(snapshot.backend_files) == 4
    index.update(str(tmp_path / "backend" / "app" / "new.py"), None)
    assert len(index.snapshot.backend_files) == 3


def test_an_open_test_stays_a_test(tmp_path: Path) -> None:
    write(tmp_path, PAIR + "//- /backend/tests/test_a.py\n//- /backend/tests/helpers.py\n")
    index = opened(tmp_path)
    text = Text(b"class Helper: ...\n")
    snapshot = index.update(str(tmp_path / "backend" / "tests" / "helpers.py"), text)
    assert len(snapshot.backend_files) == 3


def test_files_come_and_go_on_disk(tmp_path: Path) -> None:
    index = opened(write(tmp_path, PAIR))
    new = tmp_path / "backend" / "app" / "new.py"
    new.write_text("class A: ...\n")
    assert "app/new.py" in index.changed([str(new)]).backend_files
    new.unlink()
    assert "app/new.py" not in index.changed([str(new)]).backend_files
    new.write_text("class A: ...\n")
    assert "app/new.py" in index.sweep().backend_files


def test_the_configuration_is_in_force_as_it_is_typed(tmp_path: Path) -> None:
    index = opened(write(tmp_path, PAIR + "//- /port-lsp.toml\n"))
    path = str(tmp_path / "port-lsp.toml")
    ignore = Text(b'[[ignore]]\nitem = "create_user"\nreason = "no"\n')
    snapshot = index.update(path, ignore)
    assert words(snapshot)["POST /users"] == "ignored"
    assert snapshot.backend is not None
    assert snapshot.backend_files["app/main.py"] is not None
    broken = index.update(path, Text(b"[[ignore\n"))
    assert [problem.severity for problem in broken.problems] == ["error"]
    assert words(broken) == PORTED
    assert words(index.update(path, None)) == PORTED


def test_a_configuration_that_is_made_or_changed_on_disk_is_read(tmp_path: Path) -> None:
    index = opened(write(tmp_path, PAIR))
    path = tmp_path / "port-lsp.toml"
    path.write_text('exclude = ["app/users.py"]\n')
    assert sorted(index.changed([str(path)]).backend_files) == ["app/__init__.py", "app/main.py"]
    path.unlink()
    assert words(index.changed([str(path)])) == PORTED


def test_files_are_found_by_their_paths_and_back(tmp_path: Path) -> None:
    write(tmp_path, PAIR + "//- /backend2/app/users.py\n")
    snapshot = opened(tmp_path, tmp_path / "backend", tmp_path / "crate").snapshot
    path = str(tmp_path / "backend" / "app" / "users.py")
    assert snapshot.locate(path) == ("backend", "app/users.py")
    assert snapshot.path("backend", "app/users.py") == path
    assert snapshot.locate(str(tmp_path / "backend2" / "app" / "users.py")) is None
    assert snapshot.locate(str(tmp_path / "crate" / "src" / "main.rs")) == ("crate", "src/main.rs")


def test_a_document_may_be_reached_through_a_link(tmp_path: Path) -> None:
    write(tmp_path / "real", PAIR)
    (tmp_path / "link").symlink_to(tmp_path / "real", target_is_directory=True)
    index = opened(tmp_path / "link")
    path = tmp_path / "real" / "crate" / "src" / "users.rs"
    assert set(words(index.update(str(path), ported(tmp_path / "real"))).values()) == {"ported"}
    assert words(index.update(str(path), None)) == PORTED


def test_a_broken_chunk_is_named_by_the_snapshot(tmp_path: Path) -> None:
    index = opened(write(tmp_path, PAIR))
    path = tmp_path / "backend" / "app" / "users.py"
    text = path.read_bytes().replace(b"def list_users():", b"def list_users(:")
    snapshot = index.update(str(path), Text(text))
    assert [chunk.name for chunk in snapshot.broken("backend", "app/users.py")] == ["list_users"]
    assert list(words(snapshot)) == ["POST /users"]
    assert snapshot.broken("backend", "gone.py") == ()


def test_progress_is_told_and_it_can_be_cancelled(tmp_path: Path) -> None:
    write(tmp_path, PAIR)
    stages: list[str] = []
    Index.open(Wanted(str(tmp_path)), lambda stage, done, total: stages.append(stage))
    assert list(dict.fromkeys(stages)) == [
        "finding the backend's files",
        "finding the crate's files",
        "reading the backend",
        "reading the crate",
        "linking",
    ]
    with pytest.raises(Cancelled):
        Index.open(Wanted(str(tmp_path)), cancelled=lambda: True)


def test_without_a_crate_everything_is_unported(tmp_path: Path) -> None:
    index = opened(write(tmp_path, PAIR), backend=tmp_path / "backend")
    assert index.snapshot.crate is None
    assert set(words(index.snapshot).values()) == {"unported"}


def test_without_a_backend_there_is_nothing(tmp_path: Path) -> None:
    snapshot = opened(tmp_path).snapshot
    assert snapshot.backend is None
    assert snapshot.links.endpoints == ()
    (tmp_path / "empty").mkdir()
    snapshot = opened(tmp_path, backend=tmp_path / "empty").snapshot
    assert snapshot.backend_root is not None
    assert snapshot.backend is None
