"""How names are written: raw where they are keywords, symbols as the file they stand in has them.

Keywords: the Rust Reference, "Keywords" (strict and reserved, up to edition 2024).
"""

from __future__ import annotations

from collections.abc import Callable

from port_lsp.writing.ir.types import Symbol

Names = Callable[[Symbol], str]
"""How a symbol is written in one file."""


class Remembering:
    """Names that remember which expressions fit on one line with them, and how: whatever stands
    around an expression asks for it again, and each of these asks again for all that is in it.

    Expressions are known by their identity, as comparing them costs as much as printing them;
    those that are remembered are kept, so that no other one takes their identity."""

    __slots__ = ("flat", "names")

    def __init__(self, names: Names) -> None:
        """Of a file's names."""
        self.names = names
        self.flat: dict[int, tuple[object, str | None]] = {}

    def __call__(self, symbol: Symbol) -> str:
        """How a symbol is written."""
        return self.names(symbol)


def remembering(names: Names) -> Remembering:
    """The same names; what they remember already stays."""
    return names if isinstance(names, Remembering) else Remembering(names)


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
