"""Bad input: a clear message, or it is simply handled; never a traceback, never a hang."""

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest

from port_lsp.cli import run
from tests.index.projects import PAIR, write
from tests.unprivileged import as_nobody, folder_of_nobody

Capture = pytest.CaptureFixture[str]
SLOW = 20.0  # seconds; nothing here should come near it

ROUTER = """\
from fastapi import APIRouter

router = APIRouter(prefix="/api")


@router.get("/one")
def one():
    return 1


@router.get("/two")
def two():
    return 2


@router.get("/three")
def three():
    return 3
"""
MAIN = "from fastapi import FastAPI\nfrom app.routes import router\n\napp = FastAPI()\n" + (
    "app.include_router(router)\n"
)


def backend(root: Path, routes: str | bytes = ROUTER) -> Path:
    """A backend of one router."""
    data = routes.encode() if isinstance(routes, str) else routes
    write(root, f"//- /app/__init__.py\n//- /app/main.py\n{MAIN}")
    (root / "app" / "routes.py").write_bytes(data)
    return root


def exported(root: Path, capsys: Capture, *args: str) -> dict[str, Any]:
    start = time.monotonic()
    assert run(["export", str(root), *args]) == 0
    captured = capsys.readouterr()
    assert "Traceback" not in captured.err
    assert time.monotonic() - start < SLOW
    return json.loads(captured.out)


def handlers(found: dict[str, Any]) -> list[str]:
    return [endpoint["handler"] for endpoint in found["backend"]["endpoints"]]


@pytest.mark.parametrize("command", ["check", "report", "export", "config"])
def test_an_empty_folder_has_no_backend(tmp_path: Path, command: str, capsys: Capture) -> None:
    assert run([command, str(tmp_path)]) == 3
    captured = capsys.readouterr()
    said = captured.out if command == "config" else captured.err
    assert "backend: none" in said or "no backend: no Python file" in said


def test_explaining_without_a_backend(tmp_path: Path, capsys: Capture) -> None:
    assert run(["explain", "something", str(tmp_path)]) == 3
    assert "no backend" in capsys.readouterr().err


def test_a_crate_without_a_backend(tmp_path: Path, capsys: Capture) -> None:
    write(tmp_path, PAIR)
    assert run(["check", "--crate", str(tmp_path / "crate"), str(tmp_path / "crate" / "src")]) == 0
    assert "isn't ported" in capsys.readouterr().out
    (tmp_path / "backend" / "app" / "main.py").unlink()
    (tmp_path / "backend" / "app" / "users.py").unlink()
    assert run(["check", str(tmp_path)]) == 3
    assert "imports fastapi" in capsys.readouterr().err


def test_a_given_backend_without_python(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "b").mkdir()
    assert run(["export", "--backend", str(tmp_path / "b")]) == 3
    assert "there is no Python file in" in capsys.readouterr().err


def test_no_crate_is_said_and_everything_is_unported(tmp_path: Path, capsys: Capture) -> None:
    backend(tmp_path)
    assert run(["export", str(tmp_path)]) == 0
    captured = capsys.readouterr()
    assert "no crate with axum or actix-web was found" in captured.err
    assert json.loads(captured.out)["crate"] is None
    assert run(["export", "--backend", str(tmp_path)]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("broken", "left"),
    [
        ('    return {"a": [2\n', ["one", "three"]),
        ('    """never closed\n    return 2\n', ["one", "three"]),
        ("    return 'never closed\n", ["one", "three"]),
        ("    return (2\n", ["one", "three"]),
        ("  \treturn 2\n    x = = 3\n", ["one", "three"]),
    ],
    ids=["bracket", "triple quote", "quote", "parenthesis", "statement"],
)
def test_a_syntax_error_loses_only_its_own_chunk(
    tmp_path: Path, broken: str, left: list[str], capsys: Capture
) -> None:
    backend(tmp_path, ROUTER.replace("    return 2\n", broken))
    found = handlers(exported(tmp_path, capsys))
    assert [name for name in found if name != "two"] == left


@pytest.mark.parametrize(
    "broken", ["    Json(vec![\n", '    "never closed\n', "    /* never closed\n", "    }}\n"]
)
def test_a_syntax_error_in_rust_loses_only_its_own_item(
    tmp_path: Path, broken: str, capsys: Capture
) -> None:
    write(tmp_path, PAIR.replace("    Json(load())\n", broken))
    found = exported(tmp_path, capsys)
    assert [one["path"] for one in found["crate"]["endpoints"]] == ["/users"]
    assert [one["name"] for one in found["crate"]["models"]] == ["UserForm"]


@pytest.mark.parametrize("file", ["backend/app/main.py", "crate/src/main.rs", "crate/Cargo.toml"])
@pytest.mark.parametrize("content", [b"", b"\x00" * 100, b"\xff\xfe\x00(", b"((((" * 5000])
def test_any_file_may_be_rubbish(
    tmp_path: Path, file: str, content: bytes, capsys: Capture
) -> None:
    write(tmp_path, PAIR)
    (tmp_path / file).write_bytes(content)
    sides = ("--backend", str(tmp_path / "backend"), "--crate", str(tmp_path / "crate"))
    exported(tmp_path, capsys, *sides)


