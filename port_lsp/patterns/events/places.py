"""The file for a crate's first events."""

from __future__ import annotations

import posixpath

from port_lsp.facts.items import Event
from port_lsp.patterns.desk import Desk

# Names that say what kind of thing a Python file holds; what it is about is its folder's name.
_KINDS = frozenset(("main", "app", "server", "events", "handlers", "__init__", "lib", "mod"))
_USUAL = "socket"


def events_file(desk: Desk, event: Event) -> str:
    """A file at the crate's root, named after what an event's backend file is about, if nothing
    else is said; it may be new."""
    if event.id in desk.into:
        return desk.into[event.id]
    parts = event.place.file.removesuffix(".py").split("/")
    while parts and parts[-1] in _KINDS:
        parts.pop()
    # What is left of `app/main.py` or of a file alone is the application, not its sockets.
    name = parts[-1].lower().replace("-", "_") if len(parts) > 1 else _USUAL
    return posixpath.join(desk.source, f"{name if name.isidentifier() else _USUAL}.rs")
