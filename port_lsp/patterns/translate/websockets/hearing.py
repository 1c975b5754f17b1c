"""`async for text in websocket.iter_text()`: a turn for each message, until the client is gone.

Starlette's docs, "WebSockets", "Iterating data".
"""

from __future__ import annotations

import ast

from port_lsp.patterns.translate.binding import stored
from port_lsp.patterns.translate.scene import Env
from port_lsp.patterns.translate.statements.loops import turn
from port_lsp.patterns.translate.statements.step import Blocks, Step
from port_lsp.patterns.translate.values import SOME, STRING, VALUE, UntranslatedError, Val
from port_lsp.patterns.translate.websockets.helpers import BYTES
from port_lsp.patterns.translate.websockets.sockets import said
from port_lsp.patterns.translate.websockets.talking import heard, parsed
from port_lsp.writing.ir import body as b

_KINDS = {"text": STRING, "bytes": BYTES, "json": VALUE}


def heard_each(blocks: Blocks, node: ast.AsyncFor, env: Env, _: bool) -> Step:
    """The loop."""
    scene, target = blocks.scene, node.target
    call = said(scene, node.iter, env)
    kind = call.method.removeprefix("iter_") if call is not None else ""
    if call is None or kind not in _KINDS or call.node.args or call.node.keywords:
        raise UntranslatedError("AsyncFor")
    if not isinstance(target, ast.Name):
        raise UntranslatedError("a message that isn't bound to one name")
    next_ = heard(scene, call.socket, kind)
    rust = env.free(target.id)
    val = Val(b.Name(rust), _KINDS[kind], place=True, root=rust)
    step = turn(blocks, node, env, env.bind(target.id, val, rust))
    block = step.block
    if kind == "json":
        made = b.Let(b.Bind(rust), parsed(scene, b.Name(rust)))
        block = b.Block((made, *block.statements), block.tail)
    loop = b.While(next_, block, b.TuplePattern(SOME, (b.Bind(rust),)))
    names = {name for one in node.body for name in stored(one)}
    return Step((b.Do(loop),), env.dropped(stored(target)).without(names))
