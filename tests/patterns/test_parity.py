"""The generated Rust answers as Pydantic's models do: a small round of bench/models_parity.py."""

from __future__ import annotations

import pytest

from bench.models_parity import LAX, SAME, Outcome, run
from bench.parity.sides import cases
from tests.rustc import needs_cargo


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> list[Outcome]:
    pytest.importorskip("fastapi")
    needs_cargo()
    found, wrong = run(cases(), tmp_path_factory.mktemp("parity") / "probe", 40, lenient=False)
    assert not wrong, wrong
    return found


def test_answers_are_the_same(outcomes: list[Outcome]) -> None:
    judged = [one for one in outcomes if one.kind != LAX]
    others = [one for one in judged if one.kind != SAME]
    shown = "\n".join(f"{one.case.name}: {one.kind}: {one.payload!r}" for one in others)
    assert len(others) <= len(judged) * 0.01, shown


def test_enough_is_refused(outcomes: list[Outcome]) -> None:
    assert len({one.case for one in outcomes}) >= 60
    assert sum(one.python.status != 200 for one in outcomes) >= len(outcomes) * 0.3
