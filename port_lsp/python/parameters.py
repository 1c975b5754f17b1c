"""A call's arguments bound to the parameters of what it calls."""

from __future__ import annotations

from port_lsp.python import syntax as ir
from port_lsp.python.values import Arguments, Late, Scope, Unknown, Value


def bind_parameters(definition: ir.FuncDef, args: Arguments, scope: Scope, owner: Value) -> None:
    """Binds a call's arguments to parameters; defaults where none is given."""
    positional = list(args.positional)
    if owner is not None:
        positional.insert(0, owner)
    rest = dict(args.keywords)
    for param in definition.params:
        if param.star == "*":
            scope.names[param.name] = tuple(positional)
            positional = []
        elif param.star == "**":
            named: dict[object, Value] = {**rest}
            scope.names[param.name] = named
        elif param.name in rest:
            scope.names[param.name] = rest.pop(param.name)
        elif positional and not param.keyword:
            scope.names[param.name] = positional.pop(0)
        elif param.default is not None:
            parent = scope.parent or scope
            scope.names[param.name] = Late(param.default.expr, parent)
        else:
            scope.names[param.name] = Unknown(f"parameter {param.name}")
