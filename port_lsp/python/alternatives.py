"""What a value may be: the items that a loop goes over, the choices of a condition."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from port_lsp.python.evaluate import force
from port_lsp.python.values import Alternatives, Unknown, Value

if TYPE_CHECKING:
    from port_lsp.python.interpret import Interpreter


def iterate(run: Interpreter, value: Value) -> Iterator[Value]:
    """The items of something that a loop goes over; one Unknown where they aren't known."""
    value = force(run, value)
    if isinstance(value, (list, tuple)):
        for item in list(value):
            yield force(run, item)
    elif isinstance(value, dict):
        for key in list(value):
            yield key if isinstance(key, str) else Unknown("a key of a dict")
    elif isinstance(value, Alternatives):
        yield from _items_of_any(run, value)
    else:
        yield Unknown("an item of something that isn't known")


def _items_of_any(run: Interpreter, value: Alternatives) -> Iterator[Value]:
    """The items of alternative lists, each once; one that isn't in all keeps its condition."""
    columns = [(text, list(iterate(run, choice))) for text, choice in value.choices]
    seen: list[Value] = []
    for condition, items in columns:
        for item in items:
            if any(item is other for other in seen):
                continue
            seen.append(item)
            everywhere = all(any(item is other for other in column) for _, column in columns)
            yield item if everywhere else Alternatives(((condition, item),))


def choices(run: Interpreter, value: Value) -> Iterator[tuple[str | None, Value]]:
    """A value's alternatives with their conditions; the value itself where it has none."""
    value = force(run, value)
    if isinstance(value, Alternatives):
        for condition, choice in value.choices:
            for inner, known in choices(run, choice):
                joined = " and ".join(text for text in (condition, inner) if text)
                yield joined or None, known
    else:
        yield None, value
