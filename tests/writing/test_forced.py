"""An edit never brings a new syntax error, into whatever file it goes: every unported item of a
fixture into every file of its crate, each file sound, and short of a bracket or quote."""

from __future__ import annotations

from pathlib import Path

import pytest

from port_lsp.index.index import Index
from port_lsp.index.roots import Wanted
from port_lsp.patterns.desk import Desks
from port_lsp.patterns.port import unfinished
from tests.fixturefile import parse
from tests.server.desk import PROJECT
from tests.writing.forced import aimed_at, broken, new_errors, tried


@pytest.mark.parametrize("seed", range(6))
def test_no_new_syntax_error(tmp_path: Path, seed: int) -> None:
    """Seed 0 breaks nothing."""
    files = dict(parse(PROJECT).files)
    rust = {path: text for path, text in files.items() if path.endswith(".rs")}
    if seed:
        files |= broken(rust, seed)
    for path, text in files.items():
        place = tmp_path / path.lstrip("/")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    index = Index.open(Wanted(str(tmp_path), str(tmp_path / "backend"), str(tmp_path / "crate")))
    desk = Desks().at(index)
    made = 0
    for file in index.snapshot.crate_files:
        with aimed_at(desk, file):
            for target in unfinished(index.snapshot):
                found = tried(desk, target, verify=True)
                assert new_errors(found.changes) == [], (file, target)
                assert found.changes or found.reason, (file, target)
                made += bool(found.changes)
    assert made or seed
