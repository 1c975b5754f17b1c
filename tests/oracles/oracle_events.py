"""What python-socketio says: which function handles which event, and what each one emits.

What is handled stands in the server's tables. What is emitted is seen by running each handler
with stand-ins for its arguments, with `emit` and `send` replaced by a recorder.
"""

from __future__ import annotations

import asyncio
import importlib
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import oracle_source as source

# It has no type hints: what it gives is Any.
socketio: Any = importlib.import_module("socketio")
Row = dict[str, Any]


def events(root: Path) -> Row:
    """`handled`: {event, namespace, handler, file, def_line}; `emitted`: {event, file, line}."""
    handled: list[Row] = []
    handlers: list[Callable[..., Any]] = []
    seen: set[int] = set()
    for module in source.project_modules(root):
        for server in vars(module).values():
            if not isinstance(server, socketio.AsyncServer | socketio.Server) or id(server) in seen:
                continue
            seen.add(id(server))
            for namespace, event, handler in _table(server):
                place = source.definition(handler)
                if place is None:
                    continue
                handlers.append(handler)
                handled.append(
                    {
                        "event": event,
                        "namespace": namespace,
                        "handler": source.unwrap(handler).__qualname__.split("<locals>.")[-1],
                        "file": place[0].relative_to(root).as_posix(),
                        "def_line": place[2],
                    }
                )
    return {"handled": handled, "emitted": _emitted(root, handlers)}


def _table(server: Any) -> list[tuple[str, str, Callable[..., Any]]]:
    """(namespace, event, handler) of a server; a class's `on_x` handles the event `x`."""
    found = [
        (namespace, event, handler)
        for namespace, by_event in server.handlers.items()
        for event, handler in by_event.items()
    ]
    for namespace, handler in server.namespace_handlers.items():
        for name, method in inspect.getmembers(handler, callable):
            if name.startswith("on_"):
                found.append((namespace, name.removeprefix("on_"), method))
    return found


def _emitted(root: Path, handlers: list[Callable[..., Any]]) -> list[Row]:
    rows: list[Row] = []

    def record(event: str) -> None:
        frame = inspect.currentframe()
        while frame is not None and not Path(frame.f_code.co_filename).is_relative_to(root):
            frame = frame.f_back
        if frame is not None:
            path = Path(frame.f_code.co_filename).relative_to(root)
            row = {"event": event, "file": path.as_posix(), "line": frame.f_lineno}
            if row not in rows:
                rows.append(row)

    async def emit(self: Any, event: str, *args: Any, **kwargs: Any) -> None:
        record(event)

    async def send(self: Any, *args: Any, **kwargs: Any) -> None:
        record("message")

    async def nothing(self: Any, *args: Any, **kwargs: Any) -> Any:
        return MagicMock()

    for kind in (socketio.AsyncServer, socketio.AsyncNamespace):
        kind.emit, kind.call, kind.send = emit, emit, send
        kind.enter_room = kind.leave_room = kind.get_session = kind.save_session = nothing
        kind.disconnect = nothing
    for handler in handlers:
        count = len(inspect.signature(handler).parameters)
        result = handler(*(MagicMock() for _ in range(count)))
        if inspect.isawaitable(result):
            asyncio.run(_awaited(result))
    return rows


async def _awaited(result: Any) -> None:
    await result
