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
    [
        "127.0.0.1:8000",
        "ftp://x",
        "http://",
        "http://x:99999",
        "http://x?y=1",
        "http://a:b@x",
        "http://a b",
        "http://a..b",
        "http://[::1",
    ],
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


def told(*pieces: bytes, timeout: float = 5.0, pause: float = 0.0) -> str:
    """Why there is no answer of a server that sends these pieces, the last one again and again if
    it pauses."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def talk() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(1000)
                try:
                    for piece in pieces:
                        connection.sendall(piece)
                    while pause:
                        time.sleep(pause)
                        connection.sendall(pieces[-1])
                except OSError:
                    pass  # who asked has gone

        thread = threading.Thread(target=talk)
        thread.start()
        port = listening.getsockname()[1]
        with pytest.raises(NoAnswerError) as error:
            ask(address_of(f"http://127.0.0.1:{port}"), Question("GET", "/"), timeout)
        thread.join()
    return str(error.value)


def test_what_is_no_http() -> None:
    assert "no HTTP" in told(b"220 mail ready\r\n")


FINE = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    "pieces",
    [
        (b"H",),
        (b"HTTP/1.1 100 Continue\r\n\r\n",),
        (FINE, b"a: b\r\n"),
        (FINE, b"transfer-encoding: chunked\r\n\r\n", b"0"),
        (FINE, b"transfer-encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        (FINE, b"content-length: 9999\r\n\r\n", b"x"),
    ],
    ids=["status", "continue", "headers", "a chunk's size", "chunks", "body"],
)
def test_an_answer_that_never_ends(pieces: tuple[bytes, ...]) -> None:
    """It isn't waited anew for each piece: what says something now and then ends, too."""
    start = time.monotonic()
    assert "within 0.3 s" in told(*pieces, timeout=0.3, pause=0.02)
    assert time.monotonic() - start < 5


def test_an_answer_that_breaks_off() -> None:
    said = told(FINE, b"content-length: 10\r\n\r\nabc")
    assert said == "the answer ended 7 bytes before its end"


def test_a_header_that_is_none() -> None:
    with (
        Server(always(as_json(200, {}))).running() as server,
        pytest.raises(NoAnswerError, match="Invalid header value"),
    ):
        ask(address_of(server.url), Question("GET", "/", (("x", "a\nb: c"),)), 5)
