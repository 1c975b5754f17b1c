"""Porting from the editor where it can't be done: the action says why, as `port-lsp port` does, and
no edit is given that would break a file."""

from __future__ import annotations

from pathlib import Path

import pytest
from pygls.exceptions import JsonRpcException

from port_lsp.rust.grammar import errors_in
from port_lsp.server.features.actions import resolve
from tests.cli.test_port_bad import CASES, Change
from tests.server.desk import Desk
from tests.server.test_actions import applied
from tests.server.test_port import NOTES, actions

REFUSED = {name: case for name, case in CASES.items() if case[1]}
WRITTEN = {name: case for name, case in CASES.items() if not case[1]}


def changed(tmp_path: Path, files: dict[str, Change]) -> Desk:
    desk = Desk(tmp_path)
    for path, change in files.items():
        place = desk.root / path
        place.write_text(change(place.read_text("utf-8")), "utf-8")
    return desk.start()


@pytest.mark.parametrize(("files", "said"), [(c[0], c[2]) for c in REFUSED.values()], ids=REFUSED)
def test_the_reason_is_the_error(tmp_path: Path, files: dict[str, Change], said: str) -> None:
    desk = changed(tmp_path, files)
    desk.open(NOTES)
    action = actions(desk, NOTES, "search_notes")[0]
    with pytest.raises(JsonRpcException, match=said) as caught:
        resolve(desk.session, action)
    assert "search_notes" in str(caught.value)  # which item, where one action ports several


@pytest.mark.parametrize("files", [case[0] for case in WRITTEN.values()], ids=WRITTEN)
def test_a_file_that_is_broken_already(tmp_path: Path, files: dict[str, Change]) -> None:
    desk = changed(tmp_path, files)
    desk.open(NOTES)
    action = actions(desk, NOTES, "search_notes")[0]
    for path, text in applied(desk, resolve(desk.session, action).edit).items():
        if path.endswith(".rs"):
            place = desk.root / path
            before = place.read_bytes() if place.exists() else b""
            assert errors_in(text.encode()) <= errors_in(before), path
