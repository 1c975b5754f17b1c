"""The Socket.IO server of a crate whose backend sends events by itself.

Python's server is an object of its module, which whoever sends an event imports; so it is here: a
static, made with its layer, and a function that gives it. socketioxide: docs of `SocketIo`.
"""

from __future__ import annotations

from collections.abc import Sequence

from port_lsp.facts.items import Event
from port_lsp.facts.source import Record
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.endpoints.places import symbol_in
from port_lsp.patterns.events.places import events_file
from port_lsp.patterns.events.python import USUAL_PATH
from port_lsp.writing.draft import Piece
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import Reference, Symbol, Tuple, Type, named, symbol
from port_lsp.writing.printer.literals import string

IO = symbol("socketioxide::SocketIo")
LAYER = named("socketioxide::layer::SocketIoLayer")
_SERVER, _GIVEN = "SERVER", "socket_io"
_ONCE = symbol("std::sync::OnceLock")
_DOCS = "The Socket.IO server, for what sends events by itself; none before it has its layer."
_CALLS = (b".emit(", b".enter_room(", b".leave_room(")


class Server(Record, frozen=True):
    """Where the server is: its file, the static with its layer, the function that gives it, the
    item of the backend that it stands for; the piece that is to be written where the crate hasn't
    got it."""

    file: str
    static: Symbol
    function: Symbol
    source: str
    piece: Piece | None = None


def server_of(desk: Desk) -> Server | None:
    """The server; None where the backend sends no event, or the crate has one in a way of its own,
    or can't have one."""
    backend, crate = desk.snapshot.backend, desk.snapshot.crate
    events = backend.events if backend is not None else ()
    handled = [one for one in events if one.direction == "handled"]
    if desk.framework != "axum" or not handled:
        return None
    if len(handled) == len(events) and not _is_called(desk, handled):
        return None
    file, scopes = events_file(desk, handled[0]), desk.workshop.scopes
    known = desk.snapshot.crate_files.get(file)
    text = known.text.data.decode("utf-8", "replace") if known is not None else ""
    static, given = symbol_in(scopes, file, _SERVER), symbol_in(scopes, file, _GIVEN)
    source = handled[0].key
    if f"/// {_DOCS}\npub fn {_GIVEN}()" in text:
        return Server(file, static, given, source)
    if crate is not None and any(one.direction == "handled" for one in crate.events):
        return None
    if _SERVER in text or _GIVEN in text:
        return None
    return Server(file, static, given, source, Piece(file, _items(static), source))


def _is_called(desk: Desk, handled: Sequence[Event]) -> bool:
    """Whether a file with handlers may call the server."""
    files = (desk.snapshot.backend_files.get(one.place.file) for one in handled)
    texts = {file.path: file.text.data for file in files if file is not None}
    return any(call in text for text in texts.values() for call in _CALLS)


def whole_server(path: str, state: str = "") -> b.Expr:
    """The layer with the server, of a path and with a state, which a variable holds."""
    if path == USUAL_PATH and not state:
        return b.Call(b.Path(IO, ("new_layer",)))
    builder: b.Expr = b.Call(b.Path(IO, ("builder",)))
    if path != USUAL_PATH:
        builder = b.Method(builder, "req_path", (b.Lit(string(path)),))
    if state:
        builder = b.Method(builder, "with_state", (b.Name(state),))
    return b.Method(builder, "build_layer")


def kept_server(static: Symbol, path: str, state: str = "") -> b.Expr:
    """The same, made once and kept."""
    maker: b.Expr = b.Closure((), whole_server(path, state))
    if path == USUAL_PATH and not state:
        maker = b.Path(IO, ("new_layer",))
    return b.Method(b.Path(static), "get_or_init", (maker,))


def _items(static: Symbol) -> tuple[i.Item, ...]:
    pair = Tuple((LAYER, Type(IO)))
    made = b.Call(b.Path(_ONCE, ("new",)))
    server = b.Closure((b.TuplePattern(None, (b.Wild(), b.Bind("io"))),), b.Name("io"))
    given = b.Method(b.Method(b.Path(static), "get"), "map", (server,))
    kind = named("Option", Reference(Type(IO), lifetime="static"))
    return (
        i.Const(_SERVER, Type(_ONCE, (pair,)), made, "static"),
        i.Function(
            _GIVEN, (), kind, b.Block(tail=given), visibility="pub", docs=(_DOCS,)
        ),
    )  # fmt: skip
