"""A WebSocket's talk ends by what was to be heard, by the server, or by the clock; and whatever the
server does, there is an answer or a reason.
"""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from wsproto import ConnectionType, WSConnection
from wsproto.events import (
    AcceptConnection,
    BytesMessage,
    CloseConnection,
    Event,
    Ping,
    RejectConnection,
    RejectData,
    Request,
    TextMessage,
)
from wsproto.utilities import LocalProtocolError

from port_lsp.parity.answering import WEBSOCKET, answered
from port_lsp.parity.asking import Answer, Question, address_of

Replies = Callable[[Event], "list[Event] | None"]
"""What a server sends when something comes; None hangs up."""


@contextmanager
def served(replies: Replies) -> Generator[tuple[str, list[Event]], None, None]:
    """The address of a server of one connection, and what comes to it."""
    came: list[Event] = []
    listening = socket.create_server(("127.0.0.1", 0))

    def run() -> None:
        connection, _ = listening.accept()
        protocol = WSConnection(ConnectionType.SERVER)
        with connection:
            while data := connection.recv(65536):
                protocol.receive_data(data)
                for event in protocol.events():
                    came.append(event)
                    sent = replies(event)
                    if sent is None:
                        return
                    with suppress(LocalProtocolError):  # both close
                        for one in sent:
                            connection.sendall(protocol.send(one))

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    with listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}", came
        thread.join(5)


def talked(url: str, *says: str, hears: int | None = None, seconds: float = 5.0) -> Any:
    """What comes of a talk: status and body, or the reason."""
    count = len(says) if hears is None else hears
    headers = (("authorization", "Bearer t"),)
    question = Question(WEBSOCKET, "/live?a=1", headers, None, says, count)
    found = answered(address_of(url), question, seconds)
    if not isinstance(found, Answer):
        return found
    body: Any = json.loads(found.body) if found.media_type == "application/json" else found.body
    return found.status, body


def echo(event: Event) -> list[Event] | None:
    """A server that says what it hears, and what else a server may send."""
    if isinstance(event, Request):
        return [AcceptConnection(), Ping(b"p")]
    if isinstance(event, TextMessage):
        if event.data == "bye":
            return [CloseConnection(4001, "so long")]
        if event.data == "drop":
            return None
        half = len(event.data) // 2
        return [
            TextMessage(event.data[:half], message_finished=False),
            TextMessage(event.data[half:]),
        ]
    return [event.response()] if isinstance(event, CloseConnection) else []


def test_what_is_said_and_heard() -> None:
    with served(echo) as (url, came):
        heard = talked(url, "one", '{"a": [1]}', "東京", "null")
    assert heard == (101, {"heard": ["one", {"a": [1]}, "東京", None], "closed": None})
    asked = came[0]
    assert isinstance(asked, Request)
    assert (asked.target, dict(asked.extra_headers)[b"authorization"]) == ("/live?a=1", b"Bearer t")
    assert isinstance(came[-1], CloseConnection)
    assert came[-1].code == 1000


def test_what_comes_when_we_have_left_is_not_heard() -> None:
    def replies(event: Event) -> list[Event]:
        if isinstance(event, Request):
            return [AcceptConnection(), *map(TextMessage, ("one", "two")), Ping(b"p")]
        return [event.response()] if isinstance(event, CloseConnection) else []

    with served(replies) as (url, _):
        assert talked(url, hears=1) == (101, {"heard": ["one"], "closed": None})


def test_json_that_is_nested_too_deeply_is_a_text() -> None:
    deep = "[" * 100_000
    with served(
        lambda one: (
            [AcceptConnection(), TextMessage(deep)]
            if isinstance(one, Request)
            else ([one.response()] if isinstance(one, CloseConnection) else [])
        )
    ) as (url, _):
        assert talked(url, hears=1) == (101, {"heard": [deep], "closed": None})


def test_the_server_closes() -> None:
    with served(echo) as (url, _):
        heard = talked(url, "one", "bye", hears=9)
    assert heard == (101, {"heard": ["one"], "closed": {"code": 4001, "reason": "so long"}})


def test_the_server_hangs_up() -> None:
    with served(echo) as (url, _):
        heard = talked(url, "one", "drop", hears=9)
    assert heard == (101, {"heard": ["one"], "closed": {"code": 1006, "reason": ""}})


def test_bytes() -> None:
    def replies(event: Event) -> list[Event]:
        if isinstance(event, Request):
            return [AcceptConnection(), BytesMessage(b"\x00\xff")]
        return [event.response()] if isinstance(event, CloseConnection) else []

    with served(replies) as (url, _):
        assert talked(url, hears=1) == (101, {"heard": [[0, 255]], "closed": None})


@pytest.mark.parametrize(
    ("body", "found"),
    [(None, (403, b"")), (b'{"detail": "no"}', (403, {"detail": "no"}))],
)
def test_who_is_not_let_in(body: bytes | None, found: Any) -> None:
    headers = [(b"content-type", b"application/json")]

    def replies(event: Event) -> list[Event]:
        refused = RejectConnection(403, headers, has_body=body is not None)
        return [refused, *([RejectData(body)] if body is not None else [])]

    with served(replies) as (url, _):
        assert talked(url, "one") == found


def test_nothing_comes() -> None:
    def replies(event: Event) -> list[Event]:
        return [AcceptConnection()] if isinstance(event, Request) else []

    with served(replies) as (url, _):
        assert talked(url, "one", seconds=0.3) == "0 of 1 messages within 0.3 s"


def test_it_does_not_close() -> None:
    def replies(event: Event) -> list[Event]:
        return [AcceptConnection()] if isinstance(event, Request) else []

    with served(replies) as (url, _):
        assert talked(url, seconds=0.3) == "it didn't close within 0.3 s"


def test_no_handshake() -> None:
    with served(lambda _: []) as (url, _):
        assert talked(url, seconds=0.3) == "no answer within 0.3 s"
    with served(lambda _: None) as (url, _):
        assert talked(url) == "it hung up without an answer"


def test_what_is_no_websocket() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def run() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(1000)
                connection.sendall(b"220 mail ready\r\n\r\n")

        thread = threading.Thread(target=run)
        thread.start()
        found = talked(f"http://127.0.0.1:{listening.getsockname()[1]}")
        thread.join()
    assert isinstance(found, str)
    assert found.startswith("no WebSocket: ")


def test_letters_that_http_has_not() -> None:
    with served(echo) as (url, _):
        question = Question(WEBSOCKET, "/", (("x-name", "東京"),))
        found = answered(address_of(url), question, 5)
        socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2]))).close()
    assert found == "a header or a path with letters that HTTP hasn't"


def test_a_header_that_is_none() -> None:
    with served(echo) as (url, _):
        question = Question(WEBSOCKET, "/", (("x-name", "a\nb"),))
        found = answered(address_of(url), question, 5)
        socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2]))).close()
    assert isinstance(found, str)
    assert found.startswith("no WebSocket: ")


def test_nobody_there() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert "refused" in talked(f"http://127.0.0.1:{port}")
