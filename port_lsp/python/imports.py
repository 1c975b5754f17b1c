"""Import statements: what they bind, without reading the module that is imported.

Rules: The Python Language Reference, "The import statement".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from port_lsp.python import syntax as ir
from port_lsp.python.alternatives import iterate
from port_lsp.python.values import (
    EVERY,
    Imported,
    LateName,
    Scope,
)

if TYPE_CHECKING:
    from port_lsp.python.interpret import Interpreter


def import_names(run: Interpreter, node: ir.Import, scope: Scope) -> None:
    """Binds what an import statement binds."""
    state, modules = scope.module, run.modules
    if not node.names:
        if node.alias:
            place = modules.absolute(state.path, node.module)
            scope.bind(node.alias, Imported(place, node.module, None))
        else:
            first = node.module.partition(".")[0]
            place = modules.absolute(state.path, first)
            scope.bind(first, Imported(place, first, None))
        return
    if node.level:
        place = modules.relative(state.path, node.module, node.level)
    else:
        place = modules.absolute(state.path, node.module)
    for name, alias in node.names:
        if name == "*":
            _import_all(run, place, node.module, scope)
        else:
            scope.bind(alias, Imported(place, node.module, name))


def _import_all(run: Interpreter, place: str | None, module: str, scope: Scope) -> None:
    source = run.module(place) if place else None
    if source is None or place is None:
        if place is None:
            scope.module.star_imports.append(module)
        return
    scope.module.take(place, EVERY)
    listed = source.scope.names.get("__all__")
    if isinstance(listed, LateName):
        run.lookup_late(source, listed.chunk)
        listed = source.scope.names.get("__all__")
    names = (
        [name for name in iterate(run, listed) if isinstance(name, str)]
        if isinstance(listed, (list, tuple))
        else [name for name in source.scope.names if not name.startswith("_")]
    )
    for name in names:
        scope.names[name] = Imported(place, "", name)
