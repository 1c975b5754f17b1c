"""Which names a piece of the IR uses, and which it binds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import msgspec

from port_lsp.writing.ir import body as b


def uses(name: str, *parts: object) -> bool:
    """Whether a name is used in statements, expressions or what holds them."""
    return any(_uses(name, part) for part in parts)


def _uses(name: str, part: object) -> bool:
    if isinstance(part, b.Name) and part.name == name:
        return True
    if isinstance(part, (tuple, list)):
        return any(_uses(name, one) for one in cast("Sequence[object]", part))
    if isinstance(part, msgspec.Struct):
        return any(_uses(name, getattr(part, field)) for field in part.__struct_fields__)
    return False


def bound(pattern: b.Pattern) -> list[str]:
    """The names that a pattern binds, in order."""
    if isinstance(pattern, b.Bind):
        return [pattern.name]
    if isinstance(pattern, b.TuplePattern):
        return [name for one in pattern.items for name in bound(one)]
    return []
