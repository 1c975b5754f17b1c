"""An edit never brings a new syntax error, into whatever file it goes: every unported item of a
fixture into every file of its crate, each file sound, and short of a bracket or quote."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.forced import Plan, ends_kept, run
from port_lsp.index.index import Index
from port_lsp.index.roots import Wanted
from port_lsp.patterns.desk import Desks
from port_lsp.patterns.port import unfinished
from port_lsp.writing.workshop import FileChange
from tests.fixturefile import parse
from tests.server.desk import PROJECT
from tests.writing.forced import aimed_at, broken, new_errors, tried

EXAMPLES = Path(__file__).parent.parent.parent / "examples"


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
        aimed = aimed_at(desk, file)
        for target in unfinished(index.snapshot):
            found = tried(aimed, target, verify=True)
            assert new_errors(found.changes) == [], (file, target)
            assert found.changes or found.reason, (file, target)
            made += bool(found.changes)
    assert made or seed


def test_the_example_forced_into_its_files() -> None:
    """The bench itself, on a few items: files with CRLF, with a BOM and short of a bracket."""
    plan = Plan(files=6, share=0.3, verified=2, read=1, formatted=20)
    done = run(EXAMPLES / "backend", EXAMPLES / "crate", plan)
    assert done.wrong == []
    kinds = {kind for kind in ("endpoint", "model") if done.counts[f"{kind} written"]}
    assert kinds == {"endpoint", "model"}
    assert done.counts["verified: passed"]
    assert done.counts["read by a new index"]


def test_what_the_bench_minds() -> None:
    crlf = FileChange("a.rs", "use b;\r\n", "use b;\r\nuse c;\n")
    bom = FileChange("b.rs", "\ufeffuse b;\n", "use b;\n")
    assert ends_kept([crlf]) == ["a.rs: lines end in two ways"]
    assert ends_kept([bom]) == ["b.rs: the BOM isn't where it was"]
    assert new_errors([FileChange("c.rs", "fn a() {}\n", "fn a() {\n")]) == ["c.rs"]
