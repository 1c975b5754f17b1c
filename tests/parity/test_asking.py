"""Requests go where the user said and nowhere else; whatever a server does, there is an answer or
a reason.
"""

from __future__ import annotations

import socket
import threading
import time

import pytest

from port_lsp.parity.asking import AddressError, NoAnswerError, Question, address_of, ask
from tests.parity.servers import Answering, Reply, Server, as_json


def always(reply: Reply | None) -> Answering:
    """A server that has one answer."""

    def answering(method: str, path: str, body: bytes) -> Reply | None:
        return reply

    return answering


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://localhost:8000/", "http://localhost:8000"),
        ("https://example.org/api/", "https://example.org:443/api"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ],
)
def test_addresses(url: str, shown: str) -> None:
    assert str(address_of(url)) == shown


@pytest.mark.parametrize(
    "url",
    ["127.0.0.1:8000", "ftp://x", "http://", "http://x:99999", "http://x?y=1", "http://a:b@x"],
)
def test_what_is_no_address(url: str) -> None:
    with pytest.raises(AddressError) as error:
        address_of(url)
    assert url in str(error.value)


def test_a_redirect_is_an_answer() -> None:
    with Server(always(as_json(200, {}))).running() as third:
        reply = 307, {"location": f"{third.url}/there"}, b""
        with Server(always(reply)).running() as server:
            answer = ask(address_of(server.url), Question("GET", "/here"), 5)
        assert (answer.status, answer.header("location")) == (307, f"{third.url}/there")
        assert third.asked == []


def test_what_is_sent() -> None:
    with Server(always(as_json(200, {"a": 1}))).running() as server:
        question = Question("POST", "/x?y=1", (("authorization", "Bearer t"),), b"{}")
        answer = ask(address_of(f"{server.url}/base"), question, 5)
    assert (answer.status, answer.media_type, answer.body) == (200, "application/json", b'{"a": 1}')
    ((line, headers),) = server.asked
    assert line == "POST /base/x?y=1"
    assert headers["authorization"] == "Bearer t"


def test_nobody_there() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(NoAnswerError, match="refused"):
        ask(address_of(f"http://127.0.0.1:{port}"), Question("GET", "/"), 5)


def test_closed_without_an_answer() -> None:
    with (
        Server(always(None)).running() as server,
        pytest.raises(NoAnswerError, match="no HTTP"),
    ):
        ask(address_of(server.url), Question("GET", "/"), 5)


def test_letters_that_http_has_not() -> None:
    with Server(always(as_json(200, {}))).running() as server:
        question = Question("GET", "/", (("x-name", "東京"),))
        with pytest.raises(NoAnswerError, match="letters"):
            ask(address_of(server.url), question, 5)


def test_what_is_no_http() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def talk() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(1000)
                connection.sendall(b"220 mail ready\r\n")

        thread = threading.Thread(target=talk)
        thread.start()
        with pytest.raises(NoAnswerError, match="no HTTP"):
            ask(
                address_of(f"http://127.0.0.1:{listening.getsockname()[1]}"),
                Question("GET", "/"),
                5,
            )
        thread.join()


def test_an_answer_that_never_ends() -> None:
    """Whole seconds aren't waited: a stream that says something now and then ends, too."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def talk() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(1000)
                connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
                try:
                    while True:
                        connection.sendall(b"1\r\nx\r\n")
                        time.sleep(0.02)
                except OSError:
                    pass  # who asked has gone

        thread = threading.Thread(target=talk)
        thread.start()
        port = listening.getsockname()[1]
        with pytest.raises(NoAnswerError, match=r"didn't end within 0\.3 s"):
            ask(address_of(f"http://127.0.0.1:{port}"), Question("GET", "/"), 0.3)
        thread.join()
