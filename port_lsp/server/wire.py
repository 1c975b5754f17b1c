"""Messages on a pair of file descriptors (LSP 3.17, "Base Protocol").

Input is read by a thread of its own: a client that writes much is never blocked by us, and a
cancellation overtakes the requests that still wait. Plain descriptors, no buffered streams: a
thread that holds a stream's lock at the interpreter's end kills the process.
"""

import json
import logging
import os
import threading
from collections import deque
from collections.abc import Callable, Iterator

from port_lsp.server.raw import inside

log = logging.getLogger(__name__)

_CHUNK = 1 << 16
_MAX_HEADER = 1 << 16  # bytes without an end of line; that is no header

CANCEL = "$/cancelRequest"


class Malformed:
    """A message whose body is no JSON; `reason` says why."""

    def __init__(self, reason: str) -> None:
        self.reason = reason


def bodies(read: Callable[[int], bytes]) -> Iterator[bytes]:
    """The bodies of the messages that `read` (as os.read, b"" at the end) gives.

    Header lines that aren't understood are passed over.
    """
    buffer = bytearray()
    length: int | None = None
    while True:
        end = buffer.find(b"\n")
        if end < 0:
            if len(buffer) > _MAX_HEADER:
                buffer.clear()
            if not (more := read(_CHUNK)):
                return
            buffer += more
            continue
        line = bytes(buffer[:end]).strip()
        del buffer[: end + 1]
        if line:
            name, _, value = line.partition(b":")
            if name.strip().lower() == b"content-length":
                length = int(value) if value.strip().isdigit() else None
            continue
        if length is None:
            continue
        while len(buffer) < length:
            if not (more := read(_CHUNK)):
                return
            buffer += more
        yield bytes(buffer[:length])
        del buffer[:length]
        length = None


class Inbox:
    """What was read and not handled yet. Filled by a thread, emptied on the event loop."""

    def __init__(self, read: Callable[[int], bytes], wake: Callable[[], None]) -> None:
        """`wake` is called from the thread after each message and at the end."""
        self.ended = False
        self._read = read
        self._wake = wake
        self._messages: deque[object] = deque()
        self._cancelled: set[int | str] = set()

    def start(self) -> None:
        """Begins to read."""
        threading.Thread(target=self._run, name="port-lsp-reader", daemon=True).start()

    def next(self) -> object:
        """The next message: a JSON value or Malformed. Raises IndexError where none waits."""
        return self._messages.popleft()

    def __len__(self) -> int:
        return len(self._messages)

    def was_cancelled(self, ident: object) -> bool:
        """Whether a request was cancelled while it waited; asked once."""
        if not isinstance(ident, int | str) or ident not in self._cancelled:
            return False
        self._cancelled.discard(ident)
        return True

    def _run(self) -> None:
        try:
            for body in bodies(self._read):
                self._take(body)
                self._wake()
        except OSError as error:
            log.info("input ended: %s", error)
        self.ended = True
        self._wake()

    def _take(self, body: bytes) -> None:
        try:
            message: object = json.loads(body)
        except (ValueError, RecursionError) as error:
            message = Malformed(str(error))
        if inside(message, "method") == CANCEL:
            ident = inside(message, "params", "id")
            if isinstance(ident, int | str):
                self._cancelled.add(ident)
        self._messages.append(message)


class Output:
    """What pygls writes to. A client that is gone ends nothing here: `broken` says so."""

    def __init__(self, descriptor: int, broken: Callable[[], None]) -> None:
        self._descriptor = descriptor
        self._broken = broken

    def write(self, data: bytes) -> None:
        """Writes all of it."""
        view = memoryview(data)
        try:
            while view:
                view = view[os.write(self._descriptor, view) :]
        except OSError as error:
            log.info("output ended: %s", error)
            self._broken()

    def close(self) -> None:
        """Nothing to do: the process ends right after."""
