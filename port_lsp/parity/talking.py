"""A WebSocket as one request: the handshake, what is said, and what is heard until it ends.

RFC 6455. Who isn't let in gets an answer of HTTP; a talk's answer has the status 101 and a body of
JSON: `heard`, the messages in their order (texts that are JSON as that, bytes as a list of
numbers), and `closed`, the code and reason by which the server closed, 1006 where it only hung up;
null where we did, when as many messages had come as were to be heard.
"""

from __future__ import annotations

import json
import socket
import ssl
import time
from typing import Any

import h11
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
from wsproto.utilities import ProtocolError

from port_lsp.parity.asking import (
    LARGEST,
    PIECE,
    Address,
    Answer,
    NoAnswerError,
    Question,
    failing,
    kept,
)

UPGRADED = 101
_NORMAL, _ABNORMAL = 1000, 1006
Json = Any


def talk(address: Address, question: Question, timeout: float) -> Answer:
    """The answer of a WebSocket to `question.says`, when `question.hears` messages have come;
    `timeout` are the seconds that it may take in all. Raises NoAnswerError."""
    end = time.monotonic() + timeout
    with failing(timeout):
        try:
            with _connected(address, timeout) as connection:
                return _Talk(connection, question, end, timeout).run(address)
        except (ProtocolError, h11.ProtocolError) as error:
            raise NoAnswerError(f"no WebSocket: {error or type(error).__name__}") from None


def _connected(address: Address, timeout: float) -> socket.socket:
    plain = socket.create_connection((address.host, address.port), timeout)
    if address.scheme != "https":
        return plain
    return ssl.create_default_context().wrap_socket(plain, server_hostname=address.host)


class _Talk:
    """One connection."""

    def __init__(
        self, connection: socket.socket, question: Question, end: float, timeout: float
    ) -> None:
        self._socket, self._question = connection, question
        self._end, self._timeout = end, timeout
        self._protocol = WSConnection(ConnectionType.CLIENT)
        self._refused: RejectConnection | None = None
        self._body = bytearray()
        self._pieces: list[str | bytes | bytearray] = []
        self._size = 0
        self._heard: list[Json] = []
        self._closed: Json = None
        self._left = self._over = False

    def run(self, address: Address) -> Answer:
        """From the handshake to the end."""
        host = f"[{address.host}]" if ":" in address.host else address.host
        headers = {"user-agent": "port-lsp", **dict(self._question.headers)}
        given = [(name.encode("ascii"), text.encode("latin-1")) for name, text in headers.items()]
        target = f"{address.base}{self._question.path}"
        target.encode("ascii")
        self._send(Request(host=f"{host}:{address.port}", target=target, extra_headers=given))
        while not self._over:
            self._receive()
        if self._refused is not None:
            found = {name.decode().lower(): text for name, text in self._refused.headers}
            texts = {name: text.decode("latin-1") for name, text in found.items()}
            if not self._body:  # of which servers say some media type or none
                texts.pop("content-type", None)
            return Answer(self._refused.status_code, kept(texts.get), bytes(self._body))
        body = json.dumps({"heard": self._heard, "closed": self._closed}, ensure_ascii=False)
        return Answer(UPGRADED, (("content-type", "application/json"),), body.encode())

    def _send(self, event: Event) -> None:
        self._socket.sendall(self._protocol.send(event))

    def _receive(self) -> None:
        left = self._end - time.monotonic()
        if left <= 0:
            raise NoAnswerError(self._late())
        self._socket.settimeout(left)
        try:
            data = self._socket.recv(PIECE)
        except TimeoutError:
            raise NoAnswerError(self._late()) from None
        self._size += len(data)
        if self._size > LARGEST:
            raise NoAnswerError("it says more than can be compared")
        if not data:
            if self._protocol.connection is None and self._refused is None:
                raise NoAnswerError("it hung up without an answer")
            if not self._left and self._closed is None:
                self._closed = {"code": _ABNORMAL, "reason": ""}
            self._over = True
            return
        self._protocol.receive_data(data)
        for event in self._protocol.events():
            self._take(event)

    def _late(self) -> str:
        if self._protocol.connection is None:
            return f"no answer within {self._timeout:g} s"
        count, wanted = len(self._heard), self._question.hears
        if self._left:
            return f"it didn't close within {self._timeout:g} s"
        return f"{count} of {wanted} messages within {self._timeout:g} s"

    def _take(self, event: Event) -> None:
        if isinstance(event, RejectConnection):
            self._refused = event
            self._over = not event.has_body
        elif isinstance(event, RejectData):
            self._body += event.data
            self._over = event.body_finished
        elif isinstance(event, AcceptConnection):
            for text in self._question.says:
                self._send(TextMessage(data=text))
            self._leave()
        elif isinstance(event, CloseConnection):
            if not self._left:
                self._closed = {"code": int(event.code), "reason": event.reason or ""}
                self._send(event.response())
            self._over = True
        elif self._left:
            return  # how much comes before it hears of that is a matter of chance
        elif isinstance(event, (TextMessage, BytesMessage)):
            self._pieces.append(event.data)
            if event.message_finished:
                self._heard.append(_read(self._pieces))
                self._pieces = []
                self._leave()
        elif isinstance(event, Ping):
            self._send(event.response())

    def _leave(self) -> None:
        """Closes, when all is heard that was to be."""
        if not self._left and len(self._heard) >= self._question.hears:
            self._send(CloseConnection(code=_NORMAL))
            self._left = True


def _read(pieces: list[str | bytes | bytearray]) -> Json:
    """A message: JSON where it is that."""
    text = "".join(one for one in pieces if isinstance(one, str))
    if not all(isinstance(one, str) for one in pieces):
        return list(b"".join(bytes(one) for one in pieces if not isinstance(one, str)))
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
