"""What is said on a WebSocket that is accepted: each message that comes, each that is sent.

Starlette's docs, "WebSockets", "Sending data", "Receiving data", "Closing the connection": a client
that is gone raises WebSocketDisconnect where something is awaited from it, but ends `iter_text`.
"""

from __future__ import annotations

import ast

from port_lsp.patterns.translate.failing import unsaid
from port_lsp.patterns.translate.ownership import as_json, as_str, fitting
from port_lsp.patterns.translate.reading import mentioned
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.values import (
    STRING,
    VALUE,
    UntranslatedError,
    Val,
    is_none,
    is_text,
    known,
    waits,
)
from port_lsp.patterns.translate.websockets.helpers import (
    BYTES,
    close,
    next_message,
    received,
    send,
)
from port_lsp.patterns.translate.websockets.sockets import Said, Socket, lent, said
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import UNIT, symbol

_NORMAL = 1000


def talked(scene: Scene, node: ast.Call, env: Env) -> Val | None:
    """What an awaited call of a WebSocket's method is; None for another call. Raises
    UntranslatedError."""
    call = said(scene, node, env)
    if call is None:
        return None
    if not call.socket.talks:
        raise UntranslatedError("a WebSocket that isn't accepted yet")
    if call.method in ("receive_text", "receive_bytes", "receive_json"):
        _given(call, ())
        return _received(scene, call.socket, call.method.removeprefix("receive_"))
    if call.method in ("send_text", "send_bytes", "send_json"):
        return _sent(scene, call, env)
    if call.method == "close":
        given = _given(call, ("code", "reason"))
        said_code = scene.value(given["code"], env) if "code" in given else known(_NORMAL)
        reason = scene.value(given["reason"], env) if "reason" in given else known(None)
        return Val(closing(scene, call.socket, said_code, reason), UNIT)
    raise UntranslatedError(f"the method {call.method} of a WebSocket")


def heard(scene: Scene, socket: Socket, kind: str) -> b.Expr:
    """What comes next, an Option: a text, also where it is JSON, or bytes."""
    if not socket.talks:
        raise UntranslatedError("a WebSocket that isn't accepted yet")
    asks = next_message(scene, text=kind != "bytes")
    return b.Try(b.Await(b.Call(b.Path(asks), tuple(map(lent, socket.talks)))))


def parsed(scene: Scene, text: b.Expr) -> b.Expr:
    """JSON of a text."""
    scene.need_json()
    scene.vague |= {"JSONDecodeError"}
    made = b.Call(b.Path(symbol("serde_json::from_str"), (), (VALUE,)), (b.Unary("&", text),))
    wrong = b.Closure((b.Wild(),), unsaid(scene, "JSONDecodeError"))
    return b.Try(b.Method(made, "map_err", (wrong,)))


def closing(scene: Scene, socket: Socket, code: Val, reason: Val) -> b.Expr:
    """A connection that is closed."""
    number = code.known.value if code.known is not None else None
    if not isinstance(number, int) or not 0 <= number < 2**16:
        raise UntranslatedError("a WebSocket closed with a code that isn't known")
    if is_none(reason):
        reason = known("")
    if not is_text(reason):
        raise UntranslatedError("a WebSocket closed with a reason that is no text")
    args = (lent(socket.talks[0]), b.Lit(str(number)), as_str(reason))
    return b.Try(b.Await(b.Call(b.Path(close(scene)), args)))


def _received(scene: Scene, socket: Socket, kind: str) -> Val:
    if not socket.talks:
        raise UntranslatedError("a WebSocket that isn't accepted yet")
    asks = received(scene, text=kind != "bytes")
    text = b.Try(b.Await(b.Call(b.Path(asks), tuple(map(lent, socket.talks)))))
    if kind == "json":
        return Val(parsed(scene, text), VALUE)
    return Val(text, BYTES if kind == "bytes" else STRING)


def _sent(scene: Scene, call: Said, env: Env) -> Val:
    given = _given(call, ("data",))
    if "data" not in given:
        raise UntranslatedError("a WebSocket that is sent nothing")
    val = scene.value(given["data"], env)
    kind = call.method.removeprefix("send_")
    if kind == "json":
        scene.need_json()
        value = val.expr if val.place and val.type == VALUE else as_json(scene, val)
        made: b.Expr = b.Method(value, "to_string")
    elif kind == "text" and is_text(val):
        made = fitting(scene, val, STRING)
    elif kind == "bytes" and val.type == BYTES:
        made = b.Method(val.expr, "clone") if val.place else val.expr
    else:
        raise UntranslatedError("a WebSocket that is sent what is no text")
    sends = b.Path(send(scene, text=kind != "bytes"))
    to = lent(call.socket.talks[0])
    if waits(made) and call.socket.talks[0] in mentioned(made):  # it is asked first
        answer = env.free("answer")
        let = b.Let(b.Bind(answer), made)
        sent = b.Try(b.Await(b.Call(sends, (to, b.Name(answer)))))
        return Val(b.Block((let,), sent), UNIT)
    return Val(b.Try(b.Await(b.Call(sends, (to, made)))), UNIT)


def _given(call: Said, order: tuple[str, ...]) -> dict[str, ast.expr]:
    """The arguments by their names."""
    args = call.node.args
    if len(args) > len(order) or any(isinstance(one, ast.Starred) for one in args):
        raise UntranslatedError("a WebSocket's method with arguments that aren't known")
    found = dict(zip(order, args, strict=False))
    for one in call.node.keywords:
        if one.arg not in order or one.arg in found:
            raise UntranslatedError("a WebSocket's method with arguments that aren't known")
        found[one.arg] = one.value
    return found
