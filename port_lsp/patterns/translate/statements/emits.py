"""`await sio.emit("event", data, room=…)`: an event that is sent by the backend itself.

python-socketio, "The Socket.IO Server", "Emitting Events", "Rooms": to all of a namespace, or to
those in a room, of which each client has one of its own; nobody there is no failure. `to` is
`room`, but for an empty text, which is all (its `emit`: `to or room`). socketioxide: docs of
`SocketIo::of` and of its operators.
"""

from __future__ import annotations

import ast

from msgspec.structs import replace

from port_lsp.patterns.translate.expressions.subscripts import borrowed
from port_lsp.patterns.translate.ownership import as_json, fitting
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.sockets import (
    arguments,
    client,
    is_own,
    method_of,
    nothing,
    own_space,
    server,
    sockets_of,
    space_of,
    text_of,
)
from port_lsp.patterns.translate.statements.step import Blocks, Step
from port_lsp.patterns.translate.values import (
    NONE,
    SOME,
    STR,
    STRING,
    VALUE,
    NotMineError,
    UntranslatedError,
    Val,
    is_none,
    option_of,
    waits,
    without_reference,
)
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import Tuple
from port_lsp.writing.printer.literals import string

_ORDER: tuple[str, ...] = ("event", "data", "to", "room", "skip_sid", "namespace")
_SOCKETS = b.Name("sockets")


def emitted(blocks: Blocks, node: ast.Expr, env: Env, _: bool) -> Step:
    """The event, sent. Raises UntranslatedError."""
    scene = blocks.scene
    call = node.value.value if isinstance(node.value, ast.Await) else node.value
    method, usual = method_of(scene, call, env) if isinstance(call, ast.Call) else ("", "")
    if not isinstance(call, ast.Call) or method != "emit":
        raise NotMineError("an expression that stands alone")
    found = server(scene)
    given = arguments(call, _ORDER, "an event")
    name = scene.value(given["event"], env).known if "event" in given else None
    if name is None or not isinstance(name.value, str):
        raise UntranslatedError("an event whose name isn't known")
    space = space_of(scene, given, usual, env)
    data = _data(scene, given, env)
    room, all_if_empty = _room(scene, given, env)
    before: list[b.Statement] = []

    def kept(called: str, expr: b.Expr, *, always: bool = False) -> b.Expr:
        """What may fail or wait, in front of the event."""
        if not always and not waits(expr):
            return expr
        rust = env.free(f"event.{called}")
        before.append(b.Let(b.Bind(rust), expr))
        return b.Name(rust)

    whom: list[b.Statement] = []
    sockets: b.Expr = _SOCKETS
    is_made = data is not None and _is_made(data.expr)
    if data is not None and (waits(data.expr) or not (data.place or is_made)):
        data = replace(data, expr=kept("data", data.expr, always=True), place=True)
    if room is not None:
        own_space(scene, room, space)
        if waits(room.expr):
            room = Val(kept("room", room.expr), room.type)
        if option_of(room.type) is not None or all_if_empty:
            whom.append(b.Let(b.Bind("sockets"), _within(scene, room, all_if_empty=all_if_empty)))
        else:
            sockets = b.Method(sockets, "to", (_as_room(scene, room),))
    skipped = _skipped(scene, given, env)
    enters = scene.socket is not None and scene.socket.enters
    if enters and (skipped is None or not is_own(scene, skipped)):
        raise UntranslatedError("an event that a client may hear which isn't let in yet")
    if skipped is not None:
        own_space(scene, skipped, space)
        if is_own(scene, skipped) and scene.socket is not None:
            sockets = b.Method(sockets, "except", (b.Access(b.Name(scene.socket.name), "id"),))
        else:
            sid = Val(kept("sid", skipped.expr), skipped.type, True)
            whom.append(b.Let(b.Bind("sockets"), _without(client(scene, space, sid))))
    text = b.Lit(string(name.value))

    def sent(data: b.Expr) -> b.Statement:
        return b.Let(b.Wild(), b.Await(b.Method(sockets, "emit", (text, data))))

    ways: tuple[b.Statement, ...] = (sent(nothing()),)
    if data is not None:
        ways = (sent(borrowed(data)),)
        if not is_made:
            null = b.If(b.Method(data.expr, "is_null"), b.Block((sent(nothing()),)), b.Block(ways))
            ways = (b.Do(null),)
    made = b.If(
        sockets_of(found, space),
        b.Block((*whom, *ways)),
        binding=b.TuplePattern(SOME, (b.Bind("sockets"),)),
    )
    return Step((*before, b.Do(made)), env)


