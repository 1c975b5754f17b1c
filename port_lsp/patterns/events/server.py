"""The Socket.IO server of a crate whose backend sends events by itself.

Python's server is an object of its module, which whoever sends an event imports; so it is here: a
static, made by whoever asks first, and a function that gives it. socketioxide: docs of `SocketIo`.
"""

from __future__ import annotations

from port_lsp.facts.source import Record
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.endpoints.places import symbol_in
from port_lsp.patterns.events.places import events_file
from port_lsp.patterns.events.python import USUAL_PATH, server_path
from port_lsp.writing.draft import Piece
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import Reference, Symbol, Tuple, Type, named, symbol
from port_lsp.writing.printer.literals import string

IO = symbol("socketioxide::SocketIo")
LAYER = named("socketioxide::layer::SocketIoLayer")
_SERVER, _GIVEN = "SERVER", "socket_io"
_LAZY = symbol("std::sync::LazyLock")
_DOCS = "The Socket.IO server, for what sends events by itself."


class Server(Record, frozen=True):
    """Where the server is: its file, the static with its layer, the function that gives it; the
    piece that is to be written where the crate hasn't got it."""

    file: str
    static: Symbol
    function: Symbol
    piece: Piece | None = None


def server_of(desk: Desk) -> Server | None:
    """The server; None where the backend sends no event, or the crate has one in a way of its own,
    or can't have one."""
    backend, crate = desk.snapshot.backend, desk.snapshot.crate
    events = backend.events if backend is not None else ()
    handled = [one for one in events if one.direction == "handled"]
    if desk.framework != "axum" or not handled or len(handled) == len(events):
        return None
    file, scopes = events_file(desk, handled[0]), desk.workshop.scopes
    known = desk.snapshot.crate_files.get(file)
    text = known.text.data.decode("utf-8", "replace") if known is not None else ""
    static, given = symbol_in(scopes, file, _SERVER), symbol_in(scopes, file, _GIVEN)
    if f"/// {_DOCS}\npub fn {_GIVEN}()" in text:
        return Server(file, static, given)
    if crate is not None and any(one.direction == "handled" for one in crate.events):
        return None
    if _SERVER in text or _GIVEN in text:
        return None
    path, _ = server_path(desk.snapshot.backend_files.values())
    return Server(file, static, given, Piece(file, _items(static, path), handled[0].key))


def whole_server(path: str) -> b.Expr:
    """The layer with the server, of a path."""
    if path == USUAL_PATH:
        return b.Call(b.Path(IO, ("new_layer",)))
    builder = b.Method(b.Call(b.Path(IO, ("builder",))), "req_path", (b.Lit(string(path)),))
    return b.Method(builder, "build_layer")


def _items(static: Symbol, path: str) -> tuple[i.Item, ...]:
    pair = Tuple((LAYER, Type(IO)))
    maker: b.Expr = b.Closure((), whole_server(path))
    if path == USUAL_PATH:
        maker = b.Path(IO, ("new_layer",))
    made = b.Call(b.Path(_LAZY, ("new",)), (maker,))
    given = b.Unary("&", b.Access(b.Path(static), "1"))
    kind = Reference(Type(IO), lifetime="static")
    return (
        i.Const(_SERVER, Type(_LAZY, (pair,)), made, "static"),
        i.Function(
            _GIVEN, (), kind, b.Block(tail=given), visibility="pub", docs=(_DOCS,)
        ),
    )  # fmt: skip
