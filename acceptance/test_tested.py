"""The tests that are written for a port run: they pass, and fail where a guard is taken away.

cargo is the oracle, so it must be there: in CI without it these fail.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from bench.port_compile import unformatted
from tests.rustc import needs_cargo
from tests.testing.test_written import asked_of, laid

EXAMPLES = Path(__file__).parent.parent / "examples"
LINKED = (
    *("users.py::get_user", "users.py::list_users", "users.py::update_role"),
    *("notes.py::create_note", "notes.py::get_note", "auths.py::signup"),
)
_RESULT = re.compile(r"^test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored", re.M)
_FAILED = re.compile(r"^test ([\w:]+) \.\.\. FAILED$", re.M)


class Run(NamedTuple):
    """What came of a crate's tests."""

    passed: int
    ignored: int
    failed: tuple[str, ...]
    output: str


@pytest.fixture(scope="module", autouse=True)
def cargo_is_there() -> None:
    needs_cargo()


def port(folder: Path, *words: str) -> None:
    command = [sys.executable, "-m", "port_lsp", "port", *words, "--with-tests", "--write"]
    root = str(EXAMPLES.parent)
    done = subprocess.run(
        command, cwd=folder, env={"PYTHONPATH": root, "PATH": "/usr/bin:/bin"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def ran(crate: Path, target: Path) -> Run:
    command = ["cargo", "test", "--no-fail-fast", "--target-dir", str(target)]
    done = subprocess.run(command, cwd=crate, capture_output=True, text=True, check=False)
    output = done.stdout + done.stderr
    counts = [[int(one) for one in found] for found in _RESULT.findall(output)]
    assert counts, output
    passed, failed, ignored = (sum(column) for column in zip(*counts, strict=True))
    names = tuple(_FAILED.findall(output))
    assert len(names) == failed
    return Run(passed, ignored, names, output)


@pytest.mark.parametrize(
    ("name", "file", "text", "failed", "passed"),
    [
        ("program_actix", "src/routes/things.rs", "NOT_FOUND", "get_thing_without_that_thing", 4),
        ("program_axum", "src/main.rs", "FORBIDDEN", "get_item_with_another_x_key", 4),
        ("own_served", "src/lib.rs", "NOT_FOUND", "get_thing_without_that_thing", 4),
        ("own_router", "src/lib.rs", "FORBIDDEN", "get_thing_with_another_x_key", 4),
        ("postgres", "src/lib.rs", "FORBIDDEN", "get_thing_with_another_x_key", 2),
    ],
)
def test_a_crate_of_another_kind(
    tmp_path: Path, target: Path, name: str, file: str, text: str, failed: str, passed: int
) -> None:
    """Without a library, with tests of its own that begin it, or of another database."""
    fixture = laid(name, tmp_path)
    crate = tmp_path / "crate"
    for change in asked_of(tmp_path, fixture.meta["test"][0]).changes:
        path = crate / change.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(change.after, "utf-8")
    run = ran(crate, target)
    assert run.failed == (), run.output
    assert run.passed >= passed
    assert "warning" not in run.output, run.output
    broken(crate / file, f"StatusCode::{text}", "StatusCode::IM_A_TEAPOT")
    names = [one.rpartition("::")[2] for one in ran(crate, target).failed]
    assert failed in names
    assert len(names) <= 2


def broken(file: Path, text: str, by: str) -> None:
    """Takes away what guards."""
    before = file.read_text("utf-8")
    assert before.count(text) == 1
    file.write_text(before.replace(text, by), "utf-8")


@pytest.mark.parametrize("framework", ["axum", "actix-web"])
def test_a_new_crate(tmp_path: Path, target: Path, framework: str) -> None:
    backend, crate = str(EXAMPLES / "backend"), tmp_path / "new"
    port(tmp_path, "--all", "--backend", backend, "--crate", "new", "--framework", framework)
    assert unformatted(crate) == []
    run = ran(crate, target)
    assert run.failed == (), run.output
    assert run.passed >= 60
    broken(crate / "src/auth/mod.rs", "user.role != Role::Admin", "user.id.is_empty()")
    again = ran(crate, target)
    assert "list_users_with_another_role" in again.failed
    assert all(one.endswith("with_another_role") for one in again.failed)


def test_the_crate_that_is_there(tmp_path: Path, target: Path) -> None:
    top = tmp_path / "examples"
    shutil.copytree(EXAMPLES, top, ignore=shutil.ignore_patterns("target", ".venv"))
    port(top, "--force", *(f"notes_app/routers/{name}" for name in LINKED))
    crate = top / "crate"
    assert unformatted(crate) == []
    run = ran(crate, target)
    assert run.failed == (), run.output
    assert run.passed >= 20
    broken(crate / "src/auth.rs", "user.role != Role::Admin", "user.id.is_empty()")
    again = ran(crate, target)
    assert "get_user_with_another_role" in again.failed
    assert all(one.endswith("with_another_role") for one in again.failed)
