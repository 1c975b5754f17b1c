"""The process: its life by the book, and what hostile clients send."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fixturefile import parse
from tests.server.client import NEOVIM, TIMEOUT, VSCODE, Client, Json, ResponseError
from tests.server.desk import PROJECT

INVALID_REQUEST, METHOD_NOT_FOUND, INVALID_PARAMS, PARSE_ERROR = -32600, -32601, -32602, -32700
NOT_INITIALIZED, CANCELLED = -32002, -32800
NOTES = "backend/app/routers/notes.py"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    parse(PROJECT).write_to(tmp_path)
    (tmp_path / ".git").mkdir()
    return tmp_path.resolve()


@pytest.fixture
def client() -> Iterator[Client]:
    with Client() as started:
        yield started


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A server for tests that leave it as it was."""
    folder = tmp_path_factory.mktemp("shared").resolve()
    parse(PROJECT).write_to(folder)
    (folder / ".git").mkdir()
    with Client() as started:
        started.initialize(folder, VSCODE)
        started.ready()
        yield started
        assert "Traceback" not in started.log()


def hover(root: Path, line: int = 0, character: int = 0) -> Json:
    uri = (root / NOTES).as_uri()
    return {"textDocument": {"uri": uri}, "position": {"line": line, "character": character}}


def is_alive(client: Client) -> bool:
    return client.request("portLsp/plan", {})["steps"] is not None


def test_a_life_by_the_book(client: Client, root: Path) -> None:
    result = client.initialize(root, NEOVIM)
    assert result["serverInfo"]["name"] == "port-lsp"
    assert result["capabilities"]["experimental"]["portLsp"]["version"] == 1
    assert client.ready()["health"] == "ok"
    assert client.shut_down() == 0
    assert client.log() == ""


def test_exit_without_shutdown(client: Client, root: Path) -> None:
    client.initialize(root, NEOVIM)
    client.notify("exit")
    assert client.process.wait(TIMEOUT) == 1


def test_exit_before_initialize(client: Client) -> None:
    client.notify("exit")
    assert client.process.wait(TIMEOUT) == 1


def test_the_end_of_input_is_the_end(client: Client, root: Path) -> None:
    client.initialize(root, NEOVIM)
    assert client.process.stdin is not None
    client.process.stdin.close()
    assert client.process.wait(TIMEOUT) == 1


def test_the_end_of_input_in_the_middle_of_indexing(client: Client, root: Path) -> None:
    for number in range(300):
        text = (root / NOTES).read_text("utf-8")
        (root / NOTES).with_name(f"notes{number}.py").write_text(text, "utf-8")
    client.initialize(root, NEOVIM)
    assert client.process.stdin is not None
    client.process.stdin.close()
    assert client.process.wait(TIMEOUT) == 1


def test_before_initialize(client: Client, root: Path) -> None:
    with pytest.raises(ResponseError) as error:
        client.request("textDocument/hover", hover(root))
    assert error.value.code == NOT_INITIALIZED
    with pytest.raises(ResponseError) as error:
        client.request("shutdown")
    assert error.value.code == NOT_INITIALIZED
    client.notify("textDocument/didOpen", {"textDocument": {}})
    client.initialize(root, NEOVIM)
    assert client.ready()["health"] == "ok"


def test_initialize_comes_once(client: Client, root: Path) -> None:
    client.initialize(root, NEOVIM)
    with pytest.raises(ResponseError) as error:
        client.request("initialize", {"capabilities": {}})
    assert error.value.code == INVALID_REQUEST
    assert is_alive(client)


def test_after_shutdown(client: Client, root: Path) -> None:
    client.initialize(root, NEOVIM)
    client.request("shutdown")
    with pytest.raises(ResponseError) as error:
        client.request("textDocument/hover", hover(root))
    assert error.value.code == INVALID_REQUEST
    client.notify("textDocument/didSave", {"textDocument": {"uri": "file:///x"}})
    client.notify("exit")
    assert client.process.wait(TIMEOUT) == 0


