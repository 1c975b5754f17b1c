"""What stands for FastAPI's `WebSocket` in a handler: what the upgrade is asked of, then the
connection.

Starlette's docs, "WebSockets". Before `accept` a handler may still refuse, and nothing can be said;
behind it axum has one object for both directions (docs of `extract::ws`), actix-ws one for each.
"""

from __future__ import annotations

import ast
from typing import cast

from port_lsp.facts.source import Record
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.values import QUERY, Hidden, NotMineError
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.names import bound
from port_lsp.writing.ir.types import Type, named

_KEY = "<websocket>"  # no name of Python's
_UPGRADES = (
    ("axum", "extract", "ws", "WebSocketUpgrade"),
    ("actix_web", "HttpRequest"),
    ("actix_web", "web", "Payload"),
)
AXUM = named("axum::extract::ws::WebSocket")
SESSION, STREAM = named("actix_ws::Session"), named("actix_ws::AggregatedMessageStream")


class Socket(Hidden, frozen=True, kw_only=True):
    """A WebSocket: `upgrade` are the variables of what the handler is handed for it, `talks` those
    of the connection, none before that is accepted."""

    upgrade: tuple[str, ...] = ()
    talks: tuple[str, ...] = ()


class Said(Record, frozen=True):
    """A call of a method of a WebSocket, and that."""

    method: str
    node: ast.Call
    socket: Socket


def asked(env: Env, params: tuple[i.Param, ...]) -> Env:
    """The names with a WebSocket that isn't accepted, where a handler's parameters upgrade one."""
    upgrade = tuple(
        name
        for one in params
        if isinstance(one.type, Type) and one.type.head.path in _UPGRADES
        for name in bound(one.pattern)
    )
    return env.knowing(_KEY, Socket(b.TupleOf(), QUERY, upgrade=upgrade))


def accepted(env: Env, socket: Socket, talks: tuple[str, ...]) -> Env:
    """The names behind `accept`: those of the upgrade are gone, as it has them."""
    left = tuple(one for one in env.bound if one not in socket.upgrade)
    made = Env(env.names, left).knowing(_KEY, Socket(b.TupleOf(), QUERY, talks=talks))
    return Env(made.names, (*left, *talks))


def socket_in(env: Env) -> Socket | None:
    """The handler's WebSocket."""
    found = env.names.get(_KEY)
    return found if isinstance(found, Socket) else None


def said(scene: Scene, node: ast.expr, env: Env) -> Said | None:
    """A call of a method of the handler's WebSocket; None for anything else."""
    socket = socket_in(env)
    func = node.func if isinstance(node, ast.Call) else None
    of = func.value if isinstance(func, ast.Attribute) else None
    if socket is None or not isinstance(node, ast.Call) or not isinstance(func, ast.Attribute):
        return None
    if not isinstance(of, ast.Name) or of.id != scene.request or of.id in env.names:
        return None
    return Said(func.attr, node, socket)


def said_alone(scene: Scene, node: ast.Expr, env: Env, method: str) -> Said:
    """An awaited call of a certain method, as a statement. Raises NotMineError for another one."""
    call = said(scene, node.value.value, env) if isinstance(node.value, ast.Await) else None
    if call is None or call.method != method:
        raise NotMineError("an expression that stands alone")
    return call


def lent(name: str) -> b.Expr:
    """A part of a connection, as functions take it."""
    return b.Unary("&mut ", b.Name(name))


def is_lent(name: str, part: object) -> bool:
    """Whether somewhere inside a part of a connection is lent so; a hole only names it."""
    if isinstance(part, b.Unary) and part == lent(name):
        return True
    if isinstance(part, tuple):
        return any(is_lent(name, one) for one in cast("tuple[object, ...]", part))
    if isinstance(part, Record):
        return any(is_lent(name, getattr(part, field)) for field in part.__struct_fields__)
    return False
