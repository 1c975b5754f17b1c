"""Events of a crate that handles none yet.

axum: socketioxide's layer around the router (its docs, "Usage": the namespaces' handlers register
those of the events on each connection). actix-web takes no layers of tower, without which there is
no socketioxide (its issue 206): such a crate gets a function that tells the events apart, and says
so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from port_lsp.facts.items import Event
from port_lsp.facts.source import item_key
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.endpoints.anchors import Anchor, anchors
from port_lsp.patterns.endpoints.needs import Names, Needs
from port_lsp.patterns.endpoints.parts import snake
from port_lsp.patterns.endpoints.places import symbol_in
from port_lsp.patterns.endpoints.rusttypes import VALUE
from port_lsp.patterns.events.admitting import MIDDLEWARE
from port_lsp.patterns.events.filling import Handled, filled_in
from port_lsp.patterns.events.handlers import (
    STR,
    handler,
    need_socketioxide,
    note_left_out,
    socket_params,
    state_param,
)
from port_lsp.patterns.events.places import events_file
from port_lsp.patterns.events.python import PythonEvent, server_path
from port_lsp.patterns.events.server import (
    LAYER,
    Server,
    kept_server,
    server_of,
    whole_server,
)
from port_lsp.patterns.events.statelayer import StateLayer, seen_from, state_layer
from port_lsp.patterns.port import CannotPortError
from port_lsp.patterns.translate.functions import Functions
from port_lsp.writing.draft import Draft, Layer, Piece, joined
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import Symbol, named
from port_lsp.writing.printer.literals import string

# python-socketio, "Rooms": each client is alone in a room that is called as it is.
_ID = b.Access(b.Name("socket"), "id")
_JOINED = b.Do(b.Method(b.Name("socket"), "join", (_ID,)))


@dataclass(frozen=True, slots=True)
class Wanted:
    """An event with its handler's text."""

    event: Event
    python: PythonEvent


@dataclass(frozen=True, slots=True)
class _Written:
    """A handler: its file, name and symbol."""

    wanted: Wanted
    file: str
    name: str
    symbol: Symbol


