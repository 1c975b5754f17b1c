"""`await sio.enter_room(sid, room)` and `leave_room`: who hears what is sent into a room; and
`disconnect`.

python-socketio's managers, `basic_enter_room`, `basic_leave_room`: a client that isn't connected
can't enter one, nor can anybody enter the one of another client; nobody fails to leave one.
socketioxide: docs of `Socket::join`, which lets everybody in, of `Socket::leave` and
`Socket::disconnect`.
"""

from __future__ import annotations

import ast

from port_lsp.patterns.translate.ownership import fitting
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.sockets import (
    arguments,
    client,
    entering,
    is_no_id,
    is_own,
    method_of,
    own_space,
    socket_of,
    space_of,
    text_of,
)
from port_lsp.patterns.translate.statements.step import Blocks, Step
from port_lsp.patterns.translate.values import (
    SOME,
    STRING,
    NotMineError,
    UntranslatedError,
    Val,
    waits,
)
from port_lsp.writing.ir import body as b

_ORDER = ("sid", "room", "namespace")
_METHODS = ("enter_room", "leave_room")


def moved(blocks: Blocks, node: ast.Expr, env: Env, _: bool) -> Step:
    """A client enters a room, or leaves one. Raises UntranslatedError."""
    scene = blocks.scene
    call = node.value.value if isinstance(node.value, ast.Await) else node.value
    method, usual = method_of(scene, call, env) if isinstance(call, ast.Call) else ("", "")
    if not isinstance(call, ast.Call) or method not in _METHODS:
        raise NotMineError("an expression that stands alone")
    given = arguments(call, _ORDER, "a room")
    if "sid" not in given or "room" not in given:
        raise UntranslatedError("a room without a client")
    space = space_of(scene, given, usual, env)
    sid = text_of(scene, scene.value(given["sid"], env), "a client")
    room = text_of(scene, scene.value(given["room"], env), "a room")
    own_space(scene, sid, space)
    if method == "leave_room":
        return Step(_left(scene, space, sid, room), env)
    if is_own(scene, sid) and scene.socket is not None and is_no_id(given["room"], room):
        joined = b.Method(b.Name(scene.socket.name), "join", (_as_room(scene, room),))
        return Step((b.Do(joined),), env)
    return Step((b.Do(entering(scene, socket_of(scene, space, sid), room)),), env)


def ended(blocks: Blocks, node: ast.Expr, env: Env, _: bool) -> Step:
    """`await sio.disconnect(sid)`: a client is sent away, if it is there. Raises
    UntranslatedError."""
    scene = blocks.scene
    call = node.value.value if isinstance(node.value, ast.Await) else node.value
    method, usual = method_of(scene, call, env) if isinstance(call, ast.Call) else ("", "")
    if not isinstance(call, ast.Call) or method != "disconnect":
        raise NotMineError("an expression that stands alone")
    given = arguments(call, ("sid", "namespace"), "the end of a connection")
    if "sid" not in given or (scene.socket is not None and scene.socket.enters):
        raise UntranslatedError("the end of a connection that isn't there yet")
    space = space_of(scene, given, usual, env)
    sid = text_of(scene, scene.value(given["sid"], env), "a client")
    own_space(scene, sid, space)
    gone = b.Let(b.Wild(), b.Method(b.Name("client"), "disconnect"))
    binding = b.TuplePattern(SOME, (b.Bind("client"),))
    return Step((b.Do(b.If(client(scene, space, sid), b.Block((gone,)), binding=binding)),), env)


def _left(scene: Scene, space: str, sid: Val, room: Val) -> tuple[b.Statement, ...]:
    if is_own(scene, sid) and scene.socket is not None:
        return (b.Do(b.Method(b.Name(scene.socket.name), "leave", (_as_room(scene, room),))),)
    if waits(room.expr):
        raise UntranslatedError("a room that may be none, of another client")
    left = b.Method(b.Name("client"), "leave", (_as_room(scene, room),))
    binding = b.TuplePattern(SOME, (b.Bind("client"),))
    return (b.Do(b.If(client(scene, space, sid), b.Block((b.Do(left),)), binding=binding)),)


def _as_room(scene: Scene, room: Val) -> b.Expr:
    """A room as socketioxide takes it: a text of its own, or one that is written there."""
    return room.expr if room.known is not None else fitting(scene, room, STRING)