def _data(scene: Scene, given: dict[str, ast.expr], env: Env) -> Val | None:
    """What is sent, as JSON; None for nothing, as Python's None is."""
    if "data" not in given:
        return None
    data = scene.value(given["data"], env)
    if is_none(data):
        return None
    if option_of(data.type) is not None or isinstance(data.type, Tuple):
        raise UntranslatedError("an event with several values, or with none in some cases")
    if without_reference(data.type) == VALUE and not data.wrapped:
        return data
    return Val(as_json(scene, data), VALUE)


def _is_made(value: b.Expr) -> bool:
    """Whether JSON is made there, so that it isn't null."""
    if isinstance(value, b.Call) and isinstance(value.function, b.Path):
        return value.function == b.Path(VALUE.head, ("from",))
    return isinstance(value, (b.Json, b.Macro))


def _room(scene: Scene, given: dict[str, ast.expr], env: Env) -> tuple[Val | None, bool]:
    """The room that it goes to; None where it goes to all, and whether it also does where the room
    is an empty text."""
    rooms = [(one, scene.value(given[one], env)) for one in ("to", "room") if one in given]
    rooms = [(one, val) for one, val in rooms if not is_none(val)]
    if not rooms:
        return None, False
    if len(rooms) != 1:
        raise UntranslatedError("an event for one of two rooms")
    ((name, val),) = rooms
    if val.known is not None:
        text = val.known.value
        if not isinstance(text, str):
            raise UntranslatedError("an event for what isn't surely a room")
        return (None if name == "to" and not text else val), False
    inner = option_of(val.type)
    if inner is None:
        val = text_of(scene, val, "a room")
    elif without_reference(inner) not in (STRING, STR.inner) or val.wrapped or waits(val.expr):
        raise UntranslatedError("an event for what isn't surely a room")
    empty = name == "to" and not is_own(scene, val) and not _is_filled(given[name])
    return val, empty


def _is_filled(node: ast.expr) -> bool:
    """Whether a text is surely not empty."""
    parts = node.values if isinstance(node, ast.JoinedStr) else ()
    return any(isinstance(one, ast.Constant) and one.value for one in parts)


def _as_room(scene: Scene, room: Val) -> b.Expr:
    """A room as socketioxide takes it."""
    if is_own(scene, room) and scene.socket is not None:
        return b.Access(b.Name(scene.socket.name), "id")
    return fitting(scene, room, STRING)


def _within(scene: Scene, room: Val, *, all_if_empty: bool) -> b.Expr:
    """Those of a room which may be none: `match room { Some(room) => sockets.to(room), … }`."""
    empty = b.Method(b.Name("room"), "is_empty")
    if option_of(room.type) is None:
        shown = Val(room.expr, room.type, True, room.root)
        there = b.Method(_SOCKETS, "to", (fitting(scene, shown, STRING),))
        return b.If(
            b.Method(room.expr, "is_empty"), b.Block((), _SOCKETS), b.Block((), there)
        )  # fmt: skip
    text = b.Method(b.Name("room"), "to_string")
    asked = b.Unary("&", room.expr) if option_of(room.type) == STRING else room.expr
    guard = b.Unary("!", empty) if all_if_empty else None
    some = b.Arm(
        b.TuplePattern(SOME, (b.Bind("room"),)), b.Method(_SOCKETS, "to", (text,)), guard
    )  # fmt: skip
    return b.Match(asked, (some, b.Arm(b.Wild(), _SOCKETS)))


def _skipped(scene: Scene, given: dict[str, ast.expr], env: Env) -> Val | None:
    """The client that it doesn't go to."""
    if "skip_sid" not in given:
        return None
    val = scene.value(given["skip_sid"], env)
    return None if is_none(val) else text_of(scene, val, "a client")


def _without(found: b.Expr) -> b.Expr:
    """All but a client, who may be gone."""
    other = b.Method(_SOCKETS, "except", (b.Access(b.Name("client"), "id"),))
    some = b.Arm(b.TuplePattern(SOME, (b.Bind("client"),)), other)
    return b.Match(found, (some, b.Arm(b.PathPattern(NONE), _SOCKETS)))
