"""Has the handler of one more Socket.IO event called, where another's is.

socketioxide: docs of `Socket::on` and `Socket::on_disconnect`. A crate that tells events apart by a
`match` of its own gets an arm that says what its neighbour says.
"""

from __future__ import annotations

from collections.abc import Sequence

from port_lsp.rust.socketcalls import function_end, socket_arm, socket_call
from port_lsp.text import Edit, Span
from port_lsp.writing.draft import Hookup
from port_lsp.writing.ir.items import Item
from port_lsp.writing.printer.items import print_item
from port_lsp.writing.printer.layout import CALL, STEP, WIDTH, pad
from port_lsp.writing.printer.literals import string
from port_lsp.writing.printer.names import Names, identifier
from port_lsp.writing.routecalls import CannotRegisterError


def hookup_edit(data: bytes, at: int, hookup: Hookup, names: Names) -> Edit:
    """The edit behind the event whose name stands at a byte offset. Raises CannotRegisterError."""
    name = identifier(hookup.handler.name) if hookup.is_method else names(hookup.handler)
    call = socket_call(data, at)
    if call is not None:
        indent = _indent(data, call.statement.start)
        text = f"{call.receiver}{_call(hookup.event, name, indent + len(call.receiver), indent)};"
        return _behind(call.statement, indent, text)
    arm = socket_arm(data, at)
    if arm is None:
        raise CannotRegisterError("the neighbouring event isn't handled by a call of its own")
    indent = _indent(data, arm.arm.start)
    head, value = f"{string(hookup.event)} =>", f"{arm.before}{name}{arm.behind}"
    text = f"{head} {value},"
    if indent + len(text) > WIDTH:
        text = f"{head} {{\n{pad(indent + STEP)}{value}\n{pad(indent)}}}"
    return _behind(arm.arm, indent, text)


def _call(event: str, name: str, start: int, indent: int) -> str:
    """`.on("x", f)`; a connection's end has a method of its own."""
    method = "on_disconnect" if event == "disconnect" else "on"
    args = (name,) if event == "disconnect" else (string(event), name)
    inside = ", ".join(args)
    if start + len(method) + len(inside) + 4 <= WIDTH and (len(args) == 1 or len(inside) <= CALL):
        return f".{method}({inside})"
    inner = pad(indent + STEP)
    return f".{method}(\n" + "".join(f"{inner}{arg},\n" for arg in args) + f"{pad(indent)})"


def _behind(span: Span, indent: int, text: str) -> Edit:
    return Edit(Span(span.end, span.end), f"\n{pad(indent)}{text}")


def _indent(data: bytes, offset: int) -> int:
    line = data[data.rfind(b"\n", 0, offset) + 1 : offset]
    return len(line) - len(line.lstrip(b" "))


def methods_edit(data: bytes, at: int, methods: Sequence[Item], names: Names) -> Edit:
    """The edit that puts methods behind the one whose name begins at a byte offset. Raises
    CannotRegisterError."""
    end = function_end(data, at)
    if end is None:
        raise CannotRegisterError("the neighbouring method isn't there")
    indent = _indent(data, at)
    text = "".join(f"\n\n{print_item(one, names, indent)}" for one in methods)
    return Edit(Span(end, end), text)
