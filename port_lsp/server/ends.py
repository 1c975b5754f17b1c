"""Edits at the end of a text, put so that every editor makes the same of them.

Neovim 0.10 makes an empty line of the newline that ends what is put behind a text's last line, or
into an empty text (runtime/lua/vim/lsp/util.lua, apply_text_edits): there no text has a line behind
its last newline.
"""

from lsprotocol import types

from port_lsp.text import Span


def before_last_newline(text: bytes, span: Span, new: bytes) -> tuple[Span, bytes]:
    """What replaces a span of a text, and the span. What stands behind the last newline goes before
    it, with the newline that it ends with put first: the text comes to the same."""
    newline = b"\r\n" if text.endswith(b"\r\n") else b"\n"
    is_behind = span.start == span.end == len(text) and text.endswith(newline)
    if not is_behind or not new.endswith(newline):
        return span, new
    at = span.start - len(newline)
    return Span(at, at), newline + new.removesuffix(newline)


def of_new_file() -> types.Range:
    """Where the whole text of a new file goes: from its first line to behind it, which is its end
    (LSP 3.18, Position), and lets Neovim take the last newline for what it is."""
    return types.Range(types.Position(0, 0), types.Position(1, 0))
