"""Whether a handler is ported to its end: it, and the crate's functions that it calls."""

from __future__ import annotations

import re
from collections.abc import Iterator

from port_lsp.facts.source import SourceFile
from port_lsp.patterns.desk import Desk
from port_lsp.rust.declared import FnItem

_HOLE = re.compile(r"\b(?:todo|unimplemented)!")
_CALLED = re.compile(r"\b([a-z_]\w*)\s*(?:::<[^>]*>)?\(")


class Holes:
    """Looks for holes in the crate's functions, by their names: two of one name count as both."""

    def __init__(self, desk: Desk) -> None:
        """Of the crate at a desk."""
        self._functions: dict[str, list[tuple[SourceFile, str, int]]] = {}
        self._known: dict[str, tuple[str, ...]] = {}
        for file, source in desk.workshop.files.items():
            for ident, item in desk.workshop.declared(file):
                if isinstance(item, FnItem) and ident in source.by_id:
                    self._functions.setdefault(item.name, []).append((source, ident, item.start))

    def _texts(self, name: str) -> tuple[str, ...]:
        """The bodies of the functions of a name."""
        if name not in self._known:
            self._known[name] = tuple(
                _first_body(
                    source.chunk_bytes(source.by_id[ident])[start:].decode("utf-8", "replace")
                )
                for source, ident, start in self._functions.get(name, ())
            )
        return self._known[name]

    def behind(self, handler: str) -> str:
        """The function with a hole that a handler (its name) may come to; "" where there is
        none."""
        seen = {handler}
        waiting = [handler]
        while waiting:
            name = waiting.pop()
            for text in self._texts(name):
                if _HOLE.search(text):
                    return name
                called = [
                    one for one in _called(text) if one in self._functions and one not in seen
                ]
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
