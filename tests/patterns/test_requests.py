"""A port's handlers answer requests as FastAPI does: a small round of bench/requests_parity.py."""

from __future__ import annotations

import pytest

from bench.parity.serving import features
from bench.requests_parity import LAX, SAME, Outcome, run
from tests.rustc import needs_cargo

# What a parameter may be; each with what it may have.
PLACES = ("query", "path", "header", "cookie", "body", "form", "multipart")
REST = ("default", "limit", "alias", "list", "optional", "enum", "several", "embed", "depends")


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> list[Outcome]:
    pytest.importorskip("fastapi")
    needs_cargo()
    found, wrong = run(tmp_path_factory.mktemp("requests") / "probe", every=7)
    assert not wrong, wrong
    return found


def test_answers_are_the_same(outcomes: list[Outcome]) -> None:
    judged = [one for one in outcomes if one.kind != LAX]
    others = [one for one in judged if one.kind != SAME]
    shown = "\n".join(f"{one.asked.method} {one.asked.uri}: {one.kind}" for one in others)
    assert len(others) <= len(judged) * 0.01, shown


def test_enough_is_refused(outcomes: list[Outcome]) -> None:
    assert len({(one.endpoint.method, one.endpoint.path) for one in outcomes}) >= 60
    assert sum(one.python.status == 422 for one in outcomes) >= len(outcomes) * 0.3


def test_every_kind_of_parameter_is_there() -> None:
    known = {word for words in features().values() for word in words}
    assert known >= {*PLACES, *REST}
