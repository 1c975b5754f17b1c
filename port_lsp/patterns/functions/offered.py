"""Which functions are worth an action in the editor: told from their heads alone."""

from __future__ import annotations

from port_lsp.facts.items import Function
from port_lsp.facts.source import SourceFile
from port_lsp.patterns.endpoints.pythontext import python_function

_OWN = frozenset(("self", "cls"))


def says_its_types(source: SourceFile, function: Function) -> bool:
    """Whether each parameter of a function has an annotation, and what it gives, too; of a method,
    whether its class has an instance. What can't be written isn't offered."""
    if function.owner is not None and not function.instances:
        return False
    node = python_function(source, function.place)
    if node is None or node.returns is None or node.args.vararg or node.args.kwarg:
        return False
    params = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
    return all(one.annotation is not None or one.arg in _OWN for one in params)
