"""Answers that wait for the index."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from port_lsp.server.session import Session


async def until(when: Callable[[Callable[[], object]], None]) -> None:
    """Waits until `when` makes the call that it is given."""
    done = asyncio.get_running_loop().create_future()
    when(lambda: done.done() or done.set_result(None))
    await done


def idle(handler: Callable[[Session, Any], Any]) -> Callable[[Session, Any], Awaitable[Any]]:
    """A handler that is asked when nothing is being read: what was saved a moment ago is read
    first, instead of refusing what is asked for right after it."""

    async def handle(session: Session, params: Any) -> Any:
        await until(session.when_idle)
        return handler(session, params)

    return handle
