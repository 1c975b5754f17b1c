"""tree-sitter's grammar for Python: the one place that loads it."""

import re

import tree_sitter_python
from tree_sitter import Language, Node, Parser

LANGUAGE = Language(tree_sitter_python.language())
_PARSER = Parser(LANGUAGE)
_LONE_RETURN = re.compile(rb"\r(?!\n)")


def parse(data: bytes) -> Node:
    """The root of the tree of a text (UTF-8); the tree lives as long as its nodes."""
    return _PARSER.parse(data).root_node


def with_newlines(data: bytes) -> bytes:
    """The text with every lone carriage return a newline: Python's line end, but not the grammar's.

    No offset changes.
    """
    return _LONE_RETURN.sub(b"\n", data) if b"\r" in data else data


def text_of(node: Node | None) -> str:
    """The text of a node; "" of none."""
    return node.text.decode("utf-8", "replace") if node is not None and node.text else ""
