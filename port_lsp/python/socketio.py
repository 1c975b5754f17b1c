"""Socket.IO events of python-socketio: handled and emitted.

Rules: python-socketio's "The Socket.IO Server": `@sio.event` takes the function's name, `sio.on`
names the event, a namespace class handles `x` in `on_x`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from port_lsp.facts.items import Event
from port_lsp.facts.source import Chunk, Place, SourceFile, item_key
from port_lsp.python import syntax as ir
from port_lsp.python.classes import external_bases, mro
from port_lsp.python.evaluate import force, lookup
from port_lsp.python.noting import Notebook
from port_lsp.python.outline import Shape
from port_lsp.python.values import (
    Arguments,
    Bound,
    Class,
    Function,
    Instance,
    Native,
    NativeMethod,
    Unknown,
    Value,
)
from port_lsp.text import Span

if TYPE_CHECKING:
    from port_lsp.python.interpret import Interpreter

_SERVERS = {
    "socketio.AsyncServer",
    "socketio.Server",
    "socketio.async_server.AsyncServer",
    "socketio.server.Server",
}
_NAMESPACES = {
    "socketio.AsyncNamespace",
    "socketio.Namespace",
    "socketio.async_namespace.AsyncNamespace",
    "socketio.namespace.Namespace",
}
_UNKNOWN = "{?}"
_EMIT = re.compile(rb"\b(\w+(?:\.\w+)*)\.emit\(\s*[rf]?([\"'])([^\"'{}]+)\2")


@dataclass(slots=True, eq=False)
class SocketServer(Native):
    """A Socket.IO server of the backend."""

    module: str


@dataclass(slots=True, eq=False)
class EventDecorator(Native):
    """`sio.on("x")`, waiting for its function."""

    event: str
    namespace: str | None


class SocketIo:
    """Socket.IO's half of the interpreter: events by the module that registers them."""

    def __init__(self, notes: Notebook) -> None:
        self.events: dict[str, list[Event]] = {}
        self._notes = notes

    def forget(self, module: str) -> None:
        """Drops what a module registered, before it is run again."""
        self.events.pop(module, None)

    def construct(self, run: Interpreter, name: str, cls: Class | None) -> Native | None:
        """A server, or None for other classes."""
        return SocketServer(run.owner) if name in _SERVERS else None

    def invoke(self, run: Interpreter, owner: Native, method: str, args: Arguments) -> Value:
        """A method of a server."""
        if isinstance(owner, EventDecorator):
            self.decorate(run, owner, force(run, args.get(0, "handler")))
            return None
        if method == "on":
            event = force(run, args.get(0, "event"))
            namespace = force(run, args.get(2, "namespace"))
            decorator = EventDecorator(
                event if isinstance(event, str) else _UNKNOWN,
                namespace if isinstance(namespace, str) else None,
            )
            handler = args.get(1, "handler")
            if handler is not None:
                self.decorate(run, decorator, force(run, handler))
                return None
            return decorator
        if method == "event":
            function = force(run, args.get(0, "handler"))
            if isinstance(function, Function):
                self.decorate(run, EventDecorator("", None), function)
                return function
            namespace = force(run, args.get(None, "namespace"))
            return EventDecorator("", namespace if isinstance(namespace, str) else None)
        if method == "register_namespace":
            self._namespace(run, force(run, args.get(0, "namespace_handler")))
            return None
        return Unknown(f".{method}() of a Socket.IO server")

    def decorate(self, run: Interpreter, decorator: Value, function: Value) -> bool:
        """Registers a function under `@sio.event`, `@sio.on(…)`."""
        if isinstance(function, Bound):
            function = function.function
        if isinstance(decorator, NativeMethod):
            if not isinstance(decorator.owner, SocketServer) or decorator.name != "event":
                return False
            decorator = EventDecorator("", None)
        if not isinstance(decorator, EventDecorator):
            return False
        known = isinstance(function, Function) and decorator.event != _UNKNOWN
        if isinstance(function, Function):
            event = decorator.event or function.definition.name
            self._handled(run, event, function, decorator.namespace)
        self._site(run, known)
        return True

    def _site(self, run: Interpreter, known: bool) -> None:
        """One registration, for the account of them."""
        if known:
            self._notes.site(run, run.at, "event", "resolved")
        else:
            self._notes.unresolved(run, run.at, "event", "its name or its handler isn't known", "")

    def _handled(
        self, run: Interpreter, event: str, function: Function, namespace: str | None
    ) -> None:
        found = Event(
            f"{function.key}#{event}",
            event,
            "handled",
            function.definition.name,
            function.key,
            function.place,
            namespace,
        )
        self.events.setdefault(run.owner, []).append(found)

    def _namespace(self, run: Interpreter, handler: Value) -> None:
        """The `on_x` methods of a namespace's class and its bases in the tree."""
        known = isinstance(handler, Instance) and external_bases(run, handler.cls) & _NAMESPACES
        self._site(run, bool(known))
        if not known or not isinstance(handler, Instance):
            return
        path = force(run, handler.args.get(0, "namespace"))
        seen: set[str] = set()
        for item in mro(run, handler.cls):
            if not isinstance(item, Class):
                continue
            for statement in item.definition.body:
                if isinstance(statement, ir.FuncDef) and statement.name.startswith("on_"):
                    function = force(run, run.members(item).names.get(statement.name))
                    if isinstance(function, Function) and statement.name not in seen:
                        seen.add(statement.name)
                        namespace = path if isinstance(path, str) else None
                        self._handled(run, statement.name.removeprefix("on_"), function, namespace)


def emitted(run: Interpreter, file: SourceFile) -> Iterator[Event]:
    """The events that a file's functions emit under a literal name."""
    if b".emit(" not in file.text.data:
        return
    state = run.module(file.path)
    if state is None:
        return
    for chunk in file.chunks:
        data = file.chunk_bytes(chunk)
        for match in _EMIT.finditer(data):
            receiver = match.group(1).decode()
            first = force(run, lookup(run, state.scope, receiver.partition(".")[0]))
            if isinstance(first, SocketServer) or receiver in ("self", "self.sio", "self.server"):
                yield _emitted(run, file, chunk, match.start(), match.group(3).decode())


def _emitted(run: Interpreter, file: SourceFile, chunk: Chunk, at: int, event: str) -> Event:
    shape = run.store.shapes.get(chunk.digest)
    name = _function_at(shape, at) if shape is not None else ""
    key = item_key(file.path, name) if name else file.path
    place = Place(file.path, chunk.id, Span(at, at))
    return Event(f"{key}#emit:{event}", event, "emitted", name.rpartition(".")[2], key, place)


def _function_at(shape: Shape, offset: int) -> str:
    """The qualified name of the function or class that an offset of a chunk lies in."""
    if offset not in shape.span and shape.span.end:
        return ""
    for member in shape.members:
        if inner := _function_at(member, offset):
            return f"{shape.name}.{inner}"
    return shape.name
