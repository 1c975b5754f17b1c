"""Puts a body into a function that is there, in the place of a stub."""

from __future__ import annotations

from port_lsp.rust.stubtext import stub_at
from port_lsp.text import Edit, Span
from port_lsp.writing.draft import NewBody
from port_lsp.writing.printer.items import print_block
from port_lsp.writing.printer.layout import STEP, pad
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
    spans = [(span, dict(new.names)[name]) for name, span in stub.names if name in dict(new.names)]
    start = min((span.start for span, _ in spans), default=stub.body.start)
    made, end = "", start
    for span, name in (*spans, (stub.body, text)):
        made += data[end : span.start].decode("utf-8", "replace") + name
        end = span.end
    return Edit(Span(start, end), made)
