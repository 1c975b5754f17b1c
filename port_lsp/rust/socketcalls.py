"""Where in a function Socket.IO events are told apart, so that one more can stand beside another.

A place is given by the byte offset of an event's name as it is written: `socket.on("x", f)`, or the
arm `"x" => f(data).await` of a `match`.
"""

from __future__ import annotations

import re

from tree_sitter import Node

from port_lsp.facts.source import Record
from port_lsp.rust.grammar import parse
from port_lsp.text import Span

_BLANKS = re.compile(r"\s+")
_AROUND = frozenset(("await_expression", "try_expression"))
_TEXTS = frozenset(("string_literal", "raw_string_literal"))


class SocketCall(Record, frozen=True):
    """`receiver.on("x", f);` as a statement of its own."""

    statement: Span
    receiver: str


class SocketArm(Record, frozen=True):
    """An arm with one name and nothing but a call: `before` and `behind` are what stands around
    the called function's name in it, on one line (`hub.`, `(sid, data).await`)."""

    arm: Span
    before: str
    behind: str


def socket_call(data: bytes, offset: int) -> SocketCall | None:
    """The call that the event's name is an argument of; None for one of another form."""
    call = _above(_at(data, offset), "call_expression")
    statement = call.parent if call is not None else None
    function = call.child_by_field_name("function") if call is not None else None
    if statement is None or function is None or statement.type != "expression_statement":
        return None
    value = function.child_by_field_name("value")
    if function.type != "field_expression" or value is None:
        return None
    span = Span(statement.start_byte, statement.end_byte)
    return SocketCall(span, _flat(data, value.start_byte, value.end_byte))


def socket_arm(data: bytes, offset: int) -> SocketArm | None:
    """The arm that the event's name is the pattern of; None for one of another form."""
    arm = _above(_at(data, offset), "match_arm")
    pattern = arm.child_by_field_name("pattern") if arm is not None else None
    value = arm.child_by_field_name("value") if arm is not None else None
    if arm is None or pattern is None or value is None:
        return None
    names = pattern.named_children
    if len(names) != 1 or names[0].start_byte != offset or names[0].type not in _TEXTS:
        return None
    if value.type == "block":
        if value.named_child_count != 1:
            return None
        value = value.named_children[0]
    inner = value
    while inner.type in _AROUND and inner.named_child_count == 1:
        inner = inner.named_children[0]
    function = inner.child_by_field_name("function") if inner.type == "call_expression" else None
    if function is None:
        return None
    name = function.child_by_field_name("field") or function.child_by_field_name("name")
    if function.type == "identifier":
        name = function
    if name is None or function.type not in ("field_expression", "identifier"):
        return None
    return SocketArm(
        Span(arm.start_byte, arm.end_byte),
        _flat(data, value.start_byte, name.start_byte),
        _flat(data, name.end_byte, value.end_byte),
    )


def function_end(data: bytes, offset: int) -> int | None:
    """Where the function ends whose name begins at an offset."""
    function = _above(_at(data, offset), "function_item")
    return function.end_byte if function is not None else None


def _at(data: bytes, offset: int) -> Node | None:
    return parse(data).root_node.descendant_for_byte_range(offset, offset + 1)


def _above(node: Node | None, kind: str) -> Node | None:
    while node is not None and node.type != kind:
        node = node.parent
    return node


def _flat(data: bytes, start: int, end: int) -> str:
    """A range on one line: a chain's calls follow each other without blanks."""
    text = data[start:end].decode("utf-8", "replace")
    return re.sub(r"\s*\.(?=[a-z_])", ".", _BLANKS.sub(" ", text)).replace("( ", "(")
