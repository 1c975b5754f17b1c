"""Which functions are worth an action in the editor, and which belong to everything that is
ported: told from the functions alone."""

from __future__ import annotations

import ast
from collections.abc import Container

from port_lsp.facts.items import Function
from port_lsp.facts.source import SourceFile
from port_lsp.patterns.endpoints.pythontext import python_function

_OWN = frozenset(("self", "cls"))
# FastAPI calls who has these as defaults ("Dependencies"); what they stand for is an extractor.
_ASKED = frozenset(
    ("Depends", "Security", "Query", "Path", "Header", "Cookie", "Body", "Form", "File")
)


def says_its_types(source: SourceFile, function: Function, models: Container[str]) -> bool:
    """Whether each parameter of a function has an annotation, and what it gives, too; of a method,
    whether its class is none of the `models` (their item keys). What can't be written isn't
    offered, nor what doesn't say anything: migrations are such functions, which nobody ports.
    """
    if function.owner is not None and not function.instances and function.owner in models:
        return False
    node = python_function(source, function.place)
    if node is None or node.returns is None or node.args.vararg or node.args.kwarg:
        return False
    params = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
    return all(one.annotation is not None or one.arg in _OWN for one in params)


def is_plain(source: SourceFile, function: Function, models: Container[str]) -> bool:
    """Whether a function is one that the backend's own code calls, and that says its types: none
    that a decorator hands to a library, no dependency, no generator, none of Python's own."""
    node = python_function(source, function.place)
    if node is None or node.decorator_list or function.name.startswith("__"):
        return False
    defaults = (*node.args.defaults, *(one for one in node.args.kw_defaults if one is not None))
    if any(_word(one) in _ASKED for one in defaults):
        return False
    yields = any(isinstance(one, (ast.Yield, ast.YieldFrom)) for one in ast.walk(node))
    return not yields and says_its_types(source, function, models)


def _word(node: ast.expr) -> str:
    """The name of what a default calls."""
    called = node.func if isinstance(node, ast.Call) else None
    return called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
