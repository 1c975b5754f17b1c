"""Commands and the plan."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from port_lsp.server.features import commands, plan
from tests.server.client import NEOVIM
from tests.server.desk import Desk

USERS, NOTES = "backend/app/routers/users.py", "backend/app/routers/notes.py"


def run(desk: Desk, name: str, *arguments: Any) -> Any:
    return commands.handle(desk.session, types.ExecuteCommandParams(name, list(arguments)))


def shown(desk: Desk) -> tuple[str, int]:
    params = desk.outbox.of("window/showDocument")[-1]
    return params.uri.rpartition("/")[2], params.selection.start.line + 1


@pytest.mark.parametrize(
    ("item", "place"),
    [
        ("app/routers/users.py::get_user#GET /users/{id}", ("users.rs", 10)),
        ("app/routers/users.py::get_user", ("users.rs", 10)),
        ("src/routes/users.rs::get_user", ("users.py", 7)),
        ("app/models.py::User", ("models.rs", 4)),
        ("app/routers/users.py", ("users.rs", 1)),
        ("src/models.rs", ("models.py", 1)),
    ],
)
def test_the_counterpart_of_an_item(desk: Desk, item: str, place: tuple[str, int]) -> None:
    assert run(desk, "portLsp.openCounterpart", {"item": item}) is True
    assert shown(desk) == place


def test_the_counterpart_of_a_position(desk: Desk) -> None:
    at = desk.position(USERS, "get_user")
    position = {"line": at.line, "character": at.character}
    argument = {"textDocument": {"uri": desk.uri(USERS)}, "position": position}
    assert run(desk, "portLsp.openCounterpart", argument) is True
    assert shown(desk) == ("users.rs", 10)


def test_nowhere_to_go(desk: Desk) -> None:
    assert run(desk, "portLsp.openCounterpart", {"item": "nothing"}) is False
    assert desk.outbox.of("window/showDocument") == []


def test_a_client_that_cannot_show_documents(tmp_path: Path) -> None:
    desk = Desk(tmp_path, capabilities={**NEOVIM, "window": {}}).start()
    with pytest.raises(JsonRpcException, match="can't show"):
        run(desk, "portLsp.openCounterpart", {"item": "app/models.py::User"})


@pytest.mark.parametrize("argument", [{}, [], None, 7, {"item": 7}, {"position": {}}])
def test_wrong_arguments(desk: Desk, argument: Any) -> None:
    with pytest.raises(JsonRpcException) as error:
        run(desk, "portLsp.openCounterpart", argument)
    assert error.value.code == types.ErrorCodes.InvalidParams


def test_an_unknown_command(desk: Desk) -> None:
    with pytest.raises(JsonRpcException, match="there is no command"):
        run(desk, "portLsp.format")


def test_reindex(desk: Desk) -> None:
    assert run(desk, "portLsp.reindex") is None
    assert desk.outbox.of("portLsp/status")[-1].quiescent


def test_the_plan(desk: Desk) -> None:
    found = plan.handle(desk.context, {})
    assert [step.title for step in found.steps] == ["Models", "Endpoints"]
    files = {file.file: file for step in found.steps for file in step.files}
    notes = files["app/routers/notes.py"]
    assert notes.uri == desk.uri(NOTES)
    assert (notes.shares.endpoints.total, notes.shares.endpoints.drifted) == (2, 1)
    listed = [(i.kind, i.title, i.word) for i in notes.items]
    assert listed == [  # and their handlers aren't there a second time, as functions
        ("endpoint", "GET /notes/search", "unported"),
        ("endpoint", "PUT /notes/{id}", "drifted"),
    ]
    counterpart = next(i for i in notes.items if i.title == "PUT /notes/{id}").counterpart
    assert counterpart is not None
    assert (counterpart.file, counterpart.line) == ("src/routes/notes.rs", 6)


def test_the_plan_of_nothing(tmp_path: Path) -> None:
    desk = Desk(tmp_path, "//- /README.md\nnothing\n").start()
    assert plan.handle(desk.context, {}).steps == ()
