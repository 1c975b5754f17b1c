"""Endpoints are ported: each fixture is a backend and a crate, its expected files what is written.

`//# port: ID` names what is ported (several times; "all" for everything), `//# left: TEXT` the
reason why something isn't, `//# note: TEXT` a note. `UPDATE_EXPECT=1` writes the files anew.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from port_lsp.index.index import Index
from port_lsp.index.roots import Wanted
from port_lsp.patterns.desk import Desks
from port_lsp.patterns.endpoints.routerfunctions import Maker, RouterRoute, router_function
from port_lsp.patterns.port import Target, unfinished
from port_lsp.patterns.registry import porter
from port_lsp.writing.ir.types import symbol
from port_lsp.writing.printer import print_items
from tests.fixturefile import parse
from tests.writing.crates import holds_against, is_formatted
from tests.writing.test_printer import rustfmt

__all__ = ["rustfmt"]

FIXTURES = Path(__file__).parent.parent / "fixtures" / "writing" / "endpoints"
NAMES = sorted(path.stem for path in FIXTURES.glob("*.txt") if ".expected" not in path.name)


@pytest.mark.parametrize("name", NAMES)
def test_ported(name: str, tmp_path: Path, rustfmt: str) -> None:
    fixture = parse((FIXTURES / f"{name}.txt").read_text(encoding="utf-8"))
    fixture.write_to(tmp_path)
    index = Index.open(Wanted(str(tmp_path), str(tmp_path / "backend"), str(tmp_path / "crate")))
    wanted = fixture.meta.get("port", ())
    targets = [
        one for one in unfinished(index.snapshot)
        if one.kind == "endpoint" and ("all" in wanted or one.id in wanted)
    ]  # fmt: skip
    assert len(targets) == len(wanted) or "all" in wanted, _ids(unfinished(index.snapshot))
    done = porter(Desks().at(index)).port(targets)
    holds_against(done, fixture, FIXTURES / f"{name}.txt")
    is_formatted(done, rustfmt)


def _ids(targets: list[Target]) -> list[str]:
    return [one.id for one in targets]


def test_a_second_type_is_written_once(tmp_path: Path) -> None:
    """Items that are ported one after the other use the type that the first of them brought."""
    fixture = parse((FIXTURES / "axum_counterparts.txt").read_text(encoding="utf-8"))
    fixture.write_to(tmp_path)
    crate = tmp_path / "crate"
    names: list[str] = []
    for name in ("get_words#GET", "save_words#POST", "save_page#POST", "get_book#GET"):
        index = Index.open(Wanted(str(tmp_path), str(tmp_path / "backend"), str(crate)))
        targets = [one for one in unfinished(index.snapshot) if f"::{name}" in one.id]
        done = porter(Desks().at(index)).port(targets)
        assert len(done.done) == 1
        for change in done.changes:
            crate.joinpath(change.path).write_text(change.after, encoding="utf-8")
        names.append(" ".join(sorted(change.path for change in done.changes)))
    assert names == [
        "src/routes/pages.rs src/routes/words.rs",
        "src/routes/pages.rs",
        "src/models.rs src/routes/pages.rs",
        "src/models.rs src/routes/pages.rs",
    ]
    text = crate.joinpath("src/models.rs").read_text("utf-8")
    assert text.count("struct Page") == 2
    assert "pages: Vec<Page2>" in text


def test_a_scope_asks_in_the_backends_order() -> None:
    """`DELETE /{id}` comes behind `/all`, which it would take; with middleware by a guard."""
    guarded = (symbol("crate::Auth"),)
    routes = [
        RouterRoute(method, path, symbol(f"crate::{name}"), middleware)
        for method, path, name, middleware in (
            ("GET", "/{id}", "one", guarded),
            ("PUT", "/{id}", "change", guarded),
            ("DELETE", "/all", "clear", ()),
            ("DELETE", "/{id}", "delete", guarded),
            ("GET", "/all", "list", ()),
        )
    ]
    text = print_items(
        [router_function(Maker("configure"), "configure", routes, "actix-web")],
        lambda one: one.name,
    )
    assert re.findall(r'to\((\w+)\)|"(/[^"]+)"|(guard)\(', text) == [
        *(("", "/{id}", ""), ("", "", "guard"), ("one", "", "")),
        *(("", "/{id}", ""), ("", "", "guard"), ("change", "", "")),
        *(("", "/all", ""), ("clear", "", ""), ("", "/all", ""), ("list", "", "")),
        *(("", "/{id}", ""), ("", "", "guard"), ("delete", "", "")),
    ]
