"""`await websocket.accept()`: what follows is a talk, which goes on when the handler has answered.

axum: docs of `WebSocketUpgrade::on_upgrade`; actix-ws: docs of `handle`. The talk is a future that
owns what it reads. What fails in it is logged and ends the connection without another word, as
uvicorn does; so does its end, where Python doesn't close the connection itself. Before `accept` a
handler that closes answers 403 (ASGI's specification, "WebSocket", "Close"), and FastAPI's
HTTPException is answered as everywhere.
"""

from __future__ import annotations

import ast

from port_lsp.patterns.translate.answers import Answer
from port_lsp.patterns.translate.bodytext import inner
from port_lsp.patterns.translate.calls import around
from port_lsp.patterns.translate.reading import mentioned
from port_lsp.patterns.translate.replies.kinds import whole
from port_lsp.patterns.translate.replies.streams import borrows
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.statements.step import Blocks, Step
from port_lsp.patterns.translate.values import OK, UntranslatedError, Val
from port_lsp.patterns.translate.websockets.helpers import opened, talk
from port_lsp.patterns.translate.websockets.sockets import Said, accepted, is_lent, said_alone
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import UNIT


def upgraded(blocks: Blocks, node: ast.Expr, env: Env, _: bool) -> Step:
    """The answer that upgrades the connection, with all that is said on it."""
    scene = blocks.scene
    call = said_alone(scene, node, env, "accept")
    if call.node.args or call.node.keywords:
        raise UntranslatedError("a WebSocket that is accepted with a protocol or headers")
    rest: list[ast.stmt] = []
    at: ast.stmt | None = node
    while (at := blocks.behind(at)) is not None:
        rest.append(at)
    if call.socket.talks or not blocks.is_last(rest[-1] if rest else node):
        raise UntranslatedError("a WebSocket that is accepted in one of several places")
    if scene.result is None or scene.is_trying or scene.held:
        raise UntranslatedError("a WebSocket of a handler that can't fail")
    axum = scene.desk.framework == "axum"
    names = ("websocket",) if axum else ("session", "stream")
    talks = tuple(env.free(one) for one in names)
    after = accepted(env, call.socket, talks)
    try:
        made = _talk(blocks, rest, after)
        if borrows(scene, after, mentioned(made)):
            raise UntranslatedError("a WebSocket that is told of what it can't own")
        before, answer = (_axum if axum else _actix)(scene, call, talks, made)
    except UntranslatedError:
        for one in (part for each in rest for part in (each, *inner(each))):
            blocks.forget(one)
        raise
    result = scene.answer.of(scene, Val(answer, whole(scene.desk)))
    return Step(before, env, result, ends=True)


def _talk(blocks: Blocks, rest: list[ast.stmt], env: Env) -> b.Block:
    """What is said, as a future of its own."""
    scene = blocks.scene
    before = scene.answer, scene.returns
    scene.answer, scene.is_talk = Answer(UNIT, fails=True, plain=True), True
    scene.returns = around(scene.result, UNIT) if scene.result is not None else None
    try:
        if not rest:
            return b.Block((), b.Call(b.Path(OK), (b.TupleOf(),)), "async move")
        step = blocks.block(rest, env, last=True)
        return b.Block(step.statements, step.tail, "async move")
    finally:
        scene.answer, scene.returns = before
        scene.is_talk = False


_Made = tuple[tuple[b.Statement, ...], b.Expr]


def _axum(scene: Scene, call: Said, talks: tuple[str, ...], made: b.Block) -> _Made:
    (upgrade,), (websocket,) = call.socket.upgrade, talks
    mutable = "mut " if is_lent(websocket, made) else ""
    inside = b.Call(b.Path(talk(scene)), (_keeping(made, talks),))
    closure = b.Closure((b.Bind(websocket, mutable),), inside, move=True)
    return (), b.Method(b.Name(upgrade), "on_upgrade", (closure,))


def _actix(scene: Scene, call: Said, talks: tuple[str, ...], made: b.Block) -> _Made:
    request, payload = call.socket.upgrade
    taken = mentioned(made)
    parts = tuple(b.Bind(one, "mut " if is_lent(one, made) else "") for one in talks)
    answer = "response"
    while answer in taken or answer in talks:
        answer += "_"
    opening = b.Call(b.Path(opened(scene)), (b.Unary("&", b.Name(request)), b.Name(payload)))
    first = b.Let(b.TuplePattern(None, (b.Bind(answer), *parts)), b.Try(opening))
    second = b.Do(b.Call(b.Path(talk(scene)), (_keeping(made, talks),)))
    return (first, second), b.Name(answer)


def _keeping(made: b.Block, talks: tuple[str, ...]) -> b.Block:
    """A talk that has all of the connection, also what it doesn't speak of: who lets go of that
    closes it."""
    taken = mentioned(made)
    kept = tuple(b.Let(b.Bind(f"_{one}"), b.Name(one)) for one in talks if one not in taken)
    return b.Block((*kept, *made.statements), made.tail, made.word)
