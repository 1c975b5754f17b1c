"""A backend's Socket.IO server in the crate: who calls it, who a client is, which room is meant.

python-socketio, "The Socket.IO Server", "Rooms": each client is alone in a room that is called as
it is, which no other may enter. socketioxide: docs of `SocketIo::of`, of its operators and of
`Sid`. The functions are written once, beside the server.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from port_lsp.facts.source import Record
from port_lsp.patterns.events.handlers import need_socketioxide
from port_lsp.patterns.events.server import Server, server_of
from port_lsp.patterns.translate.binding import dotted
from port_lsp.patterns.translate.calls import around
from port_lsp.patterns.translate.expressions.pythonic import shown_of
from port_lsp.patterns.translate.failing import broken, or_broken
from port_lsp.patterns.translate.ownership import as_str
from port_lsp.patterns.translate.sending import sends
from port_lsp.patterns.translate.values import (
    ERR,
    OK,
    STR,
    STRING,
    VALUE,
    UntranslatedError,
    Val,
    is_text,
    without_reference,
)
from port_lsp.types import meanings as m
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import UNIT, Reference, Symbol, named
from port_lsp.writing.printer.literals import string

if TYPE_CHECKING:
    from port_lsp.patterns.translate.scene import Env, Scene

SERVER = "socketio.AsyncServer()."
_CLIENT_DOCS = "A client of a namespace, while it is connected."
_ENTER_DOCS = "Has a client enter a room, which isn't another client's own."
_SOCKET = named("socketioxide::extract::SocketRef")
_NO_SID = re.compile(r"[^A-Za-z0-9_-]")  # an id has sixteen of the others


class OwnSocket(Record, frozen=True):
    """The client whose event is handled: the variable of its socket, the namespace; `enters` says
    that it isn't let in yet, so that nothing reaches it, and nobody finds it. `myself` is what a
    method of a namespace's class has for that, whose own `methods` are these."""

    name: str
    space: str
    enters: bool = False
    myself: str = ""
    methods: frozenset[str] = frozenset()

    @property
    def sid(self) -> Val:
        """Its id, as Python has it."""
        text = b.Method(b.Access(b.Name(self.name), "id"), "as_str")
        return Val(text, STR, True, self.name)


def method_of(scene: Scene, call: ast.Call, env: Env) -> tuple[str, str]:
    """The method of the backend's server that a call is of, and the namespace that it is of where
    it says none: that of a class of handlers, which has the same methods. "" for another call."""
    func = call.func
    if not isinstance(func, ast.Attribute):
        return "", ""
    own = scene.socket
    if own is not None and own.myself and dotted(func.value) == own.myself:
        return ("", "") if func.attr in own.methods else (func.attr, own.space)
    meaning = scene.meaning(func, env)
    if not isinstance(meaning, m.Outside) or not meaning.name.startswith(SERVER):
        return "", ""
    return meaning.name.removeprefix(SERVER), "/"


def arguments(call: ast.Call, order: tuple[str, ...], what: str) -> dict[str, ast.expr]:
    """The arguments of a call by the names of its parameters. Raises UntranslatedError."""
    if len(call.args) > len(order) or any(isinstance(one, ast.Starred) for one in call.args):
        raise UntranslatedError(f"{what} with arguments that aren't known")
    found = dict(zip(order, call.args, strict=False))
    for one in call.keywords:
        if one.arg not in order or one.arg in found:
            raise UntranslatedError(f"{what} with arguments that aren't known")
        found[one.arg] = one.value
    return found


def space_of(scene: Scene, given: dict[str, ast.expr], usual: str, env: Env) -> str:
    """The namespace that is meant; `usual` is the one of no arguments."""
    if "namespace" not in given:
        return usual
    found = scene.value(given["namespace"], env).known
    if found is None or not isinstance(found.value, (str, type(None))):
        raise UntranslatedError("an event of a namespace that isn't known")
    return found.value or usual


def server(scene: Scene) -> Server:
    """The crate's server, which is written where it hasn't got one. Raises UntranslatedError."""
    if scene.desk.framework != "axum":
        raise UntranslatedError(
            "an event that is sent, for which actix-web has no Socket.IO server"
        )
    found = server_of(scene.desk)
    if found is None or scene.functions is None:
        raise UntranslatedError("an event that is sent by a server which isn't known")
    if found.piece is not None:
        scene.functions.pieces.setdefault("the Socket.IO server", found.piece)
    need_socketioxide(scene.needs)
    return found


def is_own(scene: Scene, sid: Val) -> bool:
    """Whether an id is that of the client whose event is handled."""
    return scene.socket is not None and sid.expr == scene.socket.sid.expr


def is_calling(scene: Scene, meaning: m.Callable, args: Iterable[Val]) -> None:
    """Raises UntranslatedError where a function is called with a client that isn't let in yet, or
    sends events, which it would hear in Python."""
    if scene.socket is None or not scene.socket.enters:
        return
    if any(is_own(scene, one) for one in args) or sends(scene.desk, meaning.key):
        raise UntranslatedError("a call about a client that isn't let in yet")


def own_space(scene: Scene, sid: Val, space: str) -> None:
    """Raises UntranslatedError where the client isn't of the namespace: python-socketio has another
    id for each, socketioxide one for all."""
    if is_own(scene, sid) and scene.socket is not None and scene.socket.space != space:
        raise UntranslatedError("a client in a namespace that isn't its own")