def test_the_parent_dies(root: Path) -> None:
    """The server of a client that is gone ends, although something else holds its input open."""
    parent = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    with Client() as client:
        params = {"processId": parent.pid, "rootUri": root.as_uri(), "capabilities": NEOVIM}
        client.request("initialize", params)
        parent.kill()
        parent.communicate()
        assert client.process.wait(TIMEOUT) == 1


def test_a_parent_that_cannot_be_seen_is_not_watched(client: Client, root: Path) -> None:
    client.request("initialize", {"processId": 2**22 + 7, "capabilities": {}})
    time.sleep(0.2)
    assert is_alive(client)


def test_an_unknown_method(client: Client, root: Path) -> None:
    client.initialize(root, NEOVIM)
    with pytest.raises(ResponseError) as error:
        client.request("textDocument/formatting", {})
    assert error.value.code == METHOD_NOT_FOUND
    client.notify("$/setTrace", {"value": "verbose"})
    client.notify("$/unknown", {"a": 1})
    client.notify("unknown", [1])
    assert is_alive(client)


WRONG: list[tuple[str, Any]] = [
    ("textDocument/hover", {}),
    ("textDocument/hover", None),
    ("textDocument/hover", [1, 2]),
    ("textDocument/hover", {"textDocument": {"uri": 7}, "position": "x"}),
    ("textDocument/codeAction", {"textDocument": {"uri": "file:///x"}}),
    ("workspace/executeCommand", {"command": ["x"]}),
    ("workspace/executeCommand", {"command": "portLsp.openCounterpart", "arguments": [[]]}),
    ("portLsp/counterpart", {"textDocument": {}}),
    ("portLsp/counterpart", None),
    ("textDocument/diagnostic", {"jsonrpc": "1"}),
]


@pytest.mark.parametrize(("method", "params"), WRONG)
def test_wrong_parameters_are_answered(shared: Client, method: str, params: Any) -> None:
    with pytest.raises(ResponseError) as error:
        shared.request(method, params)
    assert error.value.code == INVALID_PARAMS
    assert "raceback" not in json.dumps(error.value.error)
    assert is_alive(shared)


def test_what_is_no_message(client: Client, root: Path) -> None:
    client.initialize(root, NEOVIM)
    client.send_raw(b"Content-Length: 5\r\n\r\n{'a'}")
    assert client.stray()["error"]["code"] == PARSE_ERROR
    for wrong in ([], 7, None, "x", [{"jsonrpc": "2.0", "method": "exit"}], {}, {"id": 1}):
        client.send(wrong)
        assert client.stray()["error"]["code"] == INVALID_REQUEST
    client.send({"jsonrpc": "1.0", "id": "a", "method": "portLsp/plan"})
    assert client.stray()["error"]["code"] == INVALID_REQUEST
    client.send({"jsonrpc": "2.0", "id": {"a": 1}, "method": "portLsp/plan"})
    assert client.stray()["error"]["code"] == INVALID_REQUEST
    client.send({"jsonrpc": "2.0", "id": 10_000, "result": None})
    client.send({"jsonrpc": "2.0", "id": 10_000, "error": {"code": 1}})
    assert is_alive(client)


