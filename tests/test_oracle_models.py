"""The committed models of the fixtures are what Pydantic, the ORMs and python-socketio say."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.oraclerun import Json, ask, expected_path, is_committed

HERE = Path(__file__).parent
ORACLE = HERE / "oracles" / "models_oracle.py"
FIXTURES = sorted((HERE / "fixtures" / "models").glob("*.txt"))

pytestmark = pytest.mark.skipif(
    sys.version_info < (3, 11), reason="some fixtures use StrEnum, which Python has from 3.11 on"
)


@pytest.fixture(scope="module")
def said() -> dict[Path, Json]:
    return ask(ORACLE, FIXTURES, "module")


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda path: path.stem)
def test_committed_models_are_the_frameworks(fixture: Path, said: dict[Path, Json]) -> None:
    is_committed(fixture, said)


def test_every_expectation_has_a_fixture() -> None:
    expected = set((HERE / "fixtures" / "models").glob("*.json"))
    assert expected == {expected_path(fixture) for fixture in FIXTURES}
