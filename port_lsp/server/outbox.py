"""What the session needs of the world: to send, to wait, to work beside the event loop.

The real ones are pygls' protocol and asyncio's loop; tests have their own.
"""

from collections.abc import Callable
from typing import Any, Protocol


class Outbox(Protocol):
    """Sends to the client. Only to be called on the event loop."""

    def notify(self, method: str, params: Any) -> None:
        """Sends a notification."""
        ...

    def request(self, method: str, params: Any, then: Callable[[bool], None] | None = None) -> None:
        """Sends a request; `then` is told whether the client did it."""
        ...


class Timer(Protocol):
    """A call that is due."""

    def cancel(self) -> None:
        """Takes it back."""
        ...


class Loop(Protocol):
    """Time and threads."""

    def later(self, seconds: float, call: Callable[[], None]) -> Timer:
        """Calls on the event loop after a while."""
        ...

    def beside(self, work: Callable[[], None]) -> None:
        """Runs something in a thread of its own."""
        ...

    def post(self, call: Callable[[], None]) -> None:
        """From any thread: calls on the event loop, soon."""
        ...
