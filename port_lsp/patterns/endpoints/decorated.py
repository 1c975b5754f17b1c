"""What stands above a handler beside its routes: `@limiter.limit("5/minute")`, `@cache(60)`,
`@requires("admin")`.

FastAPI registers the function that a decorator below the route's gives. What that does before,
after or instead of the handler isn't known, least of all whom it refuses: so it stands in a hole at
the handler's beginning. What stands above the route is never called for a request.
"""

from __future__ import annotations

import ast

from port_lsp.patterns.desk import Desk
from port_lsp.patterns.endpoints.needs import Needs
from port_lsp.patterns.translate.binding import dotted
from port_lsp.types import meanings as m

_REGISTERS = frozenset((
    "get", "post", "put", "patch", "delete", "options", "head", "trace", "api_route", "route",
    "websocket", "websocket_route",
))  # fmt: skip
# What gives the very function that it gets.
_NOTHING = frozenset((
    "typing.no_type_check", "typing.final", "typing.override", "typing_extensions.deprecated",
    "typing_extensions.override", "warnings.deprecated", "builtins.staticmethod",
    "builtins.classmethod",
))  # fmt: skip


def decorated(
    desk: Desk, file: str, node: ast.FunctionDef | ast.AsyncFunctionDef, needs: Needs
) -> tuple[str, ...]:
    """A line for each decorator of a handler that isn't ported, each of which is a note."""
    every = [one.func if isinstance(one, ast.Call) else one for one in node.decorator_list]
    routes = [at for at, one in enumerate(every) if _registers(one)]
    if not routes:  # it is registered elsewhere, so by its name
        routes = [-1]
    found: list[str] = []
    for at, one in enumerate(every):
        meaning = desk.backend.meaning(file, dotted(one))
        harmless = isinstance(meaning, m.Outside) and meaning.name in _NOTHING
        if at > routes[0] and at not in routes and not harmless:
            needs.note(f"`@{dotted(one) or '…'}` isn't ported")
            found.append(f"@{ast.unparse(node.decorator_list[at])}  # a decorator")
    return tuple(line for one in found for line in one.splitlines())


def _registers(func: ast.expr) -> bool:
    return isinstance(func, ast.Attribute) and func.attr in _REGISTERS