def test_a_cancelled_request_is_answered_once(client: Client, root: Path) -> None:
    client.initialize(root, NEOVIM)
    client.ready()
    uri = client.open(root / NOTES)
    ident, answer = client.ask("portLsp/plan", {})
    client.notify("$/cancelRequest", {"id": ident})
    found = outcome(answer)
    assert found.get("code") == CANCELLED or found["steps"]
    messages = b""
    for number in range(50):
        name = f"c{number}"
        body: Json = {"jsonrpc": "2.0", "id": name, "method": "portLsp/plan", "params": {}}
        cancel: Json = {"jsonrpc": "2.0", "method": "$/cancelRequest", "params": {"id": name}}
        for message in (body, cancel):
            data = json.dumps(message).encode()
            messages += b"Content-Length: %d\r\n\r\n%s" % (len(data), data)
    client.send_raw(messages)
    answers = [client.stray() for _ in range(50)]
    assert sorted(str(one["id"]) for one in answers) == sorted(f"c{n}" for n in range(50))
    cancelled = [one for one in answers if one.get("error", {}).get("code") == CANCELLED]
    assert len(cancelled) > 25  # those that were read together with their cancellation
    client.notify("$/cancelRequest", {"id": {"x": 1}})
    client.notify("$/cancelRequest", None)
    assert client.request("textDocument/codeLens", {"textDocument": {"uri": uri}})


@pytest.mark.parametrize(
    "uri",
    [
        "untitled:Untitled-1",
        "git:/a/b.py?%7B%7D",
        "vscode-notebook-cell:/a/b.ipynb#W0sZmlsZQ%3D%3D",
        "file:///c%3A/a/b.py",
        "file:///C:/a/b.py",
        "file://host/share/b.py",
        "file:///%00",
        "file:///%FF%FE.py",
        "file:",
        "",
        "::::",
        "file:///" + "a/" * 5000 + "b.py",
    ],
)
def test_documents_of_no_disk(shared: Client, uri: str) -> None:
    item = {"uri": uri, "languageId": "python", "version": 1, "text": "@app.get('/x')\n"}
    shared.notify("textDocument/didOpen", {"textDocument": item})
    start = {"line": 0, "character": 0}
    shared.change(uri, 2, {"range": {"start": start, "end": start}, "text": "x"})
    at = {"textDocument": {"uri": uri}, "position": start}
    assert shared.request("textDocument/hover", at) is None
    assert shared.request("portLsp/counterpart", at) == []
    assert shared.request("textDocument/codeLens", {"textDocument": {"uri": uri}}) == []
    assert shared.request("textDocument/diagnostic", {"textDocument": {"uri": uri}})["items"] == []
    shared.notify("textDocument/didSave", {"textDocument": {"uri": uri}})
    shared.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
    assert is_alive(shared)


def test_numbers_beyond_the_protocol_lose_no_edit(client: Client, root: Path) -> None:
    client.initialize(root, NEOVIM)
    uri = client.open(root / NOTES)
    client.ready()
    whole = {"start": {"line": 0, "character": 0}, "end": {"line": 2**32 - 1, "character": 2**63}}
    text = (root / NOTES).read_text("utf-8").replace("/search", "/find")
    client.change(uri, 2, {"range": whole, "text": text})
    pushed = client.wait_for(
        "textDocument/publishDiagnostics", lambda p: p["uri"] == uri and p.get("version") == 2
    )
    assert "GET /notes/find" in pushed["diagnostics"][0]["message"]


def test_edits_of_what_is_not_open(client: Client, root: Path) -> None:
    client.initialize(root, NEOVIM)
    uri = (root / NOTES).as_uri()
    client.change(uri, 2, {"text": "x"})
    client.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
    client.open(root / NOTES)
    client.open(root / NOTES)  # twice, without closing
    assert is_alive(client)


def outcome(answer: Callable[[], Any]) -> Any:
    """The result of a request, or the error that it was answered with."""
    try:
        return answer()
    except ResponseError as error:
        return error.error