def text_of(scene: Scene, val: Val, what: str) -> Val:
    """A text; JSON that is none fails, where Python goes on with it: `what` says what it isn't."""
    if is_text(val) and not val.wrapped:
        return val
    if without_reference(val.type) != VALUE or val.wrapped:
        raise UntranslatedError(f"an event for what isn't surely {what}")
    found = or_broken(scene, b.Method(val.expr, "as_str"), "TypeError", f"not {what}")
    return Val(found, STR, True, val.root)


def sent_text(scene: Scene, node: ast.expr, val: Val) -> Val:
    """What a client sent, for a function that says that it takes a text; another value as it is.
    Nobody has checked it: what is no text fails here, where Python goes on with it."""
    if without_reference(val.type) != VALUE or not scene.sent.is_there(node):
        return val
    return text_of(scene, val, "a text")


def sent_shown(scene: Scene, node: ast.expr, val: Val) -> Val:
    """What a client sent, as `str` gives it; another value as it is. Where a client sends a list,
    an object or a fraction it fails, where Python goes on with what it writes of that."""
    if without_reference(val.type) != VALUE or val.wrapped or not scene.sent.is_sent(node):
        return val
    shown = shown_of(scene, val.expr if isinstance(val.type, Reference) else b.Unary("&", val.expr))
    return Val(or_broken(scene, shown, "TypeError", "not a text"), STRING)


def is_no_id(node: ast.expr, room: Val) -> bool:
    """Whether a room is surely called as no client is."""
    if room.known is not None:
        return _is_no_id(str(room.known.value)) or len(str(room.known.value)) != len("0" * 16)
    parts = node.values if isinstance(node, ast.JoinedStr) else ()
    return any(isinstance(one, ast.Constant) and _is_no_id(str(one.value)) for one in parts)


def _is_no_id(text: str) -> bool:
    return _NO_SID.search(text) is not None


def socket_of(scene: Scene, space: str, sid: Val) -> b.Expr:
    """A reference to the socket of a client; who isn't connected has none, which fails."""
    if is_own(scene, sid) and scene.socket is not None:
        return b.Unary("&", b.Name(scene.socket.name))
    text = "sid is not connected to requested namespace"
    among = frozenset(("KeyError", "ValueError"))  # another where nobody is of the namespace
    found = or_broken(scene, client(scene, space, sid), "KeyError", text, among=among)
    return b.Unary("&", found)


def client(scene: Scene, space: str, sid: Val) -> b.Expr:
    """The socket of a client, if it is connected."""
    return b.Call(b.Path(_client(scene)), (b.Lit(string(space)), as_str(sid)))


def entering(scene: Scene, socket: b.Expr, room: Val) -> b.Expr:
    """The call that has a client enter a room, by a reference to its socket; it may fail."""
    if scene.result is None or scene.functions is None:
        raise UntranslatedError("a room that may be another client's, where nothing can fail")
    asked, found, result = _client(scene), server(scene), around(scene.result, UNIT)
    own, name = b.Name("socket"), b.Name("room")
    other = b.Binary(name, "!=", b.Method(b.Access(own, "id"), "as_str"))
    there = b.Method(b.Call(b.Path(asked), (b.Method(own, "ns"), name)), "is_some")
    refused = b.Call(b.Path(ERR), (broken(scene, "ValueError", "cannot enter a sid room"),))
    body = b.Block(
        (
            b.Do(b.If(b.Binary(other, "&&", there), b.Block((b.Do(b.Jump("return", refused)),)))),
            b.Do(b.Method(own, "join", (b.Method(name, "to_string"),))),
        ),
        b.Call(b.Path(OK), (b.TupleOf(),)),
    )
    params = (i.Param(b.Bind("socket"), Reference(_SOCKET)), i.Param(b.Bind("room"), STR))

    def make(called: str) -> i.Function:
        return i.Function(called, params, result, body, visibility="pub", docs=(_ENTER_DOCS,))

    function = _helper(scene, found, "enter_room", _ENTER_DOCS, make)
    return b.Try(b.Call(b.Path(function), (socket, as_str(room))))


def _client(scene: Scene) -> Symbol:
    found = server(scene)
    space, sid = b.Name("space"), b.Name("sid")
    of = b.Method(b.Try(b.Call(b.Path(found.function))), "of", (space,))
    asked = b.Try(b.Method(b.Method(sid, "parse"), "ok"))
    body = b.Block((), b.Method(b.Try(of), "get_socket", (asked,)))
    params = (i.Param(b.Bind("space"), STR), i.Param(b.Bind("sid"), STR))

    def make(name: str) -> i.Function:
        given = named("Option", _SOCKET)
        return i.Function(name, params, given, body, visibility="pub", docs=(_CLIENT_DOCS,))

    return _helper(scene, found, "client", _CLIENT_DOCS, make)


def _helper(
    scene: Scene, found: Server, name: str, docs: str, make: Callable[[str], i.Function]
) -> Symbol:
    """The symbol of a function beside the server."""
    assert scene.functions is not None
    key = f"A function of the Socket.IO server: {docs}"
    return scene.functions.helper(key, found.source, name, docs, scene.needs, make, found.file)


def sockets_of(found: Server, space: str) -> b.Expr:
    """All clients of a namespace, if there is one."""
    of = b.Method(b.Name("io"), "of", (b.Lit(string(space)),))
    return b.Method(b.Call(b.Path(found.function)), "and_then", (b.Closure((b.Bind("io"),), of),))


def nothing() -> b.Expr:
    """No value at all, as an event's data or an acknowledgement: socketioxide writes what serde
    takes for a tuple as values of their own."""
    return b.Unary("&", b.Lit("[(); 0]"))
