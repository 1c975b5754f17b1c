"""Messages out of bytes, whatever the bytes are."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable

import pytest

from port_lsp.server.wire import Inbox, Malformed, Output, bodies


def reader(*chunks: bytes) -> Callable[[int], bytes]:
    """Gives the chunks one by one, then the end."""
    left = list(chunks)
    return lambda size: left.pop(0) if left else b""


def message(body: bytes) -> bytes:
    return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


@pytest.mark.parametrize(
    "header",
    [
        b"Content-Length: 2\r\n\r\n",
        b"content-length:2\r\n\r\n",
        b"Content-Type: x; charset=utf-8\r\nContent-Length: 2\r\n\r\n",
        b"Content-Length: 2\r\nContent-Type: x\r\n\r\n",
        b"Content-Length: 2\n\n",
        b"nonsense\r\n\r\nContent-Length: two\r\nContent-Length: 2\r\n\r\n",
        b"\r\n\r\n" + b"x" * 200_000 + b"\r\nContent-Length: 2\r\n\r\n",
    ],
)
def test_headers(header: bytes) -> None:
    assert list(bodies(reader(header + b"{}" + message(b"[]")))) == [b"{}", b"[]"]


def test_bytes_come_in_pieces() -> None:
    whole = message(b'{"a": 1}') + message(b"") + message(b"2")
    pieces = [whole[at : at + 1] for at in range(len(whole))]
    assert list(bodies(reader(*pieces))) == [b'{"a": 1}', b"", b"2"]


def test_an_unfinished_message_is_none() -> None:
    assert list(bodies(reader(b"Content-Length: 10\r\n\r\n{}"))) == []


def received(*chunks: bytes) -> Inbox:
    """An inbox that has read everything."""
    ended = threading.Event()
    inbox = Inbox(reader(*chunks), lambda: ended.set() if inbox.ended else None)
    inbox.start()
    assert ended.wait(10)
    return inbox


def test_what_is_no_json_is_malformed() -> None:
    inbox = received(message(b"{"), message(b"\xff\xfe\xfd"), message(b"[" * 100_000))
    assert [type(inbox.next()) for _ in range(3)] == [Malformed] * 3
    with pytest.raises(IndexError):
        inbox.next()


def test_a_cancellation_overtakes() -> None:
    inbox = received(
        message(b'{"id": 1, "method": "m"}'),
        message(b'{"method": "$/cancelRequest", "params": {"id": 1}}'),
        message(b'{"method": "$/cancelRequest", "params": {"id": {}}}'),
        message(b'{"method": "$/cancelRequest"}'),
    )
    assert inbox.was_cancelled(1)
    assert not inbox.was_cancelled(1)
    assert not inbox.was_cancelled({})
    assert len(inbox) == 4


def test_a_reader_that_fails_is_the_end() -> None:
    def fail(size: int) -> bytes:
        raise OSError("gone")

    ended = threading.Event()
    inbox = Inbox(fail, ended.set)
    inbox.start()
    assert ended.wait(10)
    assert inbox.ended


def test_a_client_that_is_gone_breaks_the_output_and_nothing_else() -> None:
    source, target = os.pipe()
    os.close(source)
    broken: list[bool] = []
    output = Output(target, lambda: broken.append(True))
    output.write(b"x")
    output.close()
    os.close(target)
    assert broken == [True]
