"""What the first port takes longest for is done while nobody types."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from port_lsp.server.readiness import Readiness
from port_lsp.writing.workshop import Workshop
from tests.server.desk import Desk, Loop

NOTES = "backend/app/routers/notes.py"


@pytest.fixture
def trials(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A one for each reading of a trial."""
    found: list[int] = []
    trial = Workshop.trial

    def counted(*arguments: object) -> object:
        found.append(1)
        return trial(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Workshop, "trial", counted)
    return found


def test_a_trial_is_read_ahead_once(tmp_path: Path, trials: list[int]) -> None:
    desk = Desk(tmp_path).start()
    assert trials == []
    for _ in range(6):
        desk.loop.pass_time()
    assert trials == [1, 1]  # of nothing, and of the first endpoint


def test_who_types_is_not_held_up(tmp_path: Path, trials: list[int]) -> None:
    desk = Desk(tmp_path).start()
    desk.open(NOTES)
    for count in range(6):
        desk.replace(NOTES, "return [", f"return [{count}, ")
    assert trials == []
    assert sum(timer.call is not None for timer in desk.loop.timers) <= 3


def test_without_a_crate_there_is_nothing_to_do(tmp_path: Path, trials: list[int]) -> None:
    desk = Desk(tmp_path, "//- /README.md\nnothing\n").start()
    for _ in range(6):
        desk.loop.pass_time()
    assert trials == []


def test_a_step_that_fails_ends_them(caplog: pytest.LogCaptureFixture) -> None:
    taken: list[int] = []

    def steps() -> Iterator[None]:
        taken.append(1)
        yield
        raise ValueError("no")

    loop = Loop()
    Readiness(loop).begin(steps())
    for _ in range(4):
        loop.pass_time()
    assert (taken, loop.timers) == ([1], [])
    assert "couldn't be prepared" in caplog.text
