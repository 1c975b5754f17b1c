"""Whether a function of the backend may send events: by its own text, and that of those it
calls."""

from __future__ import annotations

import ast

from port_lsp.patterns.desk import Desk
from port_lsp.patterns.translate.backendfunctions import functions_at
from port_lsp.patterns.translate.binding import dotted, walked
from port_lsp.types import meanings as m

_SENDS = frozenset(("emit", "send", "call"))


def sends(desk: Desk, key: str, known: frozenset[str] = frozenset()) -> bool:
    """Whether a function may (its item key); `known` are those that are looked at already."""
    if key in known:
        return False
    node = functions_at(desk).node(key)
    if node is None:
        return True
    file, inside = functions_at(desk).file(key), walked(*node.body)
    if any(isinstance(one, ast.Attribute) and one.attr in _SENDS for one in inside):
        return True
    known |= {key}
    for one in inside:
        name = dotted(one.func) if isinstance(one, ast.Call) else ""
        meaning = desk.backend.meaning(file, name) if name else None
        if isinstance(meaning, m.Callable) and sends(desk, meaning.key, known):
            return True
    return False
