"""Handlers' bodies are translated: each fixture is a backend and a crate, its expected files what
is written (see `test_endpoints.py`).
"""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

import pytest

from port_lsp.index.index import Index
from port_lsp.index.roots import Wanted
from port_lsp.patterns.desk import Desk, Desks
from port_lsp.patterns.endpoints.filling import Spans
from port_lsp.patterns.endpoints.pattern import EndpointPattern
from port_lsp.patterns.endpoints.pythontext import python_body
from port_lsp.patterns.port import Target, unfinished
from port_lsp.patterns.registry import porter
from tests.fixturefile import parse
from tests.writing.crates import holds_against, is_formatted
from tests.writing.test_printer import rustfmt

__all__ = ["rustfmt"]

FIXTURES = Path(__file__).parent.parent / "fixtures" / "writing" / "bodies"
NAMES = sorted(path.stem for path in FIXTURES.glob("*.txt") if ".expected" not in path.name)


def _desk(folder: Path, name: str) -> Desk:
    fixture = parse((FIXTURES / f"{name}.txt").read_text(encoding="utf-8"))
    fixture.write_to(folder)
    wanted = Wanted(str(folder), str(folder / "backend"), str(folder / "crate"))
    return Desks().at(Index.open(wanted))


@pytest.mark.parametrize("name", NAMES)
def test_translated(name: str, tmp_path: Path, rustfmt: str) -> None:
    desk = _desk(tmp_path, name)
    targets = [one for one in unfinished(desk.snapshot) if one.kind == "endpoint"]
    done = porter(desk).port(targets)
    path = FIXTURES / f"{name}.txt"
    holds_against(done, parse(path.read_text(encoding="utf-8")), path)
    is_formatted(done, rustfmt)


@pytest.mark.parametrize("name", NAMES)
def test_no_statement_is_lost(name: str, tmp_path: Path) -> None:
    """Each statement of Python's is translated or stands in a hole, and is noted once."""
    desk = _desk(tmp_path, name)
    backend = desk.snapshot.backend
    assert backend is not None
    new = {one.id for one in unfinished(desk.snapshot)}
    for endpoint in (one for one in backend.endpoints if one.id in new):
        EndpointPattern().draft(desk, [Target("endpoint", endpoint.id)])
        body = python_body(desk.snapshot.backend_files[endpoint.place.file], endpoint.place)
        assert body is not None
        every = [one for node in body.nodes for one in ast.walk(node) if isinstance(one, ast.stmt)]
        made = desk.shares(Spans).by_handler[endpoint.key]
        lines = Counter((one.lineno, one.end_lineno, type(one).__name__) for one in every)
        assert Counter((one.first, one.last, one.kind) for one in made.spans) == lines
