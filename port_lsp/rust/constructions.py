"""Where the fields of a struct are listed one by one: literals, patterns, and macros that make a
value of it. There a new field is missed by the compiler (rustc's E0063 and E0027)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from tree_sitter import Node

from port_lsp.facts.source import Record
from port_lsp.rust.grammar import parse
from port_lsp.text import Span

ListingKind = Literal["literal", "pattern", "query", "unclear"]
_QUERIES = frozenset(
    f"query{file}_as{suffix}" for file in ("", "_file") for suffix in ("", "_unchecked")
)  # sqlx's, which make a literal of the row type
_DECLARING = frozenset(("struct", "enum", "union", "impl", "for", "trait", "mod", "fn"))
_PATTERN_ENDS = frozenset(("=>", "=", "|", "if", "in"))


class Listing(Record, frozen=True):
    """One of those places.

    `path` is the type as written, without arguments; `Self` is replaced by the impl's. `at` is
    where it begins, `body` from brace to brace, `items` what stands in there with their commas.
    "query" is a macro of sqlx's, "unclear" what stands in a `macro_rules!`. `modules` are the
    inline modules around it.
    """

    kind: ListingKind
    path: tuple[str, ...]
    at: int
    body: Span
    items: tuple[Span, ...] = ()
    modules: tuple[str, ...] = ()


def listings(data: bytes, names: frozenset[str]) -> Iterator[Listing]:
    """The places of a file where the fields of types of these names are listed, but for those that
    leave the rest open (`..`)."""
    if not any(name.encode() in data for name in names):
        return
    yield from _Search(data, names).of(parse(data).root_node, "", ())


class _Search:
    def __init__(self, data: bytes, names: frozenset[str]) -> None:
        self._data, self._names = data, names

    def of(self, node: Node, owner: str, modules: tuple[str, ...]) -> Iterator[Listing]:
        """What is listed in a node; `owner` is the type of the impl around it."""
        if node.type == "impl_item":
            kind = node.child_by_field_name("type")
            owner = self._text(kind) if kind is not None else ""
        elif node.type == "mod_item":
            name = node.child_by_field_name("name")
            modules = (*modules, self._text(name)) if name is not None else modules
        elif node.type == "struct_expression":
            body = node.child_by_field_name("body")
            yield from self._listed("literal", node, "name", body, owner, modules)
        elif node.type == "struct_pattern":
            yield from self._listed("pattern", node, "type", node, owner, modules)
        elif node.type == "token_tree":
            yield from self._tokens(node, owner, modules)
        for child in node.children:
            yield from self.of(child, owner, modules)

    def _listed(
        self,
        kind: ListingKind,
        node: Node,
        field: str,
        body: Node | None,
        owner: str,
        modules: tuple[str, ...],
    ) -> Iterator[Listing]:
        name = node.child_by_field_name(field)
        if name is None or body is None:
            return
        path = self._path(self._text(name), owner)
        opening = next((one for one in body.children if one.type == "{"), None)
        is_open = any(
            one.type in ("base_field_initializer", "remaining_field_pattern")
            for one in body.children
        )
        if path and path[-1] in self._names and opening is not None and not is_open:
            span = Span(opening.start_byte, body.end_byte)
            yield Listing(kind, path, node.start_byte, span, _items(body, opening), modules)

    def _tokens(self, tree: Node, owner: str, modules: tuple[str, ...]) -> Iterator[Listing]:
        """In a macro's arguments, which the grammar leaves as tokens."""
        children = tree.children
        for index, token in enumerate(children):
            text = self._text(token)
            if token.type not in ("identifier", "self") and text != "Self":
                continue
            path = self._path(text, owner)
            if not path or path[-1] not in self._names:
                continue
            first = index
            while first >= 2 and self._text(children[first - 1]) == "::":
                first -= 2
                path = (self._text(children[first]), *path)
            if (macro := self._macro(tree)) in _QUERIES and first <= 1:
                span = Span(tree.start_byte, tree.end_byte)
                yield Listing("query", path, token.start_byte, span, (), modules)
                continue
            body = self._body(children, index + 1)
            before = self._text(children[first - 1]) if first else ""
            if body is None or before in _DECLARING or before == "->":
                continue
            if any(self._text(one) == ".." for one in body.children):
                continue
            kind = self._kind(tree, children, children.index(body), before, macro)
            span = Span(body.start_byte, body.end_byte)
            items = _items(body, body.children[0])
            yield Listing(kind, path, children[first].start_byte, span, items, modules)

    def _kind(
        self, tree: Node, children: list[Node], at: int, before: str, macro: str
    ) -> ListingKind:
        if self._in_definition(tree):
            return "unclear"
        behind = self._text(children[at + 1]) if at + 1 < len(children) else ""
        if macro == "matches" or before in ("let", "|") or behind in _PATTERN_ENDS:
            return "pattern"
        return "literal"

    def _body(self, children: list[Node], at: int) -> Node | None:
        """The braces behind a name and its arguments: `User::<T> { … }`."""
        depth = 0
        for node in children[at:]:
            text = node.type if node.type != "token_tree" else self._text(node)[:1]
            if text in ("::", "<"):
                depth += text == "<"
            elif text == ">":
                depth -= 1
            elif depth == 0:
                return node if text == "{" else None
        return None

    def _macro(self, tree: Node) -> str:
        """The name of the macro that a tree of tokens is the argument of."""
        parent = tree.parent
        while parent is not None and parent.type == "token_tree":
            parent = parent.parent
        name = parent.child_by_field_name("macro") if parent is not None else None
        return self._text(name).rpartition("::")[2] if name is not None else ""

    def _in_definition(self, node: Node) -> bool:
        parent = node.parent
        while parent is not None:
            if parent.type == "macro_definition":
                return True
            parent = parent.parent
        return False

    def _path(self, text: str, owner: str) -> tuple[str, ...]:
        written = owner if text == "Self" else text
        bare = written.partition("<")[0].removesuffix("::")
        return tuple(part.strip() for part in bare.split("::") if part.strip())

    def _text(self, node: Node) -> str:
        return self._data[node.start_byte : node.end_byte].decode("utf-8", "replace")


def _items(body: Node, opening: Node) -> tuple[Span, ...]:
    """What stands between commas, each with the comma behind it."""
    found: list[Span] = []
    start = -1
    end = opening.end_byte
    for node in body.children:
        if node.start_byte < opening.end_byte or node.type.endswith("_comment"):
            continue
        if node.type == "}" and node.end_byte == body.end_byte:
            break
        start = node.start_byte if start < 0 else start
        end = node.end_byte
        if node.type == ",":
            found.append(Span(start, end))
            start = -1
    if start >= 0:
        found.append(Span(start, end))
    return tuple(found)
