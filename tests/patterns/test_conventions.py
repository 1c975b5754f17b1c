"""How the crate writes its handlers is shown with what it rests on."""

from __future__ import annotations

from pathlib import Path

from port_lsp.index.index import Index
from port_lsp.index.roots import Wanted
from port_lsp.patterns.conventions import convention_rows
from port_lsp.patterns.desk import Desks

EXAMPLES = Path(__file__).parent.parent.parent / "examples"


def rows(root: Path) -> dict[str, tuple[str, str]]:
    found = convention_rows(Desks().at(Index.open(Wanted(str(root)))))
    return {row.question: (row.answer, row.rests_on) for row in found}


def test_the_example() -> None:
    found = rows(EXAMPLES)
    assert found["framework"] == ("axum 0.8", "Cargo.toml")
    assert found["state"] == (
        "axum::extract::State(state): axum::extract::State<crate::state::AppState>",
        "20 of 20 handlers that say it",
    )
    assert found["result"] == ("crate::error::AppResult<_>", "19 of 21 handlers that say it")
    assert found["user"][0] == "crate::auth::CurrentUser(user): crate::auth::CurrentUser"
    assert found["role"][0] == "middleware"
    assert found["form"] == ("axum::Form", "the guide: no handler of the crate says it")
