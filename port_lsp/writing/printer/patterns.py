"""Patterns as text; always on one line."""

from __future__ import annotations

from port_lsp.writing.ir.body import (
    Bind,
    Either,
    LiteralPattern,
    PathPattern,
    Pattern,
    TuplePattern,
    Wild,
)
from port_lsp.writing.printer.names import Names, identifier
from port_lsp.writing.printer.types import members, print_tuple


def print_pattern(pattern: Pattern, names: Names) -> str:
    """A pattern as Rust writes it."""
    if isinstance(pattern, Bind):
        return f"{pattern.word}{identifier(pattern.name)}"
    if isinstance(pattern, Wild):
        return "_"
    if isinstance(pattern, LiteralPattern):
        return pattern.text
    if isinstance(pattern, PathPattern):
        return names(pattern.symbol) + members(pattern.members)
    if isinstance(pattern, Either):
        return " | ".join(print_pattern(option, names) for option in pattern.options)
    assert isinstance(pattern, TuplePattern)
    items = [print_pattern(item, names) for item in pattern.items]
    if pattern.symbol is None:
        return print_tuple(items)
    return f"{names(pattern.symbol)}{members(pattern.members)}({', '.join(items)})"
