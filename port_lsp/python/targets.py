"""Assignment targets: what `a`, `a, b`, `a[k]` and `a.b` bind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from port_lsp.python import syntax as ir
from port_lsp.python.alternatives import iterate
from port_lsp.python.evaluate import evaluate
from port_lsp.python.values import (
    Instance,
    Native,
    Scope,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from port_lsp.python.interpret import Interpreter


def bind(run: Interpreter, target: ir.Expr, value: Value, scope: Scope) -> None:
    """Binds a target, unpacking where it is a display."""
    if isinstance(target, ir.Name):
        scope.bind(target.id, value)
    elif isinstance(target, ir.Seq):
        items = list(iterate(run, value))
        for index, part in enumerate(target.items):
            known = items[index] if index < len(items) else Unknown("unpacking")
            bind(run, part, known, scope)
    elif isinstance(target, ir.Index) and len(target.items) == 1:
        container = evaluate(run, target.value, scope)
        key = evaluate(run, target.items[0], scope)
        if isinstance(container, dict) and isinstance(key, (str, int, Unknown)):
            container[key] = value  # under a key that isn't known, too: it isn't empty then
            run.mutated()
    elif isinstance(target, ir.Attr):
        owner = evaluate(run, target.value, scope)
        if isinstance(owner, Instance):
            owner.attributes[target.name] = value
            if not run.starting:
                run.mutated()
        elif isinstance(owner, Native):
            setter = getattr(owner, "set_attribute", None)
            if setter is not None:
                setter(target.name, value)
                if getattr(owner, "module", "") != run.owner:
                    run.mutated()
