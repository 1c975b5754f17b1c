"""Whether a dependency may answer in a handler's place, or does something else than giving a value:
it must be called then, also where nobody reads what it gives.

FastAPI: its docs, "Dependencies in path operation decorators". What hands out a connection yields
it, and raises again what went wrong behind it, which is the handler's own matter.
"""

from __future__ import annotations

import ast

from port_lsp.patterns.desk import Desk
from port_lsp.patterns.translate.backendfunctions import functions_at
from port_lsp.patterns.translate.binding import is_generator
from port_lsp.patterns.translate.depended import depending, is_act
from port_lsp.types import meanings as m

_DEPTH = 4  # dependencies of dependencies that are followed


def acts(desk: Desk, key: str, depth: int = _DEPTH) -> bool:
    """Whether a function of the backend, or one that it depends on, raises something by itself or
    calls something for what that does."""
    node = functions_at(desk).node(key)
    if node is None or not depth:
        return False
    if not is_generator(node) and any(map(is_act, ast.walk(node))):
        return True
    names = [one for one in depending(node).values() if one]
    found = [desk.backend.meaning(key.partition("::")[0], one) for one in names]
    keys = [one.key for one in found if isinstance(one, m.Callable)]
    return any(acts(desk, one, depth - 1) for one in keys)
