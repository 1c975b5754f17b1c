"""What the interpreter asks the readers of frameworks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from port_lsp.facts.source import Place
from port_lsp.python import syntax as ir
from port_lsp.python.values import Arguments, Class, Native, Unknown, Value

if TYPE_CHECKING:
    from port_lsp.python.interpret import Interpreter


class Framework(Protocol):
    """What the frameworks' readers tell the interpreter."""

    def construct(
        self, run: Interpreter, name: str, cls: Class | None, args: Arguments, at: Place
    ) -> Native | None:
        """The object that calling the external class `name` (or a subclass) makes, or None."""
        ...

    def invoke(
        self, run: Interpreter, owner: Native, method: str, args: Arguments, at: Place
    ) -> Value:
        """What a method of such an object gives; notes what it registers."""
        ...

    def decorate(self, run: Interpreter, decorator: Value, function: Value, at: Place) -> bool:
        """Applies a decorator that a framework made; False if it didn't."""
        ...

    def attribute(self, owner: Native, name: str) -> Value:
        """What an attribute of such an object is, None where it is nothing special."""
        ...

    def super_of(self, run: Interpreter, cls: Class, owner: Value) -> Value:
        """`super()` of a method of `cls` whose first parameter is `owner`."""
        ...

    def lost(self, run: Interpreter, at: Place, reason: str) -> None:
        """A chunk that couldn't be followed to its end."""
        ...

    def foreign_call(self, run: Interpreter, name: str, args: Arguments, at: Place) -> None:
        """A call of what a library outside the tree has: is a registration lost by it?"""
        ...

    def noted(self, run: Interpreter) -> int:
        """How many registrations the running module has come upon."""
        ...

    def undone(self, run: Interpreter, owner: Value, method: str, at: Place) -> None:
        """A decorator made by a method, which registered nothing that was seen."""
        ...

    def own_call(self, run: Interpreter, method: str, at: Place) -> None:
        """A call of a method of the backend's own that isn't a router's."""
        ...

    def skipped(
        self, run: Interpreter, method: str, at: Place, why: str, *, decorates: bool
    ) -> None:
        """A call of a method that doesn't run, and why it doesn't."""
        ...

    def unknown_call(
        self, run: Interpreter, expr: ir.Call, args: Arguments, at: Place, why: Unknown
    ) -> None:
        """A call of something that isn't known: is a registration lost by it?"""
        ...
