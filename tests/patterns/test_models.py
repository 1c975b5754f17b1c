"""Backends and the Rust that their models become, as data: fixtures/writing/models.

`NAME.txt` is a backend, `NAME.expected.txt` the files of the crate and the notes;
`UPDATE_EXPECT=1` writes the latter anew. All expected Rust is compiled together, in one crate.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.fixturefile import parse
from tests.oraclerun import updating
from tests.rustc import needs_cargo
from tests.writing.test_printer import rustfmt

from .projects import MAIN, MANIFEST, desk_of, ported, rust_of

__all__ = ["rustfmt"]

FIXTURES = Path(__file__).parent.parent / "fixtures" / "writing" / "models"
NAMES = sorted(path.stem for path in FIXTURES.glob("*.txt") if ".expected" not in path.name)
PARITY = Path(__file__).parents[2] / "bench" / "parity" / "backend"


def backend_of(name: str) -> dict[str, str]:
    if name == "parity":
        found = PARITY.rglob("*.py")
        return {path.relative_to(PARITY).as_posix(): path.read_text("utf-8") for path in found}
    files = parse((FIXTURES / f"{name}.txt").read_text("utf-8")).files
    return {path.lstrip("/"): text for path, text in files.items()}


def written(folder: Path, name: str) -> str:
    """The crate's new files in a fixture's form, the notes first."""
    done = ported(desk_of(folder, backend_of(name)))
    assert not done.left, done.left
    files = rust_of(done)
    lines = [f"//# note: {note}" for note in done.notes]
    for path in sorted(files):
        if path.startswith("src/wire/") and path != "src/wire/mod.rs":
            lines.append(f"//# support: {path}")
        else:
            lines += [f"//- /{path}", files[path].rstrip("\n"), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


@pytest.mark.parametrize("name", [*NAMES, "parity"])
def test_models_are_written_as_expected(tmp_path: Path, name: str) -> None:
    text = written(tmp_path, name)
    path = FIXTURES / f"{name}.expected.txt"
    if updating():
        path.write_text(text, "utf-8")
    assert text == path.read_text("utf-8")


def test_every_expectation_has_a_fixture() -> None:
    expected = {path.name.partition(".")[0] for path in FIXTURES.glob("*.expected.txt")}
    assert expected == {*NAMES, "parity"}


@pytest.fixture(scope="module")
def crate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All fixtures' models in one crate."""
    folder = tmp_path_factory.mktemp("models")
    backend: dict[str, str] = {}
    for name in [*NAMES, "parity"]:
        mine = backend_of(name)
        assert not backend.keys() & (mine.keys() - {"shop/__init__.py"})
        backend |= mine
    done = ported(desk_of(folder, backend, MANIFEST))
    assert not done.left, done.left
    for path, text in rust_of(done).items():
        place = folder / "crate" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "utf-8")
    main = folder / "crate" / "src" / "main.rs"
    assert MAIN.splitlines()[-1] in main.read_text("utf-8")
    main.write_text(
        "#![deny(warnings)]\n#![allow(dead_code)]\n\n" + main.read_text("utf-8"), "utf-8"
    )
    return folder / "crate"


def test_all_of_it_is_formatted(crate: Path, rustfmt: str) -> None:
    command = [rustfmt, "--edition", "2021", "--check", str(crate / "src" / "main.rs")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_all_of_it_compiles_without_a_warning(crate: Path) -> None:
    needs_cargo()
    command = ["cargo", "check", "--quiet", "--message-format", "short"]
    done = subprocess.run(command, cwd=crate, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
