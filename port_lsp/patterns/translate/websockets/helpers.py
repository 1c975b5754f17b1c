"""Functions that are written once for WebSockets, beside the crate's models: what is read next,
what is sent, how a connection is closed, and what becomes of a talk that fails.

axum: docs of `extract::ws`; actix-ws: docs of `Session` and `AggregatedMessageStream`. A client
that closes is answered by tungstenite when the next message is asked for, so that is done; actix-ws
leaves pings and the closing to us. uvicorn takes messages of 16 MiB, actix-ws of 64 KiB.
"""

from __future__ import annotations

from collections.abc import Sequence

from port_lsp.patterns.translate.calls import around
from port_lsp.patterns.translate.failing import broken, failure, logged
from port_lsp.patterns.translate.scene import Scene
from port_lsp.patterns.translate.values import (
    ERR,
    NONE,
    OK,
    SOME,
    STRING,
    UntranslatedError,
    known,
)
from port_lsp.patterns.translate.websockets.sockets import AXUM, SESSION, STREAM
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.names import bound
from port_lsp.writing.ir.types import (
    UNIT,
    AnyType,
    Bounds,
    Reference,
    Symbol,
    Tuple,
    Type,
    named,
    symbol,
)

_FILE = "websockets.py"  # beside the models
_LARGEST = "16 * 1024 * 1024"  # bytes: uvicorn's `ws_max_size`
BYTES = named("Vec", named("u8"))
_U16 = named("u16")
GONE = "WebSocketDisconnect"
"""How the crate's error names the exception of a client that is gone."""
LEFT = "the client is gone"


def talk(scene: Scene) -> Symbol:
    """The function that sees a talk to its end."""
    axum = scene.desk.framework == "axum"
    docs = "Talks with the client of a WebSocket to the end; what fails is logged."
    _need(scene, "tracing", "0.1")
    failed = b.If(
        b.Await(b.Name("talk")),
        b.Block((b.Do(logged(scene.errors)),)),
        binding=b.TuplePattern(ERR, (b.Bind("error"),)),
    )
    future: AnyType = Type(symbol("std::future::Future"), (), (("Output", _result(scene, UNIT)),))
    bounds = Bounds("impl", (future,) if axum else (future, named("'static")))
    whole = b.Block((), failed)
    if not axum:
        spawned = b.Call(
            b.Path(symbol("actix_web::rt::spawn")), (b.Block((), failed, "async move"),)
        )
        whole = b.Block((b.Do(spawned),))
    params = (i.Param(b.Bind("talk"), bounds),)
    return _helper(scene, "talk", docs, params, None, whole, is_async=axum)


def opened(scene: Scene) -> Symbol:
    """actix-web's function that upgrades a connection."""
    docs = "Upgrades a connection to a WebSocket; who asks for none finds nothing here."
    _need(scene, "actix-ws", "0.3")
    response = named("actix_web::HttpResponse")
    missing = failure(scene, 404, known("Not Found"))
    handled = b.Call(b.Path(symbol("actix_ws::handle")), (b.Name("request"), b.Name("payload")))
    made = b.Method(handled, "map_err", (b.Closure((b.Wild(),), missing),))
    parts = b.TuplePattern(None, tuple(b.Bind(one) for one in ("response", "session", "stream")))
    stream: b.Expr = b.Method(b.Name("stream"), "max_frame_size", (b.Lit(_LARGEST),))
    stream = b.Method(stream, "aggregate_continuations")
    stream = b.Method(stream, "max_continuation_size", (b.Lit(_LARGEST),))
    block = b.Block(
        (b.Let(parts, b.Try(made)), b.Let(b.Bind("stream"), stream)),
        _ok(b.TupleOf((b.Name("response"), b.Name("session"), b.Name("stream")))),
    )
    params = (
        i.Param(b.Bind("request"), Reference(named("actix_web::HttpRequest"))),
        i.Param(b.Bind("payload"), named("actix_web::web::Payload")),
    )
    gives = _result(scene, Tuple((response, SESSION, STREAM)))
    return _helper(scene, "open_websocket", docs, params, gives, block, is_async=False)


def next_message(scene: Scene, *, text: bool) -> Symbol:
    """The function that gives what the client says next, a text or bytes; None when it is gone.
    What is of the other kind fails, as Starlette looks for it under the other's key."""
    axum = scene.desk.framework == "axum"
    kind, other = ("text", "bytes") if text else ("bytes", "text")
    docs = f"The next {kind} of a WebSocket's client; None when it is gone."
    message = symbol("axum::extract::ws::Message" if axum else "actix_ws::AggregatedMessage")
    variant = {"text": "Text", "bytes": "Binary"}
    given = b.Method(b.Name("message"), "to_string" if text else "to_vec")
    wrong = b.Call(b.Path(ERR), (broken(scene, "KeyError", repr(kind)),))
    found = _ok(b.Call(b.Path(SOME), (given,)))
    arms = [
        b.Arm(
            b.TuplePattern(message, (b.Bind("message"),), (variant[kind],)),
            b.Jump("return", found),
        ),
        b.Arm(b.TuplePattern(message, (b.Wild(),), (variant[other],)), b.Jump("return", wrong)),
        *_others(message, axum=axum),
    ]
    source = "websocket" if axum else "stream"
    waited = b.Await(b.Method(b.Name(source), "recv"))
    inside = b.TuplePattern(SOME, (b.TuplePattern(OK, (b.Bind("message"),)),))
    loop = b.While(waited, b.Block((), b.Match(b.Name("message"), tuple(arms))), inside)
    gives = _result(scene, named("Option", STRING if text else BYTES))
    block = b.Block((b.Do(loop),), _ok(b.Path(NONE)))
    params = _whole(axum)
    return _helper(scene, f"next_{kind}", docs, params, gives, block)