LATIN_1 = "# -*- coding: latin-1 -*-\n# é\n"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(ROUTER.replace("\n", "\r\n").encode(), id="CRLF"),
        pytest.param(ROUTER.replace("\n\n\n", "\n\n\x0c\n").encode(), id="form feed"),
        pytest.param(b"\xef\xbb\xbf" + ROUTER.encode(), id="BOM"),
        pytest.param((LATIN_1 + ROUTER).encode("latin-1"), id="latin-1"),
        pytest.param(b"# \xff\xfe\n" + ROUTER.encode(), id="not UTF-8"),
        pytest.param(ROUTER.replace("\n\n\n", "\n# \u2028 \u0085\n\n").encode(), id="U+2028"),
        pytest.param(ROUTER.rstrip("\n").encode(), id="no last line end"),
    ],
)
def test_bytes_of_all_kinds(tmp_path: Path, data: bytes, capsys: Capture) -> None:
    backend(tmp_path, data)
    found = exported(tmp_path, capsys)
    assert handlers(found) == ["one", "two", "three"]
    lines = data.replace(b"\r\n", b"\n").split(b"\n")
    for endpoint in found["backend"]["endpoints"]:
        assert lines[int(endpoint["line"]) - 1] == f"def {endpoint['handler']}():".encode()


def test_a_module_of_20_000_lines(tmp_path: Path, capsys: Capture) -> None:
    block = '@router.get("/r{0}")\ndef r{0}():\n    return {{\n        "a": {0},\n    }}\n\n\n'
    backend(tmp_path, ROUTER + "\n\n" + "".join(block.format(n) for n in range(2900)))
    found = exported(tmp_path, capsys)
    assert len(handlers(found)) == 2903


def test_deep_nesting_and_long_lines(tmp_path: Path, capsys: Capture) -> None:
    deep = "x = " + "[" * 300 + "]" * 300 + "\ny = " + " + ".join(["1"] * 5000) + "\n"
    deep += "z = " + "a." * 2000 + "b\n" + "w = " + "f(" * 300 + ")" * 300 + "\n"
    backend(tmp_path, deep + ROUTER)
    assert handlers(exported(tmp_path, capsys)) == ["one", "two", "three"]


def test_links_in_circles(tmp_path: Path, capsys: Capture) -> None:
    backend(tmp_path)
    (tmp_path / "app" / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "app" / "self.py").symlink_to("self.py")
    (tmp_path / "app" / "gone.py").symlink_to("nowhere.py")
    assert handlers(exported(tmp_path, capsys)) == ["one", "two", "three"]


def test_files_that_cannot_be_read_are_said(capsys: Capture) -> None:
    with folder_of_nobody() as folder:
        backend(folder)
        secret = folder / "app" / "secret.py"
        secret.write_text("import os\n")
        assert run(["export", str(folder)]) == 0
        assert "secret.py" not in capsys.readouterr().err
        secret.chmod(0)
        with as_nobody(folder):
            assert run(["export", str(folder)]) == 0
        assert "secret.py: information: left out" in capsys.readouterr().err


def test_a_folder_named_like_a_module_and_a_fifo(tmp_path: Path, capsys: Capture) -> None:
    backend(tmp_path)
    (tmp_path / "app" / "folder.py").mkdir()
    os.mkfifo(tmp_path / "app" / "pipe.py")
    assert handlers(exported(tmp_path, capsys)) == ["one", "two", "three"]


def test_environments_and_node_modules_beside_the_code(tmp_path: Path, capsys: Capture) -> None:
    backend(tmp_path)
    for folder in (".venv/lib", "venv/lib/python3.11/site-packages", "node_modules/x", "env/lib"):
        write(tmp_path / folder, f"//- /pkg/__init__.py\n//- /pkg/routes.py\n{ROUTER}{MAIN}")
    (tmp_path / "env" / "pyvenv.cfg").write_text("")
    found = exported(tmp_path, capsys)
    assert handlers(found) == ["one", "two", "three"]
    assert found["backend"]["root"] == tmp_path.as_posix()


@pytest.mark.parametrize("below", ["main.rs", "other.rs"])
def test_modules_in_circles(tmp_path: Path, below: str, capsys: Capture) -> None:
    """The compiler refuses them; everything else is still read."""
    write(tmp_path, PAIR)
    source = tmp_path / "crate" / "src"
    (source / "other.rs").write_text('#[path = "main.rs"]\nmod up;\n')
    main = source / "main.rs"
    main.write_text(f'#[path = "{below}"]\nmod down;\n{main.read_text()}')
    found = exported(tmp_path, capsys)
    assert "/users" in [one["path"] for one in found["crate"]["endpoints"]]


def test_imports_in_circles_and_of_oneself(tmp_path: Path, capsys: Capture) -> None:
    backend(tmp_path, "from app.routes import router as me\nfrom app.main import app\n" + ROUTER)
    assert handlers(exported(tmp_path, capsys)) == ["one", "two", "three"]


def test_names_that_mean_themselves(tmp_path: Path, capsys: Capture) -> None:
    backend(tmp_path, "x += [1]\ny = y + 1\nclass A(A): ...\nz = lambda: z()\n" + ROUTER)
    assert handlers(exported(tmp_path, capsys)) == ["one", "two", "three"]
