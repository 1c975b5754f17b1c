"""What names are after an `if` both of whose branches were taken."""

from __future__ import annotations

from port_lsp.python.operators import negated
from port_lsp.python.values import Alternatives, Scope, Value


def merge(scope: Scope, taken: dict[str, Value], test: str) -> None:
    """Names after an `if`: those that differ between its branches are alternatives."""
    for name, value in taken.items():
        if name not in scope.names:
            scope.names[name] = value
        elif scope.names[name] is not value:
            otherwise = negated(test) if name in scope.bound else None
            scope.names[name] = Alternatives(((test, value), (otherwise, scope.names[name])))
