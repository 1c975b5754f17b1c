"""Puts a body into a function that is there, in the place of a stub."""

from __future__ import annotations

from port_lsp.rust.literals import split
from port_lsp.rust.stubtext import stub_at
from port_lsp.text import Edit, Span
from port_lsp.writing.draft import NewBody
from port_lsp.writing.printer.items import print_block
from port_lsp.writing.printer.layout import STEP, WIDTH, pad, width
from port_lsp.writing.printer.names import Names
from port_lsp.writing.structfields import CannotChangeError


def body_edit(data: bytes, at: int, new: NewBody, names: Names) -> Edit:
    """The edit of the function whose name begins at a byte offset: its body, and the names of its
    parameters that get others. Raises CannotChangeError."""
    stub = stub_at(data, at)
    if stub is None:
        raise CannotChangeError(f"{new.key} is no stub any more")
    line = data[data.rfind(b"\n", 0, at) + 1 : at]
    indent = len(line) - len(line.lstrip(b" "))
    text = print_block(new.block, names, indent)
    if new.comments:
        kept = "".join(f"{pad(indent + STEP)}{one}\n" for one in new.comments)
        text = f"{{\n{kept}{text.removeprefix('{').lstrip(chr(10))}"
    called = dict(new.names)
    spans = [(span, called[name]) for name, span in stub.names if name in called]
    # With its names, where the head starts on the line of its name: it may fit into one now.
    start = at - len(line.lstrip(b" ")) if spans else stub.body.start
    head, end = "", start
    for span, name in spans:
        head += data[end : span.start].decode("utf-8", "replace") + name
        end = span.end
    head += data[end : stub.body.start].decode("utf-8", "replace")
    return Edit(Span(start, stub.body.end), _laid(head, indent) + text)


def _laid(head: str, indent: int) -> str:
    """A function's head before its body's brace, with its parameters as rustfmt has them: on one
    line where they fit, else each on one. As it is where it is laid out by hand."""
    before, _, rest = head.partition("(")
    inside, closing, after = rest.rpartition(")" if "->" not in rest else ") ->")
    if not closing or "\n" in after or "//" in inside or "#" in inside or "/*" in inside:
        return head
    params = list(split(inside))
    inner = pad(indent + STEP)
    each = "".join(f"\n{inner}{one}," for one in params)
    tall, flat = f"{each}\n{pad(indent)}", ", ".join(params)
    if inside not in (tall, flat) or not params:
        return head
    one = f"{before}({flat}{closing}{after}"
    return one if indent + width(one) < WIDTH else f"{before}({tall}{closing}{after}"