def received(scene: Scene, *, text: bool) -> Symbol:
    """The function that gives the same, and fails when the client is gone."""
    axum = scene.desk.framework == "axum"
    kind = "text" if text else "bytes"
    docs = f"The next {kind} of a WebSocket's client, which mustn't be gone."
    args = tuple(b.Name(name) for one in _whole(axum) for name in bound(one.pattern))
    asks = b.Try(b.Await(b.Call(b.Path(next_message(scene, text=text)), args)))
    gone = b.Closure((), broken(scene, GONE, LEFT))
    block = b.Block((), b.Method(asks, "ok_or_else", (gone,)))
    gives = _result(scene, STRING if text else BYTES)
    params = _whole(axum)
    return _helper(scene, f"receive_{kind}", docs, params, gives, block)


def _others(message: Symbol, *, axum: bool) -> tuple[b.Arm, ...]:
    """What is no message of the client's own."""
    if axum:
        return (b.Arm(b.Wild(), b.Block()),)

    def answered(call: b.Expr) -> b.Expr:
        return b.Block((b.Let(b.Wild(), b.Await(call)),))

    session = b.Name("session")
    pong = b.Method(session, "pong", (b.Unary("&", b.Name("bytes")),))
    closed = b.Method(b.Method(session, "clone"), "close", (b.Name("reason"),))
    return (
        b.Arm(b.TuplePattern(message, (b.Bind("bytes"),), ("Ping",)), answered(pong)),
        b.Arm(b.TuplePattern(message, (b.Bind("reason"),), ("Close",)), answered(closed)),
        b.Arm(b.TuplePattern(message, (b.Wild(),), ("Pong",)), b.Block()),
    )


def send(scene: Scene, *, text: bool) -> Symbol:
    """The function that sends a text or bytes."""
    axum = scene.desk.framework == "axum"
    kind = "text" if text else "bytes"
    docs = f"Sends {'a text' if text else 'bytes'} to a WebSocket's client."
    gone = b.Closure((b.Wild(),), broken(scene, GONE, LEFT))
    if axum:
        variant = "Text" if text else "Binary"
        made = b.Method(b.Name(kind), "into")
        message = b.Call(b.Path(symbol("axum::extract::ws::Message"), (variant,)), (made,))
        sent: b.Expr = b.Method(b.Name("websocket"), "send", (message,))
    else:
        sent = b.Method(b.Name("session"), "text" if text else "binary", (b.Name(kind),))
    tail = b.Method(b.Await(sent), "map_err", (gone,))
    params = (_whole(axum)[0], i.Param(b.Bind(kind), STRING if text else BYTES))
    return _helper(scene, f"send_{kind}", docs, params, _result(scene, UNIT), b.Block(tail=tail))


def close(scene: Scene) -> Symbol:
    """The function that closes a connection with a code and a reason."""
    axum = scene.desk.framework == "axum"
    docs = "Closes a WebSocket with a code (RFC 6455, 7.4) and a reason."
    gone = b.Closure((b.Wild(),), broken(scene, GONE, LEFT))
    reason: b.Expr = b.Method(b.Name("reason"), "into")
    if axum:
        frame = b.StructLiteral(
            symbol("axum::extract::ws::CloseFrame"), (("code", b.Name("code")), ("reason", reason))
        )
        message = b.Call(
            b.Path(symbol("axum::extract::ws::Message"), ("Close",)),
            (b.Call(b.Path(SOME), (frame,)),),
        )
        sent: b.Expr = b.Method(b.Name("websocket"), "send", (message,))
    else:
        frame = b.StructLiteral(
            symbol("actix_ws::CloseReason"),
            (
                ("code", b.Method(b.Name("code"), "into")),
                ("description", b.Call(b.Path(SOME), (reason,))),
            ),
        )
        of = b.Method(b.Name("session"), "clone")
        sent = b.Method(of, "close", (b.Call(b.Path(SOME), (frame,)),))
    tail = b.Method(b.Await(sent), "map_err", (gone,))
    params = (
        _whole(axum)[0],
        i.Param(b.Bind("code"), _U16),
        i.Param(b.Bind("reason"), Reference(named("str"))),
    )
    return _helper(scene, "close_websocket", docs, params, _result(scene, UNIT), b.Block(tail=tail))


def _whole(axum: bool) -> tuple[i.Param, ...]:
    """The parameters that are a connection, what one sends on first."""
    kinds: Sequence[tuple[str, Type]] = (("websocket", AXUM),)
    if not axum:
        kinds = (("session", SESSION), ("stream", STREAM))
    return tuple(i.Param(b.Bind(name), Reference(kind, mutable=True)) for name, kind in kinds)


def _need(scene: Scene, crate: str, version: str) -> None:
    if not scene.needs.has(crate.replace("-", "_")):
        scene.needs.depend(crate, version)


def _ok(inner: b.Expr) -> b.Expr:
    return b.Call(b.Path(OK), (inner,))


def _helper(
    scene: Scene,
    name: str,
    docs: str,
    params: tuple[i.Param, ...],
    gives: AnyType | None,
    block: b.Block,
    *,
    is_async: bool = True,
) -> Symbol:
    if scene.functions is None:
        raise UntranslatedError("a WebSocket of a handler that can't fail")
    return scene.functions.helper(
        docs, _FILE, name, docs, scene.needs,
        lambda claimed: i.Function(
            claimed, params, gives, block, is_async=is_async, visibility="pub", docs=(docs,)
        ),
    )  # fmt: skip


def _result(scene: Scene, gives: AnyType) -> AnyType:
    if scene.result is None:
        raise UntranslatedError("a WebSocket of a handler that can't fail")
    return around(scene.result, gives)
