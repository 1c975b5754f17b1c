"""What a chain of a session's gives, read off its text."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from port_lsp.patterns.translate.binding import dotted
from port_lsp.patterns.translate.queries.links import chain_of, is_called_so
from port_lsp.types import meanings as m
from port_lsp.types.wire import Wire, ref

if TYPE_CHECKING:
    from port_lsp.patterns.translate.inferring.bodies import Typing

_LONG = 4  # variables that a chain is put together in
_OPTIONAL = frozenset(("first", "one_or_none", "scalar_one_or_none", "scalar", "get"))
_ONE = frozenset(("one", "scalar_one"))
_ASKS = frozenset(("execute", "exec", "scalars", "scalar"))


def queried(body: Typing, node: ast.expr) -> Wire | None:
    """The type of the rows that a chain gives; None for anything else."""
    root, links = chain_of(_put_in(body, node))
    if not isinstance(root, ast.Name) or not is_called_so(root.id) or not links:
        return None
    names = [one.name for one in links]
    args = links[0].call.args
    first = args[0] if args else None
    if names[0] in _ASKS and first is not None:
        made, others = chain_of(_put_in(body, first))
        call = made if isinstance(made, ast.Call) else others[0].call if others else None
        word = dotted(call.func).rpartition(".")[2] if call is not None else ""
        first = call.args[0] if call is not None and word == "select" and call.args else None
        if names[0] == "execute" and not any(one.startswith("scalar") for one in names):
            return None
    elif names[0] not in ("query", "get"):
        return None
    meaning = body.meaning(first) if first is not None else None
    if not isinstance(meaning, m.Kind):
        return None
    row, last = ref(meaning.key), names[-1]
    if last in _OPTIONAL:
        return Wire("optional", (row,))
    return row if last in _ONE else Wire("list", (row,)) if last == "all" else None


def _put_in(body: Typing, node: ast.expr) -> ast.expr:
    """An expression with what variables at its root were assigned, once."""
    for _ in range(_LONG):
        root, links = chain_of(node)
        every = body.bound.get(root.id, []) if isinstance(root, ast.Name) else []
        made = every[0].node if len(every) == 1 and every[0].how == "value" else None
        if made is None:
            break
        for one in links:
            function = ast.Attribute(made, one.name, ast.Load())
            made = ast.Call(function, one.call.args, one.call.keywords)
        node = made
    return node.value if isinstance(node, ast.Await) else node
