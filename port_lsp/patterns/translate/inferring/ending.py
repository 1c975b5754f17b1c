"""Whether a function's body never comes to its end: as `binding.always_ends`, also through a `with`
that swallows no exception."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from port_lsp.patterns.translate.binding import always_ends, dotted
from port_lsp.patterns.translate.queries.links import is_called_so

# What opens files, sessions and clients: their `__exit__` returns nothing (their docs).
_OPENS = frozenset((
    "open", "aiohttp.ClientSession", "httpx.AsyncClient", "httpx.Client", "requests.Session",
    "requests.session",
))  # fmt: skip


def always_leaves(nodes: Sequence[ast.stmt]) -> bool:
    """Whether nothing behind these statements is ever reached from them."""
    return always_ends(nodes, _passes)


def _passes(node: ast.expr) -> bool:
    """Whether what is opened lets every exception through."""
    called = node.func if isinstance(node, ast.Call) else node
    name = dotted(called)
    return name in _OPENS or is_called_so(name.rpartition(".")[2])
