"""Names turned into others, as declarative bases make a table's name of their class's: `re.sub`,
and what is made for it (humps, inflection, stringcase)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from port_lsp.python.values import Value

_SNAKE = frozenset(
    ("humps.depascalize", "humps.decamelize", "inflection.underscore", "stringcase.snakecase")
)
RENAMING = _SNAKE | {"re.sub"}  # full names of these functions
_LONG = 100  # characters: names are shorter
# What is repeated as a whole may take for ever to be found missing.
_REPEATED_GROUP = re.compile(r"\)[*+{]")


def renamed(name: str, args: Sequence[Value]) -> str | None:
    """What a function outside the backend (its full name) gives for texts; None where it isn't one
    of these, or something isn't known."""
    texts = [one for one in args if isinstance(one, str)]
    if len(texts) != len(args) or any(len(text) > _LONG for text in texts):
        return None
    if name in _SNAKE and len(texts) == 1:
        apart = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", texts[0])
        return re.sub(r"([a-z\d])([A-Z])", r"\1_\2", apart).replace("-", "_").lower()
    if name == "re.sub" and len(texts) == 3 and not _REPEATED_GROUP.search(texts[0]):
        try:
            return re.sub(texts[0], texts[1], texts[2])
        except (re.error, IndexError):
            return None
    return None
