"""The file for a crate's first events."""

from __future__ import annotations

import posixpath

from port_lsp.patterns.desk import Desk

# Names that say what kind of thing a Python file holds; what it is about is its folder's name.
_KINDS = frozenset(("main", "app", "server", "events", "handlers", "__init__", "lib", "mod"))
_USUAL = "socket"


def events_file(desk: Desk, backend_file: str) -> str:
    """A file at the crate's root, named after what a backend file is about; it may be new."""
    parts = backend_file.removesuffix(".py").split("/")
    while parts and parts[-1] in _KINDS:
        parts.pop()
    # What is left of `app/main.py` or of a file alone is the application, not its sockets.
    name = parts[-1].lower().replace("-", "_") if len(parts) > 1 else _USUAL
    return posixpath.join(desk.source, f"{name if name.isidentifier() else _USUAL}.rs")
