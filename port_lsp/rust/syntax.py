"""What every reader of a Rust tree uses: text, relative spans, items with their attributes."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tree_sitter import Node

from port_lsp.rust.attributes import Meta, attributes
from port_lsp.text import Span


class Item(NamedTuple):
    """A node and the attributes that stand before it."""

    node: Node
    attributes: tuple[Meta, ...]


class Source(NamedTuple):
    """The bytes that a tree was read from, and the offset in them where the chunk begins."""

    data: bytes
    base: int = 0

    def text(self, node: Node) -> str:
        """What stands there, as written."""
        return self.data[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def span(self, node: Node) -> Span:
        """Where it stands, relative to the chunk."""
        return Span(node.start_byte - self.base, node.end_byte - self.base)


def plain(name: str) -> str:
    """A name without the `r#` that makes a keyword one."""
    return name.removeprefix("r#")


def items(children: Iterable[Node], source: Source) -> Iterator[Item]:
    """The named nodes among siblings, each with the attributes before it; no comments."""
    pending: list[bytes] = []
    for node in children:
        kind = node.type
        if kind == "attribute_item":
            pending.append(source.data[node.start_byte : node.end_byte])
        elif node.is_named and kind not in ("line_comment", "block_comment"):
            yield Item(node, attributes(pending) if pending else ())
            pending = []
