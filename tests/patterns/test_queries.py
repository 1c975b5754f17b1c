"""What is written for the backend's queries does what they do: each form is called in Python and
in Rust, on the same rows, in SQLite and in PostgreSQL."""

from __future__ import annotations

import json
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from port_lsp.types.databases import Database
from tests.patterns.querying.asking import Sides, ask
from tests.patterns.querying.column_forms import COLUMN_FORMS
from tests.patterns.querying.forms import Form
from tests.patterns.querying.peewee_forms import PEEWEE_FORMS
from tests.patterns.querying.query_forms import NUL, QUERY_FORMS
from tests.patterns.querying.select_forms import SELECT_FORMS
from tests.patterns.querying.step_forms import STATEMENT_FORMS, STEP_FORMS
from tests.patterns.querying.tables import COLUMNS, ENTRIES, THINGS
from tests.patterns.querying.write_forms import WRITE_FORMS
from tests.postgres import needs_postgres, server
from tests.rustc import needs_cargo

ASKED = {
    THINGS: (
        *QUERY_FORMS, *SELECT_FORMS, *COLUMN_FORMS, *STEP_FORMS, *STATEMENT_FORMS, *WRITE_FORMS,
    ),
    ENTRIES: PEEWEE_FORMS,
}  # fmt: skip
FORMS = {
    f"{module.name}.form_{at}": one
    for module, forms in ASKED.items()
    for at, one in enumerate(forms)
}
DATABASES: tuple[Database, ...] = ("sqlite", "postgres")


@pytest.fixture(scope="module")
def postgres() -> Generator[Path, None, None]:
    needs_postgres()
    with server() as socket:
        yield socket


@pytest.fixture(scope="module")
def sides(tmp_path_factory: pytest.TempPathFactory, postgres: Path) -> dict[Database, Sides]:
    needs_cargo()
    return ask(tmp_path_factory.mktemp("queries"), postgres, ASKED)


@pytest.mark.parametrize("database", DATABASES)
@pytest.mark.parametrize("name", FORMS)
def test_form(name: str, database: Database, sides: dict[Database, Sides]) -> None:
    form, both = FORMS[name], sides[database]
    assert "todo!" not in both.written[name], both.written[name]
    python, rust = (_sorted(form, one[name]) for one in (both.python, both.rust))
    assert rust == python, both.written[name]
    if not form.edge:
        _tells(form, python, _before(name))


def test_nul_is_refused_by_postgres_alone(sides: dict[Database, Sides]) -> None:
    names = [name for name, one in FORMS.items() if one.edge == NUL]
    assert names
    for name in names:
        for answer, _ in (*sides["postgres"].rust[name], *sides["postgres"].python[name]):
            assert answer == "refused"
        assert "refused" not in [answer for answer, _ in sides["sqlite"].rust[name]]


def test_no_form_is_lost() -> None:
    """As many as the README says; so many of them are distinct, beside those at the edges."""
    assert len(FORMS) == 266
    assert len({(one.python, one.params) for one in FORMS.values() if not one.edge}) == 246


def _sorted(form: Form, answers: list[Any]) -> list[Any]:
    """What calls came to; rows whose order nobody asked for are in one."""
    for answer, _ in answers:
        if answer != "refused" and isinstance(answer["gives"], list) and not form.is_ordered:
            answer["gives"].sort(key=_text)
    return answers


def _changes(before: list[Any], after: list[Any]) -> bool:
    """Whether a write has changed something, and left something as it was."""
    return after != before and any(one in before for one in after)


def _text(value: object) -> str:
    return json.dumps(value, sort_keys=True)


def _before(name: str) -> list[Any]:
    """The rows of a form's table."""
    (module,) = (one for one in ASKED if name.startswith(f"{one.name}."))
    return [dict(zip(COLUMNS, row, strict=True)) for row in module.rows]


def _tells(form: Form, answers: list[Any], before: list[Any]) -> None:
    """A form gives two rows and more, and leaves out some; what gives a value gives two different
    ones."""
    given = [answer["gives"] for answer, _ in answers if answer != "refused"]
    if form.gives.startswith("list["):
        assert any(2 <= len(one) < len(THINGS.rows) for one in given)
        return
    if form.writes:
        assert any(_changes(before, rows) for _, rows in answers)
        return
    different = {_text(one) for one in given if one is not None}
    assert len(different) >= 2
