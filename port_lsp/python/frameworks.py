"""The frameworks that the interpreter asks, as one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from port_lsp.facts.source import Place
from port_lsp.python.fastapi import FastApi
from port_lsp.python.socketio import EventDecorator, SocketIo, SocketServer
from port_lsp.python.unfollowed import Unfollowed
from port_lsp.python.values import Arguments, Class, Native, Value

if TYPE_CHECKING:
    from port_lsp.python.interpret import Interpreter


class Frameworks:
    """FastAPI and Socket.IO, each asked for what is its own."""

    def __init__(self) -> None:
        self.fastapi = FastApi()
        self.socketio = SocketIo(self.fastapi.notes)

    def begin(self, modules: set[str], changed: set[tuple[str, str]]) -> None:
        """Drops what modules made and registered, before they are run again.

        `changed` are the chunks (file, id) that may mean other things.
        """
        self.fastapi.begin(modules, changed)
        for path in modules:
            self.socketio.forget(path)

    def construct(
        self, run: Interpreter, name: str, cls: Class | None, args: Arguments, at: Place
    ) -> Native | None:
        """See `interpret.Framework`."""
        made = self.fastapi.construct(run, name, cls, args, at)
        return made if made is not None else self.socketio.construct(run, name, cls)

    def invoke(
        self, run: Interpreter, owner: Native, method: str, args: Arguments, at: Place
    ) -> Value:
        """See `interpret.Framework`."""
        if isinstance(owner, (SocketServer, EventDecorator)):
            return self.socketio.invoke(run, owner, method, args)
        return self.fastapi.invoke(run, owner, method, args, at)

    def decorate(self, run: Interpreter, decorator: Value, function: Value, at: Place) -> bool:
        """See `interpret.Framework`."""
        return self.fastapi.decorate(run, decorator, function, at) or self.socketio.decorate(
            run, decorator, function
        )

    def attribute(self, owner: Native, name: str) -> Value:
        """See `interpret.Framework`."""
        return self.fastapi.attribute(owner, name)

    def super_of(self, run: Interpreter, cls: Class, owner: Value) -> Value:
        """See `interpret.Framework`."""
        return self.fastapi.super_of(run, cls, owner)

    @property
    def unfollowed(self) -> Unfollowed:
        """See `interpret.Framework`."""
        return self.fastapi.unfollowed
