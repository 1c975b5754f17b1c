"""A program in a terminal: what it draws, and what is typed."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType

_SIZE = struct.pack("HHHH", 50, 160, 0, 0)  # rows, columns, and pixels that nobody asks for
_CONTROL = re.compile(r"\x1b(?:\[[0-9;?:]*[a-zA-Z]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[=>()][AB0]?)")


class Terminal:
    """Runs a program until the block ends."""

    def __init__(self, command: Sequence[str], folder: Path, environment: Mapping[str, str]):
        """`folder` is where the program runs."""
        self._drawn = ""
        self._pid, self._file = pty.fork()
        if self._pid == 0:
            os.chdir(folder)
            os.execve(command[0], list(command), dict(environment))  # noqa: S606 - no shell
        fcntl.ioctl(self._file, termios.TIOCSWINSZ, _SIZE)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        with suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)
        os.close(self._file)

    def type(self, keys: str) -> None:
        """Types keys; what was drawn before doesn't count any more for `shows`."""
        self._drawn = ""
        os.write(self._file, keys.encode())

    def shows(self, text: str, seconds: float) -> None:
        """Waits until a text was drawn in one go. Raises AssertionError after some seconds."""
        end = time.monotonic() + seconds
        while text not in self._text():
            assert time.monotonic() < end, f"no {text!r} in:\n{self._text()}"
            ready, _, _ = select.select([self._file], [], [], 0.1)
            if ready:
                self._drawn += os.read(self._file, 1 << 16).decode(errors="replace")

    def _text(self) -> str:
        return _CONTROL.sub("", self._drawn)
