"""tree-sitter's grammar for Python: the one place that loads it."""

import re

import tree_sitter_python
from tree_sitter import Language, Node, Parser, Tree

from port_lsp.facts.recut import common_prefix, common_suffix

LANGUAGE = Language(tree_sitter_python.language())
_PARSER = Parser(LANGUAGE)
_LONE_RETURN = re.compile(rb"\r(?!\n)")


def parse(data: bytes) -> Node:
    """The root of the tree of a text (UTF-8); the tree lives as long as its nodes."""
    return _PARSER.parse(data).root_node


class Reparser:
    """Parses texts that come one after the other, each much like the last: what of the last tree
    still stands is taken over, as tree-sitter is made for. State: that text and its tree.

    Errors are said to be there only by a text parsed on its own: what tree-sitter makes of one
    depends on how it came to it.
    """

    def __init__(self, least: int = 8192) -> None:
        """Texts of less than `least` bytes are parsed on their own; it costs them nothing."""
        self._least = least
        self._last: tuple[bytes, Tree] | None = None

    def root(self, data: bytes, *, hasty: bool = False) -> Node:
        """The root of the tree of a text (UTF-8). `hasty` takes the last tree's word for it that
        there are errors now."""
        if len(data) < self._least:
            return parse(data)
        old = _edited(*self._last, data) if self._last is not None else None
        if old is not None:
            again = _PARSER.parse(data, old)
            if not again.root_node.has_error:
                self._last = data, again
                return again.root_node
            if hasty:
                return again.root_node
        tree = _PARSER.parse(data)
        if not tree.root_node.has_error:
            self._last = data, tree
        return tree.root_node


def _edited(before: bytes, tree: Tree, now: bytes) -> Tree | None:
    """A text's tree, told what is another in the new one; None where that is most of it."""
    start = common_prefix(before, now)
    behind = common_suffix(before, now, start)
    if 2 * (start + behind) < len(now):
        return None
    ends = len(before) - behind, len(now) - behind
    copy = tree.copy()
    copy.edit(
        start_byte=start,
        old_end_byte=ends[0],
        new_end_byte=ends[1],
        start_point=_point(before, start),
        old_end_point=_point(before, ends[0]),
        new_end_point=_point(now, ends[1]),
    )
    return copy


def _point(data: bytes, offset: int) -> tuple[int, int]:
    """A line and a column in bytes, both from 0, as tree-sitter counts them."""
    return data.count(b"\n", 0, offset), offset - (data.rfind(b"\n", 0, offset) + 1)


def with_newlines(data: bytes) -> bytes:
    """The text with every lone carriage return a newline: Python's line end, but not the grammar's.

    No offset changes.
    """
    return _LONE_RETURN.sub(b"\n", data) if b"\r" in data else data


def text_of(node: Node | None) -> str:
    """The text of a node; "" of none."""
    return node.text.decode("utf-8", "replace") if node is not None and node.text else ""
