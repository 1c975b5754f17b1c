"""Requests to one address that the user named, and nowhere else: redirects are answers.

The standard library's client is enough, and does nothing unasked: no redirect, no proxy of the
environment, no cookie, no retry. But it waits anew for each piece of an answer: here all of them
together have one time.
"""

from __future__ import annotations

import io
import re
import socket
import ssl
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

from port_lsp.facts.source import Record

_KEPT = ("content-type", "location", "www-authenticate")
LARGEST = 16 * 1024 * 1024
"""Bytes of a body that are looked at."""
PIECE = 64 * 1024
"""Bytes that are read at once."""
_NOWHERE = re.compile(r"[\s\x00-\x20\x7f]")


class AddressError(ValueError):
    """No address of a server: the reason, and how one looks."""


class NoAnswerError(Exception):
    """A server that didn't answer: the reason."""


class Address(Record, frozen=True):
    """Where a server is. `base` stands before every path, without a closing slash."""

    scheme: str
    host: str
    port: int
    base: str = ""

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}{self.base}"


class Question(Record, frozen=True):
    """One request; `path` with its query, quoted. With the method WEBSOCKET it is a talk: `says`
    are the texts that are sent, `hears` how many messages are waited for."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None
    says: tuple[str, ...] = ()
    hears: int = 0


class Answer(Record, frozen=True):
    """What came back: the headers that are compared, by their names in lower case."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    def header(self, name: str) -> str:
        """A header's value, "" without one."""
        return dict(self.headers).get(name, "")

    @property
    def media_type(self) -> str:
        """What the body is, without parameters, in lower case."""
        return self.header("content-type").partition(";")[0].strip().lower()


def address_of(url: str) -> Address:
    """The address that a URL names. Raises AddressError."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise AddressError(f"{url}: {error}") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise AddressError(f"{url} is no address of a server: give one like http://127.0.0.1:8000")
    if parts.query or parts.fragment or parts.username or parts.password:
        raise AddressError(f"{url}: give the server's address alone, what to send by --header")
    if _NOWHERE.search(url) or not _is_host(parts.hostname):
        raise AddressError(f"{url!r}: no server is called like that")
    default = 443 if parts.scheme == "https" else 80
    base = parts.path.rstrip("/")
    return Address(parts.scheme, parts.hostname, port if port is not None else default, base)


def _is_host(name: str) -> bool:
    """Whether a name can be looked up at all."""
    try:
        name.encode("idna")
    except UnicodeError:
        return False
    return True


def ask(address: Address, question: Question, timeout: float) -> Answer:
    """The answer to a request; `timeout` are the seconds that it may take in all. Raises
    NoAnswerError."""
    end = time.monotonic() + timeout
    connection = _connection(address, timeout)
    opened: socket.socket | None = None
    try:
        with failing(timeout):
            target = f"{address.base}{question.path}"
            headers = {"user-agent": "port-lsp", **dict(question.headers)}
            connection.connect()
            opened = connection.sock
            assert opened is not None  # it is connected
            hurried: Any = _Hurried(opened, end)
            connection.sock = hurried
            connection.request(question.method, target, question.body, headers)
            response = connection.getresponse()
            body = b"" if question.method == "HEAD" else _read(response, end, timeout)
    finally:
        connection.close()
        if opened is not None:
            opened.close()
    return Answer(response.status, kept(response.getheader), body)


@contextmanager
def failing(timeout: float) -> Generator[None]:
    """Where whatever goes wrong with a server is a NoAnswerError; `timeout` are the seconds that
    were too few."""
    try:
        yield
    except TimeoutError:
        raise NoAnswerError(f"no answer within {timeout:g} s") from None
    except ssl.SSLError as error:
        raise NoAnswerError(f"TLS failed: {error.reason or error}") from None
    except UnicodeError:
        raise NoAnswerError("a header or a path with letters that HTTP hasn't") from None
    except ValueError as error:
        raise NoAnswerError(f"it can't be asked: {error}") from None
    except HTTPException as error:
        raise NoAnswerError(f"no HTTP: {error or type(error).__name__}") from None
    except OSError as error:
        raise NoAnswerError(error.strerror or str(error)) from None


def kept(header: Callable[[str], str | None]) -> tuple[tuple[str, str], ...]:
    """The headers that are compared, as far as they are there: `header` gives one by its name in
    lower case."""
    found = [(name, header(name) or "") for name in _KEPT]
    return tuple(one for one in found if one[1])


def _connection(address: Address, timeout: float) -> HTTPConnection:
    kind = HTTPSConnection if address.scheme == "https" else HTTPConnection
    return kind(address.host, address.port, timeout=timeout)


def _read(response: HTTPResponse, end: float, timeout: float) -> bytes:
    """The body; of one that is too large, its beginning."""
    found = bytearray()
    while len(found) < LARGEST:
        try:
            if time.monotonic() > end:
                raise TimeoutError
            piece = response.read1(PIECE)
        except TimeoutError:
            raise NoAnswerError(f"the answer didn't end within {timeout:g} s") from None
        if not piece:
            if response.length:  # of the bytes that it promised
                raise NoAnswerError(f"the answer ended {response.length} bytes before its end")
            break
        found += piece
    return bytes(found)


class _Hurried:
    """An open socket for the client, each of whose readings may take what is left of the time."""

    def __init__(self, opened: socket.socket, end: float) -> None:
        self._opened, self._end = opened, end

    def sendall(self, data: bytes) -> None:
        self._opened.sendall(data)

    def makefile(self, *_: object) -> io.BufferedReader:
        return io.BufferedReader(_Pieces(self._opened, self._end))

    def close(self) -> None:
        """Nothing: the client closes it while the body is still to be read."""


class _Pieces(io.RawIOBase):
    def __init__(self, opened: socket.socket, end: float) -> None:
        super().__init__()
        self._opened, self._end = opened, end

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._opened.settimeout(left)
        return self._opened.recv_into(buffer)
