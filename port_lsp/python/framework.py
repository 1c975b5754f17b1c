"""What the interpreter asks the readers of frameworks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from port_lsp.facts.source import Place
from port_lsp.python.values import Arguments, Class, Native, Value

if TYPE_CHECKING:
    from port_lsp.python.interpret import Interpreter
    from port_lsp.python.unfollowed import Unfollowed


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

    @property
    def unfollowed(self) -> Unfollowed:
        """What is told of registering calls that the frameworks' own methods aren't asked."""
        ...
