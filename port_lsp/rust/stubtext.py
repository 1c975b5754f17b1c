"""Where the body of a stub stands in a file, so that another one can take its place."""

from __future__ import annotations

from tree_sitter import Node

from port_lsp.facts.source import Record
from port_lsp.rust.grammar import parse
from port_lsp.rust.stubs import is_bare, says_unfinished
from port_lsp.rust.syntax import Source
from port_lsp.text import Span

_HOLE = 'todo!("not ported yet")'


class StubText(Record, frozen=True):
    """A function whose body is a stub and nothing else: the body from brace to brace, the names
    that its parameters bind with their places, the comments in the body by line, as written.
    `is_ours` is a hole that port-lsp wrote."""

    body: Span
    names: tuple[tuple[str, Span], ...]
    comments: tuple[str, ...]
    is_ours: bool = False


def stub_at(data: bytes, offset: int) -> StubText | None:
    """The function whose name begins at a byte offset; None where its body does anything that
    would be lost with it, or where it stands in a module within its file, which has `use`s of its
    own."""
    name = parse(data).root_node.descendant_for_byte_range(offset, offset + 1)
    function = name.parent if name is not None else None
    if function is None or function.type != "function_item":
        return None
    body = function.child_by_field_name("body")
    parameters = function.child_by_field_name("parameters")
    if body is None or parameters is None or body.has_error or _is_in_module(function):
        return None
    code = [one for one in body.named_children if not one.type.endswith("comment")]
    comments = [
        line.strip()
        for one in body.named_children
        if one.type.endswith("comment")
        for line in _text(one).rstrip("\n").splitlines()
    ]
    is_unfinished = any(map(says_unfinished, comments))
    if not is_bare(code, Source(data), is_unfinished=is_unfinished):
        return None
    patterns = (one.child_by_field_name("pattern") for one in parameters.named_children)
    names = tuple(found for one in patterns if one is not None for found in _bound(one))
    is_ours = bool(code) and _HOLE in _text(code[-1])
    return StubText(Span(body.start_byte, body.end_byte), names, tuple(comments), is_ours)


def _is_in_module(function: Node) -> bool:
    node: Node | None = function
    while node is not None and node.type != "mod_item":
        node = node.parent
    return node is not None


def _bound(pattern: Node) -> list[tuple[str, Span]]:
    """The variables of a pattern: what its types and fields are called isn't among them."""
    if pattern.type == "identifier":
        return [(_text(pattern), Span(pattern.start_byte, pattern.end_byte))]
    kind = pattern.child_by_field_name("type")
    return [found for one in pattern.named_children if one != kind for found in _bound(one)]


def _text(node: Node) -> str:
    return (node.text or b"").decode("utf-8", "replace")
