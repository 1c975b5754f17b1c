"""Ends the server when the process that started it is gone (LSP 3.17, `processId`)."""

import os
import sys
from collections.abc import Callable

from port_lsp.server.outbox import Loop

_EVERY = 3.0  # seconds


def watch(process: int, loop: Loop, gone: Callable[[], None]) -> None:
    """Calls `gone` once when a process has ended.

    One that can't be seen from the start (another container's) isn't watched.
    """
    if process <= 0 or not is_alive(process):
        return

    def look() -> None:
        if is_alive(process):
            loop.later(_EVERY, look)
        else:
            gone()

    loop.later(_EVERY, look)


def is_alive(process: int) -> bool:
    """Whether there is a process with this id."""
    if sys.platform == "win32":
        return _is_alive_on_windows(process)
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


if sys.platform == "win32":
    import ctypes

    _SYNCHRONIZE = 0x00100000
    _TIMEOUT = 0x102

    def _is_alive_on_windows(process: int) -> bool:
        kernel = ctypes.windll.kernel32
        handle = kernel.OpenProcess(_SYNCHRONIZE, False, process)
        if not handle:
            return False
        try:
            return kernel.WaitForSingleObject(handle, 0) == _TIMEOUT
        finally:
            kernel.CloseHandle(handle)
