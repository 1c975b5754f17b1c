"""What computes which kind of expression, from all rooms that do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from port_lsp.python import attributes, calling, displays, operators
from port_lsp.python import syntax as ir
from port_lsp.python.evaluate import Computes, lookup
from port_lsp.python.values import Scope, Value

if TYPE_CHECKING:
    from port_lsp.python.interpret import Interpreter


def _name(run: Interpreter, expr: ir.Name, scope: Scope) -> Value:
    return lookup(run, scope, expr.id)


COMPUTE: Computes = {
    ir.Name: _name,
    **displays.COMPUTE,
    **attributes.COMPUTE,
    **operators.COMPUTE,
    **calling.COMPUTE,
}
"""What is missing here is `Unknown`."""
