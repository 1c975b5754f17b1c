"""Linked structs get the fields and names that they lack: each fixture is a backend and a crate,
its expected files what is written.

`//# gap: KEY: FIELDS` is what the facts say of a model, misnamed fields in brackets; `//# port:` a
field (`KEY#field`), or "all"; `//# left: TEXT` the reason why something isn't written, `//# note:
TEXT` a note. `UPDATE_EXPECT=1` writes the files anew.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from port_lsp.index.index import Index
from port_lsp.index.roots import Wanted
from port_lsp.patterns.desk import Desks
from port_lsp.patterns.gaps import Gap, Gaps
from port_lsp.patterns.port import Ported, Target, fields_of
from port_lsp.patterns.registry import porter
from tests.fixturefile import Fixture, parse
from tests.rustc import needs_cargo
from tests.writing.crates import holds_against, is_formatted
from tests.writing.test_printer import rustfmt

__all__ = ["rustfmt"]

FIXTURES = Path(__file__).parent.parent / "fixtures" / "writing" / "fields"
NAMES = sorted(path.stem for path in FIXTURES.glob("*.txt") if ".expected" not in path.name)


def said(gap: Gap) -> str:
    names = [one.name for one in gap.missing]
    names += [f"[{one.name}]" for one, _ in gap.misnamed]
    return f"{gap.model.key}: {', '.join(names)}"


def written(folder: Path, fixture: Fixture) -> tuple[list[str], Ported]:
    fixture.write_to(folder)
    index = Index.open(Wanted(str(folder), str(folder / "backend"), str(folder / "crate")))
    gaps = list(Gaps(index.snapshot).every())
    wanted = fixture.meta.get("port", ())
    every = [one for gap in gaps for one in fields_of(gap)]
    targets = every if "all" in wanted else [Target("fields", one) for one in wanted]
    return [said(gap) for gap in gaps], porter(Desks().at(index)).port(targets)


@pytest.mark.parametrize("name", NAMES)
def test_written(name: str, tmp_path: Path, rustfmt: str) -> None:
    fixture = parse((FIXTURES / f"{name}.txt").read_text(encoding="utf-8"))
    gaps, done = written(tmp_path, fixture)
    assert gaps == list(fixture.meta.get("gap", ()))
    holds_against(done, fixture, FIXTURES / f"{name}.txt")
    if "unformatted" not in fixture.meta:
        is_formatted(done, rustfmt)


def test_every_expectation_has_a_fixture() -> None:
    assert {path.name.partition(".")[0] for path in FIXTURES.glob("*.expected.txt")} == set(NAMES)


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where all fixtures are built, so that what they depend on is built once."""
    return os.environ.get("CARGO_TARGET_DIR") or str(tmp_path_factory.mktemp("target"))


@pytest.mark.parametrize("name", NAMES)
def test_the_result_compiles(name: str, tmp_path: Path, target: str) -> None:
    needs_cargo()
    fixture = parse((FIXTURES / f"{name}.txt").read_text(encoding="utf-8"))
    _, done = written(tmp_path, fixture)
    for change in done.changes:
        (tmp_path / "crate" / change.path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "crate" / change.path).write_text(change.after, "utf-8")
    command = ["cargo", "check", "--quiet", "--all-targets", "--message-format", "short"]
    ran = subprocess.run(
        command,
        cwd=tmp_path / "crate",
        env=os.environ | {"CARGO_TARGET_DIR": target},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
