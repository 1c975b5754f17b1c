"""A WebSocket that is closed: before it is accepted that is an answer of 403, behind that a frame.

FastAPI's docs, "WebSockets", "Using Depends and others" (`raise WebSocketException`); ASGI's
specification, "WebSocket", "Close".
"""

from __future__ import annotations

import ast

from port_lsp.patterns.translate.replies.building import Body, Reply, built
from port_lsp.patterns.translate.replies.kinds import whole
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.statements.ends import ended
from port_lsp.patterns.translate.statements.step import Blocks, Step
from port_lsp.patterns.translate.values import NotMineError, UntranslatedError, Val, known
from port_lsp.patterns.translate.websockets.sockets import said_alone, socket_in
from port_lsp.patterns.translate.websockets.talking import closing
from port_lsp.types import meanings as m
from port_lsp.writing.ir import body as b

_FORBIDDEN = 403
_EXCEPTIONS = frozenset(
    f"{module}.WebSocketException"
    for module in ("fastapi", "fastapi.exceptions", "starlette.exceptions")
)


def closed(blocks: Blocks, node: ast.Expr, env: Env, last: bool) -> Step:
    """`await websocket.close()` of one that isn't accepted, with the `return` behind it."""
    call = said_alone(blocks.scene, node, env, "close")
    if call.socket.talks:
        raise NotMineError("an expression that stands alone")
    behind = blocks.behind(node)
    alone = isinstance(behind, ast.Return) and behind.value is None
    if not alone and not (behind is None and last):
        raise UntranslatedError("a WebSocket that is closed before the handler ends")
    last = last or (behind is not None and blocks.is_last(behind))
    return _forbidden(blocks.scene, env, last=last)


def raised(blocks: Blocks, node: ast.Raise, env: Env, last: bool) -> Step:
    """`raise WebSocketException(code, reason)`: nobody else is told of it than the client."""
    scene, socket = blocks.scene, socket_in(env)
    call = node.exc
    meaning = scene.meaning(call.func, env) if isinstance(call, ast.Call) else None
    name = meaning.name if isinstance(meaning, m.Outside) else ""
    if name not in _EXCEPTIONS or not isinstance(call, ast.Call):
        raise NotMineError("raise")
    if socket is None or scene.is_trying:
        raise UntranslatedError("raise of WebSocketException in a try or a function")
    given = dict(zip(("code", "reason"), call.args, strict=False))
    given |= {one.arg: one.value for one in call.keywords if one.arg is not None}
    if set(given) - {"code", "reason"} or len(given) != len(call.args) + len(call.keywords):
        raise UntranslatedError("a WebSocketException with more than code and reason")
    if not socket.talks:
        return _forbidden(scene, env, last=last)
    code = scene.value(given["code"], env) if "code" in given else known(None)
    reason = scene.value(given["reason"], env) if "reason" in given else known(None)
    said = b.Do(closing(scene, socket, code, reason))
    step = ended(scene.answer.of(scene, known(None)), env, last=last)
    return Step((said, *step.statements), env, step.tail, ends=True)


def _forbidden(scene: Scene, env: Env, *, last: bool) -> Step:
    """The answer to who isn't let in."""
    if scene.is_trying:
        raise UntranslatedError("a WebSocket that is closed in a try")
    reply = built(scene, Reply(_FORBIDDEN, (), Body("empty")))
    return ended(scene.answer.of(scene, Val(reply, whole(scene.desk))), env, last=last)
