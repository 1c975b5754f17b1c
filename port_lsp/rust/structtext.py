"""Where a struct's fields and their attributes stand in a file, so that it can be changed."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from port_lsp.facts.source import Record
from port_lsp.rust.attributes import Meta, attributes
from port_lsp.rust.grammar import parse
from port_lsp.text import Span

_COMMENTS = frozenset(("line_comment", "block_comment"))


class AttributeText(Record, frozen=True):
    """One `#[…]` of a field, and what it says."""

    span: Span
    metas: tuple[Meta, ...]


class FieldText(Record, frozen=True):
    """A field: `span` begins with what belongs to it (documentation, attributes), `declared` with
    its visibility; both end behind its type. `comma` is where its comma ends, -1 without one.
    `line` is behind all that follows it on its line. `visibility` is as written."""

    name: str
    span: Span
    declared: Span
    comma: int
    line: int
    visibility: str
    attributes: tuple[AttributeText, ...]

    @property
    def is_flattened(self) -> bool:
        """Whether it stands for other fields."""
        return any(
            entry.path == "flatten"
            for one in self.attributes
            for meta in one.metas
            for entry in meta.entries
        )


class StructText(Record, frozen=True):
    """A struct with named fields: `body` from brace to brace."""

    name: str
    body: Span
    fields: tuple[FieldText, ...]


def field_at(data: bytes, offset: int) -> FieldText | None:
    """The field whose name begins at a byte offset."""
    node: Node | None = parse(data).root_node.descendant_for_byte_range(offset, offset + 1)
    while node is not None and node.type != "field_declaration_list":
        node = node.parent
    fields = _fields(node) if node is not None else ()
    return next((one for one in fields if one.declared.start <= offset < one.declared.end), None)


def struct_at(data: bytes, offset: int) -> StructText | None:
    """The struct whose name begins at a byte offset; None for what has no named fields."""
    name = parse(data).root_node.descendant_for_byte_range(offset, offset + 1)
    struct = name.parent if name is not None else None
    body = struct.child_by_field_name("body") if struct is not None else None
    if name is None or struct is None or struct.type != "struct_item" or body is None:
        return None
    if body.type != "field_declaration_list":
        return None
    fields = tuple(_fields(body))
    return StructText(_text(name), Span(body.start_byte, body.end_byte), fields)


def _fields(body: Node) -> Iterator[FieldText]:
    """Comments on the line of a field's comma belong to that field, others to the next one."""
    before: list[Node] = []
    children = body.children
    for index, node in enumerate(children):
        if node.type == "field_declaration":
            yield _field(node, before, children[index + 1 :])
            before = []
        elif node.type == "attribute_item" or node.type in _COMMENTS:
            previous = children[index - 1]  # the brace comes first
            is_comment = node.type in _COMMENTS and not before
            if is_comment and previous.end_point[0] == node.start_point[0]:
                continue
            before.append(node)


def _field(node: Node, before: list[Node], rest: list[Node]) -> FieldText:
    comma, end = -1, node.end_byte
    for other in rest:
        if other.start_point[0] != node.end_point[0] and other.type != ",":
            break
        if other.type == "," and comma < 0:
            comma = end = other.end_byte
        elif other.type in _COMMENTS:
            end = other.start_byte + len(_text(other).rstrip("\n").encode())
        else:
            break
    name = node.child_by_field_name("name")
    visible = next((one for one in node.children if one.type == "visibility_modifier"), None)
    own = tuple(
        AttributeText(Span(one.start_byte, one.end_byte), attributes([one.text or b""]))
        for one in before
        if one.type == "attribute_item"
    )
    start = before[0].start_byte if before else node.start_byte
    return FieldText(
        _text(name).removeprefix("r#") if name is not None else "",
        Span(start, node.end_byte),
        Span(node.start_byte, node.end_byte),
        comma,
        end,
        _text(visible) if visible is not None else "",
        own,
    )


def _text(node: Node) -> str:
    return (node.text or b"").decode("utf-8", "replace")
