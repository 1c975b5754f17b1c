"""The committed routes of the fixtures are what FastAPI says, today and in this environment."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.oraclerun import Json, ask, expected_path, is_committed

HERE = Path(__file__).parent
ORACLE = HERE / "oracles" / "fastapi_oracle.py"
FIXTURES = sorted((HERE / "fixtures" / "fastapi").glob("*.txt"))

pytestmark = pytest.mark.skipif(
    sys.version_info < (3, 11),
    reason="before Python 3.11 a frame doesn't tell the line of the decorator being applied",
)


@pytest.fixture(scope="module")
def said() -> dict[Path, Json]:
    return ask(ORACLE, FIXTURES, "app")


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda path: path.stem)
def test_committed_routes_are_fastapis(fixture: Path, said: dict[Path, Json]) -> None:
    is_committed(fixture, said)


def test_every_expectation_has_a_fixture() -> None:
    expected = set((HERE / "fixtures" / "fastapi").glob("*.json"))
    assert expected == {expected_path(fixture) for fixture in FIXTURES}
