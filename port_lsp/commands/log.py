"""Where the log is."""

import os
import sys
import tempfile
from pathlib import Path


def log_path() -> Path:
    """The log file, in the platform's folder for such things; its folder is made.

    Where that can't be written, the folder for temporary files.
    """
    folder = _folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        folder = Path(tempfile.gettempdir())
    if not os.access(folder, os.W_OK):
        folder = Path(tempfile.gettempdir())
    return folder / "port-lsp.log"


def _folder() -> Path:
    """XDG Base Directory Specification, "state"; Apple's and Microsoft's folders for logs."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or tempfile.gettempdir(), "port-lsp")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Logs" / "port-lsp"
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state", "port-lsp")
