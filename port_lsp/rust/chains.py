"""Chains of method calls as they stand in a file: where a router's registrations are, so that one
more can be put among them."""

from __future__ import annotations

import functools
from collections.abc import Iterator

from msgspec.structs import replace
from tree_sitter import Node

from port_lsp.facts.source import Record
from port_lsp.rust.grammar import parse
from port_lsp.text import Span

_ROUTERS = (
    "Router::new",
    "Router::<",
    "OpenApiRouter::new",
    "web::scope",
    "App::new",
    "Scope::new",
)


class Link(Record, frozen=True):
    """One call of a chain: `.name(args)`. `dot` is where it begins, `end` where it ends."""

    name: str
    dot: int
    end: int
    name_at: int
    args: tuple[Span, ...]


class Chain(Record, frozen=True):
    """A chain: what it starts with, and its calls in order. `at` is the asked call's index, -1
    for the start itself. `outer` is the chain in one of whose calls it stands as an argument."""

    root: Span
    links: tuple[Link, ...]
    at: int
    outer: Chain | None = None

    @property
    def span(self) -> Span:
        """From its start to the end of its last call."""
        return Span(self.root.start, self.links[-1].end if self.links else self.root.end)

    def index(self, offset: int) -> int:
        """Which call's name begins at a byte offset; -1 where none does."""
        return next((i for i, link in enumerate(self.links) if link.name_at == offset), -1)


class Body(Record, frozen=True):
    """A function's block from brace to brace, and the names of its parameters."""

    span: Span
    params: tuple[str, ...]


class Chains:
    """The chains of one text, which is parsed once, and each of which is read once."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._root = parse(data).root_node
        self._read: dict[tuple[int, int], Chain] = {}

    def at(self, offset: int) -> Chain | None:
        """The chain with the call whose name begins at a byte offset, or that starts there."""
        node = self._root.descendant_for_byte_range(offset, offset + 1)
        while node is not None and node.type not in ("call_expression", "field_expression"):
            node = node.parent
        if node is None:
            return None
        if node.type == "field_expression":
            parent = node.parent
            if parent is None or parent.type != "call_expression":
                return None
            node = parent
        top = _top(node, self._root)
        key = top.start_byte, top.end_byte
        chain = self._read.get(key)
        if chain is None:
            chain = self._read[key] = _chain(top, self._root, self._data, offset)
        return replace(chain, at=chain.index(offset))


@functools.lru_cache(maxsize=256)
def chains_of(data: bytes) -> Chains:
    """The chains of a text, kept: whoever looks for a place looks at the same texts again."""
    return Chains(data)


@functools.lru_cache(maxsize=4)
def _of_file(data: bytes) -> Chains:
    """The chains of a whole file: few are kept, for trees of files are large."""
    return Chains(data)


def chain_at(data: bytes, offset: int) -> Chain | None:
    """The chain of a file with the call whose name begins at a byte offset, or that starts
    there."""
    return _of_file(data).at(offset)


def routers_of(data: bytes, name: str, line_start: int) -> list[Chain]:
    """The chains of a function that start with a new router or a scope, or with one of its
    parameters; the function's name begins at a byte offset."""
    function = _function(data, name, line_start)
    body = function.child_by_field_name("body") if function is not None else None
    if function is None or body is None:
        return []
    params = set(_params(function, data))
    found: list[Chain] = []
    for node in _walk(body):
        if node.type != "call_expression" or not _is_whole(node):
            continue
        chain = _chain(node, function, data, -1)
        start = _text(data, chain.root)
        is_router = any(text.startswith(_ROUTERS) for text in (start, start.partition("::")[2]))
        if is_router or (start in params and chain.links):
            found.append(chain)
    return found


def body_of(data: bytes, name: str, offset: int) -> Body | None:
    """The block of the function whose name begins at a byte offset."""
    function = _function(data, name, offset)
    body = function.child_by_field_name("body") if function is not None else None
    if function is None or body is None:
        return None
    return Body(Span(body.start_byte, body.end_byte), tuple(_params(function, data)))


def _function(data: bytes, name: str, offset: int) -> Node | None:
    node = parse(data).root_node.descendant_for_byte_range(offset, offset + len(name.encode()))
    while node is not None and node.type != "function_item":
        node = node.parent
    return node


def _params(function: Node, data: bytes) -> Iterator[str]:
    params = function.child_by_field_name("parameters")
    for param in params.named_children if params is not None else ():
        pattern = param.child_by_field_name("pattern")
        if pattern is not None:
            yield _text(data, Span(pattern.start_byte, pattern.end_byte)).removeprefix("mut ")


def _is_whole(node: Node) -> bool:
    """Whether a call is the end of its chain."""
    parent = node.parent
    return parent is None or parent.type not in ("field_expression", "call_expression")


def _top(node: Node, root: Node) -> Node:
    """The last call of the chain that a call is part of; `root` is something around it. It is found
    on the way down, as a node looks for its parent from the tree's root each time."""
    above: list[Node] = []
    at: Node | None = root
    while at is not None and at.id != node.id:
        above.append(at)
        at = at.child_with_descendant(node)
    top = node
    while [one.type for one in above[-2:]] == ["call_expression", "field_expression"]:
        top = above[-2]
        del above[-2:]
    return top


def _chain(top: Node, root: Node, data: bytes, offset: int) -> Chain:
    """The whole chain that a call is the last one of."""
    links: list[Link] = []
    at: Node = top
    while at.type == "call_expression":
        function = at.child_by_field_name("function")
        if function is None:
            break
        field = function
        if function.type == "generic_function":
            field = function.child_by_field_name("function") or function
        if field.type != "field_expression":
            break
        value, name = field.child_by_field_name("value"), field.child_by_field_name("field")
        args = at.child_by_field_name("arguments")
        if value is None or name is None or args is None:
            break
        dot = next((c.start_byte for c in field.children if c.type == "."), name.start_byte)
        spans = tuple(Span(a.start_byte, a.end_byte) for a in args.named_children
                      if "comment" not in a.type)  # fmt: skip
        text = _text(data, Span(name.start_byte, name.end_byte))
        links.append(Link(text, dot, at.end_byte, name.start_byte, spans))
        at = value
    links.reverse()
    chain = Chain(Span(at.start_byte, at.end_byte), tuple(links), -1, _outer(top, root, data))
    return replace(chain, at=chain.index(offset))


def _outer(node: Node, root: Node, data: bytes) -> Chain | None:
    """The chain in one of whose calls a chain is an argument."""
    args = node.parent
    call = args.parent if args is not None and args.type == "arguments" else None
    function = call.child_by_field_name("function") if call is not None else None
    if call is None or function is None or function.type != "field_expression":
        return None
    name = function.child_by_field_name("field")
    at = name.start_byte if name is not None else -1
    return _chain(_top(call, root), root, data, at)


def _walk(node: Node) -> Iterator[Node]:
    yield node
    for child in node.named_children:
        yield from _walk(child)


def _text(data: bytes, span: Span) -> str:
    return data[span.start : span.end].decode("utf-8", "replace")