class Fresh:
    """Writes a crate's first events."""

    def __init__(self, desk: Desk, names: Names, functions: Functions) -> None:
        """`names` and `functions` are those of the draft."""
        self._desk, self._names, self._functions = desk, names, functions

    def draft(self, wanted: Sequence[Wanted]) -> Draft:
        """All that is needed for these events. Raises CannotPortError."""
        written: list[_Written] = []
        for one in wanted:
            file = events_file(self._desk, one.event)
            name = self._names.claim(file, snake(one.event.handler), "_event")
            found = symbol_in(self._desk.workshop.scopes, file, name)
            written.append(_Written(one, file, name, found))
        if self._desk.framework == "axum":
            return self._layered(written)
        return self._dispatched(written)

    # axum

    def _layered(self, written: Sequence[_Written]) -> Draft:
        anchor = self._router()
        if anchor is None:
            raise CannotPortError("the crate has no router that could take Socket.IO's layer")
        by_space: dict[str, list[_Written]] = {}
        for one in written:
            by_space.setdefault(one.wanted.event.namespace or "/", []).append(one)
        server = server_of(self._desk)
        home = server.file if server is not None else written[0].file
        state = state_layer(self._desk, written[0].wanted.event.place.file)
        greeted: list[Draft] = []
        others: dict[_Written, str] = {}  # the file that names a handler
        opened: list[tuple[str, b.Expr]] = []
        for space, ones in by_space.items():
            made, greets, file = self._greeted(ones, home, state, joins=server is not None)
            greeted.append(made)
            opened.append((space, greets))
            others |= {one: file for one in ones if one.wanted.event.event != "connect"}
        handlers = [
            self._handler(one, home, others[one], state)[0] for one in written if one in others
        ]
        maker = self._names.claim(home, "socket_layer")
        path, is_known = server_path(self._desk.snapshot.backend_files.values())
        function = _maker(maker, opened, path, server, state)
        pieces = [Piece(home, (function,), written[0].wanted.event.key)]
        if server is not None and server.piece is not None:
            pieces.insert(0, server.piece)
        needs = Needs(self._desk, home, written[0].wanted.event.key, self._names)
        need_socketioxide(needs, *(("state",) if state is not None else ()))
        if not is_known:
            needs.note("the path of its server can't be read; socketioxide's own stands for it")
        place = state.place if state is not None else anchor.place
        argument = state.argument if state is not None else ""
        symbol = seen_from(self._desk, place.file, home, maker)
        layer = Layer(symbol, place.file, place, argument)
        whole = Draft(tuple(pieces), layers=(layer,), events=_planned(written))
        return joined((whole, *greeted, *handlers, needs.draft()))

    def _greeted(
        self, ones: Sequence[_Written], home: str, state: StateLayer | None, *, joins: bool
    ) -> tuple[Draft, b.Expr, str]:
        """What is called on each connection to a namespace with these events, how it is named, and
        the file that it is in: what registers their handlers. Python's own comes before that, where
        it is translated, else it is the one that registers them. A client that `joins` gets a room
        of its own."""
        calls = tuple(_on(one) for one in ones if one.wanted.event.event != "connect")
        if joins:
            calls = (_JOINED, *calls)
        greeting = next((one for one in ones if one.wanted.event.event == "connect"), None)
        draft = Draft()
        if greeting is not None:
            draft, admits = self._handler(greeting, home, home, state, calls)
            if not admits:
                return draft, b.Path(greeting.symbol), greeting.file
        name = self._names.claim(home, "on_connect")
        socket = i.Param(b.Bind("socket"), named("socketioxide::extract::SocketRef"))
        function = i.Function(name, (socket,), None, b.Block(calls), is_async=True)
        draft = draft.with_(Draft((Piece(home, (function,), ones[0].wanted.event.key),)))
        greets: b.Expr = b.Path(symbol_in(self._desk.workshop.scopes, home, name))
        if greeting is not None:
            greets = b.Method(greets, "with", (b.Path(greeting.symbol),), trait=MIDDLEWARE)
        return draft, greets, home

    def _router(self) -> Anchor | None:
        """A call of the outermost router that most is registered below; the last one."""
        outer = [one for one in anchors(self._desk) if not one.trail]
        return max(outer, key=lambda one: one.order, default=None)

    def _handler(
        self,
        one: _Written,
        home: str,
        hooked_in: str,
        state: StateLayer | None,
        first: tuple[b.Statement, ...] = (),
    ) -> tuple[Draft, bool]:
        """One handler, which is named in the file `hooked_in`; whether it lets clients in."""
        event, python = one.wanted.event, one.wanted.python
        params = socket_params(event, python)
        needs = Needs(self._desk, one.file, event.key, self._names)
        taken = state_param(state.type, params) if state is not None else None
        visibility: i.Visibility = "" if one.file == hooked_in else "pub"
        handled = Handled(
            event, python, one.name, one.file, tuple(params), taken, home, first, visibility
        )  # fmt: skip
        function = filled_in(self._desk, handled, needs, self._functions)
        note_left_out(needs, event, python)
        draft = Draft((Piece(one.file, (function,), event.key),)).with_(needs.draft())
        return draft, function.returns is not None

    # actix-web

    def _dispatched(self, written: Sequence[_Written]) -> Draft:
        other = [one.wanted.event.id for one in written if one.wanted.event.namespace]
        if other:
            reason = "actix-web has no Socket.IO server whose namespaces could be handled"
            raise CannotPortError(reason, other)
        home = written[0].file
        name = self._names.claim(home, "handle_event")
        arms = [
            b.Arm(b.LiteralPattern(string(one.wanted.event.event)), _called(one)) for one in written
        ]
        arms.append(b.Arm(b.Wild(), b.Block()))
        sid = i.Param(b.Bind("sid"), STR)
        params = (sid, i.Param(b.Bind("event"), STR), i.Param(b.Bind("data"), VALUE))
        docs = ("Has an event of a socket answered. No server calls it yet.",)
        function = i.Function(
            name, params, None, b.Block((b.Do(b.Match(b.Name("event"), tuple(arms))),)),
            is_async=True, visibility="pub", docs=docs,
        )  # fmt: skip
        pieces = [Piece(home, (function,), written[0].wanted.event.key)]
        for one in written:
            taken = (sid, i.Param(b.Bind("data"), VALUE)) if _has_data(one) else (sid,)
            visibility: i.Visibility = "" if one.file == home else "pub"
            made = handler(one.name, taken, one.wanted.python, visibility=visibility)
            pieces.append(Piece(one.file, (made,), one.wanted.event.key))
        needs = Needs(self._desk, home, written[0].wanted.event.key, self._names)
        needs.depend("serde_json", "1")
        needs.note(f"actix-web has no Socket.IO server: something must call {name} of {home}")
        return Draft(tuple(pieces), events=_planned(written)).with_(needs.draft())


def _maker(
    name: str,
    opened: Sequence[tuple[str, b.Expr]],
    path: str,
    server: Server | None,
    state: StateLayer | None,
) -> i.Function:
    """The function that makes the layer, with its namespaces and the application's state; of a
    server that others ask for, too, that one's."""
    pair = b.TuplePattern(None, (b.Bind("layer"), b.Bind("io")))
    holds = "state" if state is not None else ""
    made, layer = whole_server(path, holds), b.Name("layer")
    given: b.Expr = layer
    if server is not None:
        made = kept_server(server.static, path, holds)
        given = b.Method(layer, "clone")
    spaces = tuple(
        b.Do(b.Method(b.Name("io"), "ns", (b.Lit(string(space)), greets)))
        for space, greets in opened
    )
    docs = (f"The Socket.IO server, which answers below `{path}`.",)
    body = b.Block((b.Let(pair, made), *spaces), given)
    params = (i.Param(b.Bind("state"), state.type),) if state is not None else ()
    return i.Function(name, params, LAYER, body, visibility="pub", docs=docs)


def _on(one: _Written) -> b.Statement:
    """`socket.on("x", x);`"""
    of, event = b.Path(one.symbol), one.wanted.event.event
    socket = b.Name("socket")
    if event == "disconnect":
        return b.Do(b.Method(socket, "on_disconnect", (of,)))
    return b.Do(b.Method(socket, "on", (b.Lit(string(event)), of)))


def _called(one: _Written) -> b.Expr:
    data = (b.Name("data"),) if _has_data(one) else ()
    return b.Await(b.Call(b.Path(one.symbol), (b.Name("sid"), *data)))


def _has_data(one: _Written) -> bool:
    return bool(one.wanted.python.arguments)


def _planned(written: Sequence[_Written]) -> tuple[tuple[str, str | None, str], ...]:
    return tuple(
        (one.wanted.event.event, one.wanted.event.namespace, item_key(one.file, one.name))
        for one in written
    )
