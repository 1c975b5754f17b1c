"""`port-lsp port`: a diff that git applies, files that git could bring back, reasons."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from port_lsp.cli import run
from tests.fixturefile import parse
from tests.server.desk import PROJECT

Capture = pytest.CaptureFixture[str]
NOTES = "crate/src/routes/notes.rs"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A committed project; the current folder is its top."""
    parse(PROJECT).write_to(tmp_path)
    monkeypatch.chdir(tmp_path)
    git("init", "-q")
    git("add", "-A")
    git("-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "one")
    return tmp_path


def git(*arguments: str, text: str | None = None) -> str:
    done = subprocess.run(
        ["git", *arguments], input=text, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_a_diff_that_git_applies(project: Path, capsys: Capture) -> None:
    assert run(["port", "GET /notes/search"]) == 0
    out = capsys.readouterr().out
    assert git("status", "--porcelain") == ""
    git("apply", "--check", "-", text=out)
    git("apply", "-", text=out)
    assert "search_notes" in (project / NOTES).read_text("utf-8")


def test_written(project: Path, capsys: Capture) -> None:
    assert run(["port", "search_notes", "--write"]) == 0
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "1 ported, 0 left" in captured.err
    assert git("status", "--porcelain").split() == ["M", "crate/Cargo.toml", "M", NOTES]
    assert run(["port", "search_notes"]) == 1
    assert "as a stub" in capsys.readouterr().err


def test_uncommitted_changes_are_not_overwritten(project: Path, capsys: Capture) -> None:
    path = project / NOTES
    path.write_text(path.read_text("utf-8") + "\n// mine\n", "utf-8")
    assert run(["port", "search_notes", "--write"]) == 2
    assert "uncommitted changes, or" in capsys.readouterr().err
    assert "search_notes" not in path.read_text("utf-8")
    assert run(["port", "search_notes", "--write", "--force"]) == 0
    assert "// mine" in path.read_text("utf-8")


def test_what_git_ignores_could_not_be_brought_back(project: Path, capsys: Capture) -> None:
    (project / ".git" / "info" / "exclude").write_text(f"{NOTES}\n", "utf-8")
    git("rm", "-q", "--cached", NOTES)
    git("-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "two")
    assert git("status", "--porcelain") == ""
    before = (project / NOTES).read_text("utf-8")
    assert run(["port", "search_notes", "--write"]) == 2
    assert "a file that git doesn't keep" in capsys.readouterr().err
    assert (project / NOTES).read_text("utf-8") == before


def test_outside_of_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    parse(PROJECT).write_to(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert run(["port", "--all", "--write"]) == 2
    assert "isn't in a git repository" in capsys.readouterr().err


def test_a_file_and_everything(project: Path, capsys: Capture) -> None:
    assert run(["port", "backend/app/models.py"]) == 0
    assert "pub struct Settings {" in capsys.readouterr().out
    assert run(["port", "--all"]) == 0
    out = capsys.readouterr().out
    assert "pub struct Settings {" in out
    assert "search_notes" in out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ([], 2, "name a PATH or an ITEM"),
        (["no_such_thing"], 2, "nothing of the backend is called no_such_thing"),
        (["get_user"], 1, "ported already"),
    ],
)
def test_reasons(
    project: Path, capsys: Capture, arguments: list[str], code: int, said: str
) -> None:
    assert run(["port", *arguments]) == code
    assert said in capsys.readouterr().err


def test_no_crate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    parse(PROJECT).write_to(tmp_path)
    monkeypatch.chdir(tmp_path / "backend")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    assert run(["port", "--all", "--backend", "."]) == 2
    assert "no crate to write into" in capsys.readouterr().err


def test_line_ends_and_a_byte_order_mark_stay(project: Path) -> None:
    path = project / NOTES
    data = b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n")
    path.write_bytes(data)
    git("-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qam", "two")
    assert run(["port", "search_notes", "--write"]) == 0
    after = path.read_bytes()
    assert after.startswith(b"\xef\xbb\xbf")
    assert b"search_notes" in after
    assert after.count(b"\r\n") == after.count(b"\n") > data.count(b"\n")


def test_a_file_that_is_not_utf_8_is_left_alone(project: Path, capsys: Capture) -> None:
    path = project / NOTES
    data = path.read_bytes() + "// wär es Latin-1\n".encode("latin-1")
    path.write_bytes(data)
    git("-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qam", "two")
    assert run(["port", "search_notes", "--write"]) == 2
    assert "isn't UTF-8" in capsys.readouterr().err
    assert path.read_bytes() == data


def test_what_a_struct_that_is_ported_lacks(project: Path, capsys: Capture) -> None:
    models = project / "backend" / "app" / "models.py"
    text = models.read_text("utf-8")
    models.write_text(text.replace("    id: str\n", "    id: str\n    age: int = 0\n"), "utf-8")
    assert run(["port", "app/models.py::User"]) == 0
    said = capsys.readouterr()
    assert "src/models.rs::User lacks age" in said.err
    assert "+    pub age: i64," in said.out
    assert said.out.count("+        age: 0,") == 2
    assert run(["port", "app/models.py::UserForm"]) == 1
    assert "ported already" in capsys.readouterr().err


@pytest.mark.parametrize("framework", ["axum", "actix-web"])
def test_a_new_crate(project: Path, capsys: Capture, framework: str) -> None:
    arguments = ["--backend", "backend", "--crate", "new", "--framework", framework]
    assert run(["port", "--all", *arguments]) == 0
    diff = capsys.readouterr().out
    assert not (project / "new").exists()
    assert run(["port", "--all", *arguments, "--write"]) == 0
    assert " 0 left" in capsys.readouterr().err
    for path in sorted((project / "new").rglob("*.rs")):
        assert f"+++ b/{path.relative_to(project).as_posix()}\n" in diff
    assert run(["port", "--all", *arguments]) == 0
    assert "0 ported, 0 left, 0 files changed" in capsys.readouterr().err
    run(["check", "--backend", "backend", "--crate", "new"])
    out = capsys.readouterr().out
    assert "unported" not in out
    assert "unreachable" not in out


def test_what_holds_for_the_whole_application_is_told(project: Path, capsys: Capture) -> None:
    main = project / "backend" / "main.py"
    main.write_text(
        """from fastapi import FastAPI, HTTPException, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.middleware.gzip import GZipMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["*"])
app.add_middleware(GZipMiddleware)


@app.exception_handler(HTTPException)
async def said(request: Request, error: HTTPException):
    return {"said": error.detail}


@app.get("/")
def index():
    return {}
""",
        "utf-8",
    )
    assert run(["port", "--all", "--backend", "backend", "--crate", "new"]) == 0
    err = capsys.readouterr().err
    assert "main.py: `said` isn't ported: HTTPException is answered as without it" in err
    assert "main.py: the middleware `GZipMiddleware` isn't ported" in err
    assert "CORSMiddleware" not in err


def test_a_folder_without_a_program_is_empty(project: Path, capsys: Capture) -> None:
    folder = project / "new"
    folder.mkdir()
    (folder / ".gitignore").write_text("/mine\n", "utf-8")
    arguments = ["port", "--all", "--backend", "backend", "--crate", "new", "--write"]
    assert run(arguments) == 0
    assert (folder / ".gitignore").read_text("utf-8") == "/mine\n"
    assert "axum" in (folder / "Cargo.toml").read_text("utf-8")


def test_another_framework_than_the_crate_has(project: Path, capsys: Capture) -> None:
    arguments = ["--backend", "backend", "--crate", "crate", "--framework", "actix-web"]
    assert run(["port", "--all", *arguments]) == 2
    assert "the crate is served by axum, not by actix-web" in capsys.readouterr().err


def test_where_it_goes_can_be_said(project: Path, capsys: Capture) -> None:
    assert run(["port", "search_notes", "--into", "src/routes/users.rs", "--write"]) == 0
    assert "search_notes" in (project / "crate/src/routes/users.rs").read_text("utf-8")
    capsys.readouterr()
    assert run(["port", "Settings", "--into", "crate/src/models/settings.rs"]) == 0
    assert "+++ b/crate/src/models/settings.rs" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("into", "said"),
    [
        ("src/main.rs::mian", "no such function; did you mean src/main.rs::main?"),
        ("src/notes.py", "say a Rust file of the crate"),
        ("../elsewhere.rs", "say a Rust file of the crate"),
    ],
)
def test_a_place_that_is_none(project: Path, capsys: Capture, into: str, said: str) -> None:
    assert run(["port", "search_notes", "--into", into]) == 2
    captured = capsys.readouterr()
    assert (captured.out, said in captured.err) == ("", True)
