"""How names are written: raw where they are keywords, symbols as the file they stand in has them.

Keywords: the Rust Reference, "Keywords" (strict and reserved, up to edition 2024).
"""

from __future__ import annotations

from collections.abc import Callable

from port_lsp.writing.ir.types import Symbol

Names = Callable[[Symbol], str]
"""How a symbol is written in one file."""

_WORDS = """
    as async await break const continue dyn else enum extern false fn for gen if impl in let loop
    match mod move mut pub ref return static struct trait true try type unsafe use where while
    abstract become box do final macro override priv typeof unsized virtual yield
"""
_KEYWORDS = frozenset(_WORDS.split())
_NEVER_RAW = frozenset(("self", "Self", "super", "crate", "_"))


def identifier(name: str) -> str:
    """A name as an identifier: raw where it is a keyword."""
    return f"r#{name}" if name in _KEYWORDS else name


def can_be_raw(name: str) -> bool:
    """Whether a name may be an identifier at all, raw or not."""
    return name not in _NEVER_RAW and name.isidentifier()


def qualified(symbol: Symbol) -> str:
    """A symbol by its full path: what is always right."""
    return "::".join(identifier(part) for part in symbol.path)
