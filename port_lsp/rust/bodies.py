"""What stands in a function's body besides routes: SQL, events, checks, statuses, items.

Every reader here looks for bytes first; most bodies are done with after a few substring searches.
"""

import re
from collections.abc import Iterator

from tree_sitter import Node

from port_lsp.facts.source import Record
from port_lsp.rust.attributes import Meta, attributes, is_test
from port_lsp.rust.errors import AnswerFact, read_answer
from port_lsp.rust.extractors import GateFact, read_check
from port_lsp.rust.functions import FunctionFact, read_function
from port_lsp.rust.serde import TypeFact, read_type
from port_lsp.rust.sockets import SocketFact, read_sockets
from port_lsp.rust.sqlx import QueryFact, read_queries
from port_lsp.rust.syntax import Item, Source

_WORDS = (b"struct ", b"enum ", b"fn ")
_NESTED = re.compile(rb"\b(?:struct|enum|fn)\s+\w")
_ITEMS = frozenset({"struct_item", "enum_item", "function_item"})


class FunctionFacts(Record, frozen=True):
    """A function and what stands in its body. `functions` and `types` are the items nested in it,
    whose names have the function's in front."""

    function: FunctionFact
    queries: tuple[QueryFact, ...] = ()
    sockets: tuple[SocketFact, ...] = ()
    gate: GateFact | None = None
    answer: AnswerFact | None = None
    types: tuple[TypeFact, ...] = ()
    functions: tuple[FunctionFact, ...] = ()


def read_whole_function(
    item: Item, source: Source, scope: str = "", owner: str | None = None, trait: str | None = None
) -> FunctionFacts | None:
    """A function_item with what stands in it; arguments as those of `functions.read_function`."""
    function = read_function(item, source, scope, owner, trait)
    if function is None:
        return None
    node = item.node
    name = function.name
    nested = list(_nested(node, source)) if _has_items(node, source) else []
    return FunctionFacts(
        function,
        read_queries(node, name, source),
        read_sockets(node, name, source),
        read_check(node, function, source),
        read_answer(item, source, owner, trait),
        tuple(
            found
            for inner in nested
            if (found := read_type(inner, source, f"{name}::")) is not None
        ),
        tuple(
            found
            for inner in nested
            if inner.node.type == "function_item"
            and (found := read_function(inner, source, f"{name}::")) is not None
        ),
    )


def _has_items(node: Node, source: Source) -> bool:
    body = node.child_by_field_name("body")
    if body is None:
        return False
    text = source.data[body.start_byte : body.end_byte]
    return any(word in text for word in _WORDS)


def _nested(function: Node, source: Source) -> Iterator[Item]:
    """The structs, enums and functions in a body, wherever they stand, but none inside another."""
    body = function.child_by_field_name("body")
    done = 0
    for match in _NESTED.finditer(source.data, body.start_byte, body.end_byte) if body else ():
        if body is None or match.start() < done:
            continue
        word = body.descendant_for_byte_range(match.start(), match.start() + 1)
        node = word.parent if word is not None else None
        while node is not None and node.type in ("function_modifiers", "visibility_modifier"):
            node = node.parent
        if node is None or node.type not in _ITEMS:
            continue  # in a comment, a string or a macro
        above = node.parent
        if above is not None and above.type == "declaration_list":
            continue  # a method of an impl
        done = node.end_byte
        metas = _attributes_before(node, source)
        if not is_test(metas):
            yield Item(node, metas)


def _attributes_before(node: Node, source: Source) -> tuple[Meta, ...]:
    found: list[bytes] = []
    before = node.prev_named_sibling
    while before is not None and before.type in ("attribute_item", "line_comment", "block_comment"):
        if before.type == "attribute_item":
            found.append(source.data[before.start_byte : before.end_byte])
        before = before.prev_named_sibling
    return attributes(reversed(found))
