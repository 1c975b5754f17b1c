"""Who may call in a new crate: each fixture is a backend, its expected files are the auth module
that it gets (and others that it names behind `shown:`), and what guards each endpoint on either
side.

`UPDATE_EXPECT=1` writes the expected files anew.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from bench.port_compile import port
from port_lsp.facts.items import Endpoint
from port_lsp.index.index import Index
from port_lsp.index.roots import Wanted
from port_lsp.writing.registering import Framework
from tests.fixturefile import parse
from tests.writing.test_printer import formatted, rustfmt

__all__ = ["rustfmt"]

FIXTURES = Path(__file__).parent.parent / "fixtures" / "writing" / "auth"
NAMES = sorted(path.stem for path in FIXTURES.glob("*.txt") if ".expected" not in path.name)
SHOWN = ("src/auth/mod.rs", "src/auth/users.rs")


@pytest.mark.parametrize("framework", ["axum", "actix-web"])
@pytest.mark.parametrize("name", NAMES)
def test_the_auth_module(name: str, framework: Framework, tmp_path: Path, rustfmt: str) -> None:
    text = (FIXTURES / f"{name}.txt").read_text("utf-8")
    parse(text[text.index("//- ") :]).write_to(tmp_path)
    crate = tmp_path / "crate"
    port(tmp_path / "backend", crate, (), framework)
    for path in (crate / "src" / "auth").rglob("*.rs"):
        written = path.read_text("utf-8")
        assert formatted(rustfmt, written) == written, path
    database = crate / "src" / "database.rs"
    if database.exists():  # sqlx's macro doesn't compile without the folder
        is_asked = "sqlx::migrate!" in database.read_text("utf-8")
        assert is_asked == (crate / "migrations").is_dir()
    again = Index.open(Wanted(str(tmp_path), str(tmp_path / "backend"), str(crate))).snapshot
    assert again.backend is not None
    assert again.crate is not None
    theirs, ours = _by_id(again.backend.endpoints), _by_id(again.crate.endpoints)
    rows = [
        f"{link.backend.rpartition('#')[2]}: {_guard(theirs[link.backend])}"
        f" / {_guard(ours[link.crate]) if link.crate is not None else 'nothing'}\n"
        for link in again.links.endpoints
        if link.backend is not None
    ]
    more = re.search(r"^shown: (.+)$", text, re.M)
    shown_too = more[1].split() if more is not None else []
    there = [path for path in (*SHOWN, *shown_too) if (crate / path).exists()]
    assert set(shown_too) <= set(there)
    shown = "".join(f"//- /{path}\n{(crate / path).read_text('utf-8')}" for path in there)
    shown += "//- /guards\n" + "".join(rows)
    expected = FIXTURES / f"{name}.{framework}.expected.txt"
    if os.environ.get("UPDATE_EXPECT"):
        expected.write_text(shown, "utf-8")
    assert shown == expected.read_text("utf-8")


def _by_id(endpoints: tuple[Endpoint, ...]) -> dict[str, Endpoint]:
    return {one.id: one for one in endpoints}


def _guard(endpoint: Endpoint) -> str:
    guard = endpoint.signature.guard
    return guard.level if guard.name is None else f"{guard.level} {guard.name}"
