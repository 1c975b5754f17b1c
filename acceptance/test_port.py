"""What is ported compiles: the example's rest into its own crate, a whole backend into new ones.

cargo is the oracle, so it must be there: in CI without it these fail.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bench.port_compile import cargo, port, unformatted
from port_lsp.index.index import Index
from port_lsp.index.roots import Wanted
from port_lsp.patterns.desk import Desks
from port_lsp.patterns.port import unfinished
from port_lsp.patterns.registry import porter
from port_lsp.writing.registering import Framework
from tests.fixturefile import parse
from tests.rustc import needs_cargo

EXAMPLES = Path(__file__).parent.parent / "examples"
WRITING = Path(__file__).parent.parent / "tests" / "fixtures" / "writing"
FIXTURES = [
    path
    for folder in ("endpoints", "events", "bodies", "stubs")
    for path in sorted((WRITING / folder).glob("*.txt"))
    if ".expected" not in path.name
]


@pytest.fixture(scope="module", autouse=True)
def cargo_is_there() -> None:
    needs_cargo()


def test_the_rest_of_the_example(tmp_path: Path, target: Path) -> None:
    top = tmp_path / "examples"
    shutil.copytree(EXAMPLES, top, ignore=shutil.ignore_patterns("target", ".venv"))
    index = Index.open(Wanted(str(top)))
    targets = unfinished(index.snapshot)
    done = porter(Desks().at(index)).port(targets)
    assert (len(done.done), done.left) == (len(targets), ())
    for change in done.changes:
        (top / "crate" / change.path).write_text(change.after, "utf-8")
    found, errors = cargo(top / "crate", "check", target)
    assert errors == [], found
    after = index.sweep()
    assert unfinished(after) == []
    words = {row.backend: row for row in (*after.links.endpoints, *after.links.models)}
    assert {words[one.id].presence for one in targets if one.kind == "model"} == {"ported"}
    ported = {one.id for one in targets if one.id in words and words[one.id].presence == "ported"}
    assert "notes_app/routers/notes.py::search_notes#GET /api/v1/notes/search" in ported


@pytest.mark.parametrize("framework", ["axum", "actix-web"])
def test_open_webui(open_webui: Path, tmp_path: Path, target: Path, framework: Framework) -> None:
    crate = tmp_path / "ported"
    done = port(open_webui, crate, (), framework)
    assert done.left == ()
    found, errors = cargo(crate, "check", target)
    assert errors == [], found
    assert unformatted(crate) == []
    after = Index.open(Wanted(str(tmp_path), str(open_webui), str(crate))).snapshot
    assert unfinished(after) == []


@pytest.mark.parametrize("framework", ["axum", "actix-web"])
def test_the_example_in_a_new_crate(tmp_path: Path, target: Path, framework: Framework) -> None:
    crate = tmp_path / "ported"
    done = port(EXAMPLES / "backend", crate, (), framework)
    assert done.left == ()
    found, errors = cargo(crate, "check", target)
    assert errors == [], found
    assert unformatted(crate) == []
    after = Index.open(Wanted(str(tmp_path), str(EXAMPLES / "backend"), str(crate))).snapshot
    presences = {row.presence for row in after.links.endpoints if row.backend is not None}
    # As the configuration says of one; the bodies of all are translated to their end.
    assert presences == {"ignored", "ported"}
    assert after.crate is not None
    assert all(one.reachable for one in after.crate.endpoints)


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_fixtures_compile(fixture: Path, tmp_path: Path, target: Path) -> None:
    """What the fixtures of what is written expect is Rust that compiles."""
    parse(fixture.read_text("utf-8")).write_to(tmp_path)
    crate = tmp_path / "crate"
    parse(fixture.with_suffix(".expected.txt").read_text("utf-8")).write_to(crate)
    found, errors = cargo(crate, "check", target)
    assert errors == [], found
