"""Where a function gives an application's state to its router: `router.with_state(state)`.

axum: docs of `Router::with_state`. Only a variable is looked for whose type the function's own text
says, which is there before the router that it is given to.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from port_lsp.facts.source import Record
from port_lsp.rust.chains import Chain, chain_at
from port_lsp.rust.grammar import parse

_SERVES = b"serve"
_AROUND = frozenset(("await_expression", "try_expression"))


class GivenState(Record, frozen=True):
    """A variable with the state, its type as written, the chain that gives it to the router, and
    the one that the router is made by, where that is another one and the variable is there before
    it. Offsets are those of the text. `serves` says that the function has it served."""

    variable: str
    type: str
    gives: Chain
    made: Chain
    serves: bool


def given_states(data: bytes) -> list[GivenState]:
    """Those of a text, which is one chunk's."""
    if b".with_state(" not in data:
        return []
    found: list[GivenState] = []
    for call in _calls(parse(data).root_node):
        one = _given(data, call)
        if one is not None:
            found.append(one)
    return found


def _calls(node: Node) -> Iterator[Node]:
    if node.type == "call_expression":
        yield node
    for child in node.named_children:
        yield from _calls(child)


def _given(data: bytes, call: Node) -> GivenState | None:
    field = call.child_by_field_name("function")
    name = field.child_by_field_name("field") if field is not None else None
    args = call.child_by_field_name("arguments")
    if field is None or field.type != "field_expression" or name is None or args is None:
        return None
    if name.text != b"with_state" or args.named_child_count != 1:
        return None
    state, function = args.named_children[0], _function(call)
    if state.type != "identifier" or function is None:
        return None
    variable = _text(state)
    known = _known(function, variable, call.start_byte)
    gives = chain_at(data, name.start_byte)
    if known is None or gives is None:
        return None
    kind, end = known
    root = data[gives.root.start : gives.root.end].decode("utf-8", "replace")
    made = _made(data, function, root, end, call.start_byte) or gives
    whole = function.text or b""
    return GivenState(variable, kind, gives, made, _SERVES in whole)


def _function(node: Node | None) -> Node | None:
    while node is not None and node.type != "function_item":
        node = node.parent
    return node


def _known(function: Node, variable: str, before: int) -> tuple[str, int] | None:
    """The type of a variable, and where it is bound; the last one in front of an offset."""
    found: tuple[str, int] | None = None
    params = function.child_by_field_name("parameters")
    for one in params.named_children if params is not None else ():
        pattern, kind = one.child_by_field_name("pattern"), one.child_by_field_name("type")
        if pattern is not None and kind is not None and _text(pattern) == variable:
            found = (_text(kind), one.end_byte)
    for let in _lets(function):
        pattern = let.child_by_field_name("pattern")
        if pattern is None or _text(pattern) != variable or let.end_byte > before:
            continue
        kind = _type_of(let)
        found = (kind, let.end_byte) if kind else None
    return found


def _lets(function: Node) -> list[Node]:
    body = function.child_by_field_name("body")
    every = body.named_children if body is not None else ()
    return [one for one in every if one.type == "let_declaration"]


def _type_of(let: Node) -> str:
    """What a `let` says: a type, a struct that is made there, or whose function makes it."""
    kind, value = let.child_by_field_name("type"), let.child_by_field_name("value")
    if kind is not None:
        return _text(kind)
    while value is not None and value.type in _AROUND and value.named_child_count == 1:
        value = value.named_children[0]
    if value is None:
        return ""
    if value.type == "struct_expression":
        name = value.child_by_field_name("name")
        return _text(name) if name is not None else ""
    made = value.child_by_field_name("function") if value.type == "call_expression" else None
    path = made.child_by_field_name("path") if made is not None else None
    if made is None or made.type != "scoped_identifier" or path is None:
        return ""
    text = _text(path)
    return text if text.rpartition("::")[2][:1].isupper() else ""


def _made(data: bytes, function: Node, root: str, after: int, before: int) -> Chain | None:
    """The chain that a router's variable is first bound to."""
    for let in _lets(function):
        pattern, value = let.child_by_field_name("pattern"), let.child_by_field_name("value")
        if pattern is None or value is None or value.type != "call_expression":
            continue
        if _text(pattern).removeprefix("mut ") != root or let.end_byte > before:
            continue
        name = _last_name(value)
        chain = chain_at(data, name.start_byte) if name is not None else None
        return chain if let.start_byte >= after else None
    return None


def _last_name(call: Node) -> Node | None:
    """The name of a chain's last call."""
    function = call.child_by_field_name("function")
    if function is None or function.type != "field_expression":
        return None
    return function.child_by_field_name("field")


def _text(node: Node) -> str:
    return (node.text or b"").decode("utf-8", "replace")
