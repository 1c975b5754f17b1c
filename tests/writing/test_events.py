"""Socket.IO events are ported: each fixture is a backend and a crate, its expected files what is
written (see `test_endpoints.py`)."""

from __future__ import annotations

from pathlib import Path

import pytest

from port_lsp.index.index import Index
from port_lsp.index.roots import Wanted
from port_lsp.patterns.desk import Desks
from port_lsp.patterns.port import unfinished
from port_lsp.patterns.registry import porter
from tests.fixturefile import parse
from tests.writing.crates import holds_against, is_formatted
from tests.writing.test_printer import rustfmt

__all__ = ["rustfmt"]

FIXTURES = Path(__file__).parent.parent / "fixtures" / "writing" / "events"
NAMES = sorted(path.stem for path in FIXTURES.glob("*.txt") if ".expected" not in path.name)


@pytest.mark.parametrize("name", NAMES)
def test_ported(name: str, tmp_path: Path, rustfmt: str) -> None:
    fixture = parse((FIXTURES / f"{name}.txt").read_text(encoding="utf-8"))
    fixture.write_to(tmp_path)
    index = Index.open(Wanted(str(tmp_path), str(tmp_path / "backend"), str(tmp_path / "crate")))
    wanted = fixture.meta.get("port", ())
    targets = [
        one for one in unfinished(index.snapshot)
        if one.kind == "event" and ("all" in wanted or one.id in wanted)
    ]  # fmt: skip
    assert targets
    done = porter(Desks().at(index)).port(targets)
    holds_against(done, fixture, FIXTURES / f"{name}.txt")
    is_formatted(done, rustfmt)
    for change in done.changes:
        path = tmp_path / "crate" / change.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(change.after, encoding="utf-8")
    after = {row.backend: row.presence for row in index.sweep().links.events}
    assert {after[one] for one in done.done} <= {"stub", "ported"}
