"""`await sio.emit("event", data, room=…)`: an event that is sent by the backend itself.

python-socketio, "The Socket.IO Server", "Emitting Events", "Rooms": to all of a namespace, or to
those in a room, of which each client has one of its own; nobody there is no failure. socketioxide:
docs of `SocketIo::of` and of its operators. Which of a module's calls send events, the index knows.
"""

from __future__ import annotations

import ast

from port_lsp.patterns.events.handlers import need_socketioxide
from port_lsp.patterns.events.server import server_of
from port_lsp.patterns.translate.ownership import as_json, fitting
from port_lsp.patterns.translate.scene import Env, Scene, dotted
from port_lsp.patterns.translate.statements.step import Blocks, Step
from port_lsp.patterns.translate.values import (
    SOME,
    STRING,
    NotMineError,
    UntranslatedError,
    Val,
    is_none,
    is_text,
    waits,
)
from port_lsp.writing.ir import body as b
from port_lsp.writing.printer.literals import string

_ORDER: tuple[str, ...] = ("event", "data", "to", "room", "skip_sid", "namespace")


def emitted(blocks: Blocks, node: ast.Expr, env: Env, _: bool) -> Step:
    """The event, sent. Raises UntranslatedError."""
    scene = blocks.scene
    call = node.value.value if isinstance(node.value, ast.Await) else node.value
    if not isinstance(call, ast.Call) or not _sends(scene, call, env):
        raise NotMineError("an expression that stands alone")
    if scene.desk.framework != "axum":
        raise UntranslatedError(
            "an event that is sent, for which actix-web has no Socket.IO server"
        )
    given = _given(call)
    name = scene.value(given["event"], env).known if "event" in given else None
    if name is None or not isinstance(name.value, str):
        raise UntranslatedError("an event whose name isn't known")
    space = scene.value(given["namespace"], env).known if "namespace" in given else None
    if "namespace" in given and (space is None or not isinstance(space.value, (str, type(None)))):
        raise UntranslatedError("an event of a namespace that isn't known")
    data = scene.value(given["data"], env) if "data" in given else None
    if data is None or is_none(data):
        raise UntranslatedError("an event without data")
    room = _room(scene, given, env)
    server = server_of(scene.desk)
    if server is None or scene.functions is None:
        raise UntranslatedError("an event that is sent by a server which isn't known")
    if server.piece is not None:
        scene.functions.pieces.setdefault("the Socket.IO server", server.piece)
    need_socketioxide(scene.needs)
    before: tuple[b.Statement, ...] = ()
    value = as_json(scene, data)
    if waits(value):
        said = env.free("data")
        before, value = (b.Let(b.Bind(said), value),), b.Name(said)
    sockets: b.Expr = b.Name("sockets")
    if room is not None:
        sockets = b.Method(sockets, "to", (room,))
    text = b.Lit(string(name.value))
    sent = b.Await(b.Method(sockets, "emit", (text, b.Unary("&", value))))
    within = b.Lit(string(str(space.value) if space is not None and space.value else "/"))
    all_of = b.Method(b.Call(b.Path(server.function)), "of", (within,))
    made = b.If(
        all_of,
        b.Block((b.Let(b.Wild(), sent),)),
        binding=b.TuplePattern(SOME, (b.Bind("sockets"),)),
    )
    return Step((*before, b.Do(made)), env)


def _sends(scene: Scene, call: ast.Call, env: Env) -> bool:
    """Whether the index knows of an event that this call sends."""
    if not isinstance(call.func, ast.Attribute) or call.func.attr != "emit" or not call.args:
        return False
    root = dotted(call.func).partition(".")[0]
    if not root or root in env.names or root in scene.local:
        return False
    name, backend = call.args[0], scene.desk.snapshot.backend
    said = name.value if isinstance(name, ast.Constant) else None
    return any(
        one.direction == "emitted" and one.event == said and one.place.file == scene.backend_file
        for one in (backend.events if backend is not None else ())
    )


def _given(call: ast.Call) -> dict[str, ast.expr]:
    if len(call.args) > len(_ORDER) or any(isinstance(one, ast.Starred) for one in call.args):
        raise UntranslatedError("an event with arguments that aren't known")
    found = dict(zip(_ORDER, call.args, strict=False))
    for one in call.keywords:
        if one.arg not in _ORDER or one.arg in found:
            raise UntranslatedError("an event with arguments that aren't known")
        found[one.arg] = one.value
    if "skip_sid" in found:
        raise UntranslatedError("an event for all but one")
    return found


def _room(scene: Scene, given: dict[str, ast.expr], env: Env) -> b.Expr | None:
    """The room that it goes to; None where it goes to all."""
    rooms: list[Val] = [scene.value(given[one], env) for one in ("to", "room") if one in given]
    rooms = [one for one in rooms if not is_none(one)]
    if not rooms:
        return None
    if len(rooms) != 1 or not is_text(rooms[0]) or rooms[0].wrapped or waits(rooms[0].expr):
        raise UntranslatedError("an event for what isn't surely a room")
    return fitting(scene, rooms[0], STRING)
