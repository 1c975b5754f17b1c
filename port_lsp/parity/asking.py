"""Requests to one address that the user named, and nowhere else: redirects are answers.

The standard library's client is enough, and does nothing unasked: no redirect, no proxy of the
environment, no cookie, no retry.
"""

from __future__ import annotations

import ssl
import time
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from urllib.parse import urlsplit

from port_lsp.facts.source import Record

_KEPT = ("content-type", "location", "www-authenticate")
_LARGEST = 16 * 1024 * 1024  # bytes of a body that are looked at
_PIECE = 64 * 1024


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
    """One request; `path` with its query, quoted."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None


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
    default = 443 if parts.scheme == "https" else 80
    base = parts.path.rstrip("/")
    return Address(parts.scheme, parts.hostname, port if port is not None else default, base)


def ask(address: Address, question: Question, timeout: float) -> Answer:
    """The answer to a request; `timeout` are the seconds that it may take in all. Raises
    NoAnswerError."""
    end = time.monotonic() + timeout
    connection = _connection(address, timeout)
    try:
        target = f"{address.base}{question.path}"
        headers = {"user-agent": "port-lsp", **dict(question.headers)}
        connection.request(question.method, target, question.body, headers)
        response = connection.getresponse()
        body = b"" if question.method == "HEAD" else _read(response, end, timeout)
    except TimeoutError:
        raise NoAnswerError(f"no answer within {timeout:g} s") from None
    except ssl.SSLError as error:
        raise NoAnswerError(f"TLS failed: {error.reason or error}") from None
    except UnicodeError:
        raise NoAnswerError("a header or a path with letters that HTTP hasn't") from None
    except HTTPException as error:
        raise NoAnswerError(f"no HTTP: {error or type(error).__name__}") from None
    except OSError as error:
        raise NoAnswerError(error.strerror or str(error)) from None
    finally:
        connection.close()
    found = [(name, response.getheader(name) or "") for name in _KEPT]
    return Answer(response.status, tuple(one for one in found if one[1]), body)


def _connection(address: Address, timeout: float) -> HTTPConnection:
    kind = HTTPSConnection if address.scheme == "https" else HTTPConnection
    return kind(address.host, address.port, timeout=timeout)


def _read(response: HTTPResponse, end: float, timeout: float) -> bytes:
    """The body; of one that is too large, its beginning."""
    found = bytearray()
    while len(found) < _LARGEST:
        if time.monotonic() > end:
            raise NoAnswerError(f"the answer didn't end within {timeout:g} s")
        piece = response.read1(_PIECE)
        if not piece:
            break
        found += piece
    return bytes(found)
