"""Where an expression is evaluated: the function's variables, items and type arguments."""

from __future__ import annotations

import msgspec

from port_lsp.facts.source import Place, item_key
from port_lsp.rust.declared import FnItem, Item
from port_lsp.rust.module import Found, Module
from port_lsp.rust.values import Value
from port_lsp.text import Span


class TypeArgument(msgspec.Struct, frozen=True, eq=False):
    """A type as written, and the module in which it means something."""

    text: str
    module: Module


class Frame:
    """One call of a function, a closure's body, or a const's value.

    `scopes` are the variables, innermost last; `items` those that the body itself declares.
    """

    __slots__ = (
        "chunk",
        "conditions",
        "diverged",
        "file",
        "generics",
        "items",
        "key",
        "module",
        "outer",
        "returns",
        "scopes",
        "type_name",
    )

    def __init__(self, module: Module, chunk: str, outer: str, type_name: str | None) -> None:
        self.module, self.chunk, self.outer = module, chunk, outer
        self.file = module.file
        self.type_name = type_name
        self.key = item_key(module.file, outer)
        self.scopes: list[dict[str, Value]] = [{}]
        self.items: list[dict[str, list[Item]]] = []
        self.generics: dict[str, TypeArgument] = {}
        self.returns: list[tuple[str | None, Value]] = []
        self.conditions: list[str] = []
        self.diverged = False

    def inner(self) -> Frame:
        """The frame of a closure made here: it sees these variables, and returns on its own."""
        frame = Frame(self.module, self.chunk, self.outer, self.type_name)
        frame.scopes = [*self.scopes, {}]
        frame.items = self.items
        frame.generics = self.generics
        return frame

    def place(self, start: int, end: int) -> Place:
        """A range of the chunk."""
        return Place(self.file, self.chunk, Span(start, end))

    def lookup(self, name: str) -> Value | None:
        """A variable's value; None where there is none of that name."""
        for scope in reversed(self.scopes):
            if name in scope:
                return scope[name]
        return None

    def bind(self, name: str, value: Value) -> None:
        """`let name = value`."""
        self.scopes[-1][name] = value

    def assign(self, name: str, value: Value) -> None:
        """`name = value`."""
        for scope in reversed(self.scopes):
            if name in scope:
                scope[name] = value
                return

    def declared(self, name: str) -> Item | None:
        """An item of that name which the body itself declares."""
        for items in reversed(self.items):
            if name in items:
                return items[name][0]
        return None

    def found(self, item: Item) -> Found | None:
        """An item of the body as one of the tree, the function's name in front of its own."""
        if isinstance(item, FnItem):
            return Found(self.module, self.chunk, item, self.outer)
        return None
