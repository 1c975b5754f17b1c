"""Whether a handler is ported to its end: it, and the crate's functions that it calls."""

from __future__ import annotations

import re
from collections.abc import Iterator

from port_lsp.patterns.desk import Desk
from port_lsp.rust.declared import FnItem

_HOLE = re.compile(r"\b(?:todo|unimplemented)!")
_CALLED = re.compile(r"\b([a-z_]\w*)\s*(?:::<[^>]*>)?\(")


class Holes:
    """Looks for holes. State: the texts of the crate's functions, by their names: two of one name
    count as both."""

    def __init__(self, desk: Desk) -> None:
        """Of the crate at a desk."""
        self._texts: dict[str, list[str]] = {}
        for file, source in desk.workshop.files.items():
            for ident, item in desk.workshop.declared(file):
                chunk = source.by_id.get(ident)
                if isinstance(item, FnItem) and chunk is not None:
                    text = source.chunk_bytes(chunk)[item.start :].decode("utf-8", "replace")
                    self._texts.setdefault(item.name, []).append(_first_body(text))

    def behind(self, handler: str) -> str:
        """The function with a hole that a handler (its name) may come to; "" where there is
        none."""
        seen = {handler}
        waiting = [handler]
        while waiting:
            name = waiting.pop()
            for text in self._texts.get(name, ()):
                if _HOLE.search(text):
                    return name
                called = [one for one in _called(text) if one in self._texts and one not in seen]
                seen.update(called)
                waiting += called
        return ""


def _called(text: str) -> Iterator[str]:
    for match in _CALLED.finditer(text):
        yield match[1]


def _first_body(text: str) -> str:
    """A function from its name on to the brace that closes its body."""
    start, depth = text.find("{"), 0
    for at in range(max(start, 0), len(text)):
        if text[at] == "{":
            depth += 1
        elif text[at] == "}":
            depth -= 1
            if not depth:
                return text[: at + 1]
    return text