def test_random_messages(root: Path) -> None:
    """Whatever comes: the server lives, answers each request once, and shows no traceback."""
    rng = random.Random(20)  # noqa: S311 (a repeatable sequence is what is wanted)
    uris = [(root / NOTES).as_uri(), "file:///c%3A/x.py", "untitled:1", (root / "x.rs").as_uri()]
    values: list[Any] = [
        None,
        0,
        -1,
        2**40,
        1.5,
        "",
        "x",
        True,
        [],
        {},
        [{}],
        {"uri": "x"},
        "\ud800",
    ]
    methods = [
        "textDocument/hover", "textDocument/codeLens", "textDocument/codeAction",
        "codeAction/resolve", "textDocument/diagnostic", "workspace/diagnostic",
        "textDocument/implementation", "workspace/executeCommand", "portLsp/counterpart",
        "portLsp/plan", "textDocument/didOpen", "textDocument/didChange", "textDocument/didClose",
        "textDocument/didSave", "workspace/didChangeWatchedFiles", "window/workDoneProgress/cancel",
        "workspace/didChangeWorkspaceFolders", "$/cancelRequest", "nothing",
    ]  # fmt: skip

    empties: list[Any] = [[], None, [{}]]

    def position() -> Any:
        return rng.choice(
            [
                {"line": rng.choice([0, 4, 99, -1]), "character": rng.choice([0, 9, 2**33])},
                rng.choice(values),
            ]
        )

    def params() -> Any:
        if rng.random() < 0.2:
            return rng.choice(values)
        text = rng.choice(["x = 1", "def", "\ud800"])
        made: Json = {
            "textDocument": {"uri": rng.choice(uris), "version": rng.choice([1, 2, None, -5]),
                             "languageId": "python", "text": text},
            "position": position(),
            "range": {"start": position(), "end": position()},
            "contentChanges": [{"range": {"start": position(), "end": position()}, "text": "(\n"}],
            "context": {"diagnostics": rng.choice(empties)},
            "command": rng.choice(["portLsp.reindex", "portLsp.openCounterpart", "x", 7]),
            "arguments": rng.choice([[], None, [{"item": "x"}], [7]]),
            "changes": [{"uri": rng.choice(uris), "type": rng.choice([1, 2, 3, 9])}],
            "title": "x", "data": rng.choice(values), "token": rng.choice(values),
            "id": rng.choice(values),
            "previousResultIds": rng.choice([[], None, [{"uri": uris[0], "value": "x"}]]),
            "event": {"added": [], "removed": rng.choice([[], None])},
        }  # fmt: skip
        for key in list(made):
            if rng.random() < 0.15:
                made[key] = rng.choice(values)
            elif rng.random() < 0.1:
                del made[key]
        return made

    with Client() as client:
        client.initialize(root, VSCODE)
        client.ready()
        answers: list[Any] = []
        for _ in range(400):
            method = rng.choice(methods)
            if method.startswith(("textDocument/did", "workspace/did", "$/", "window/")):
                client.notify(method, params())
            else:
                answers.append(client.ask(method, params())[1])
        for answer in answers:
            assert "raceback" not in json.dumps(outcome(answer))
        assert is_alive(client)
        assert client.request("shutdown") is None
        client.notify("exit")
        assert client.process.wait(TIMEOUT) == 0
        shown = [m for m in client.seen.messages if m["method"] == "window/showMessage"]
        assert shown == []


def test_random_bytes(root: Path) -> None:
    rng = random.Random(21)  # noqa: S311 (as above)
    with Client() as client:
        client.initialize(root, NEOVIM)
        for _ in range(100):
            body = rng.randbytes(rng.randrange(1, 200))
            client.send_raw(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        client.send_raw(b"\x00\xff garbage without an end\r\n\r\n")
        assert is_alive(client)


def test_whatever_prints_does_not_disturb(root: Path) -> None:
    """Standard output is the protocol's alone, also for what runs inside of the process."""
    with Client(program=("-c", PRINTING)) as client:
        client.initialize(root, NEOVIM)
        assert client.request("portLsp/plan", {}) == {}
        assert client.shut_down() == 0
        assert "printed" in client.log()


PRINTING = """
import os
from port_lsp.server import dispatch, main

def noisy(session, params):
    print("printed")
    os.write(1, b"and written")
    return {}

dispatch.HANDLERS["portLsp/plan"] = noisy
raise SystemExit(main.serve())
"""
