"""The Rust grammar: the one place that makes a parser."""

import tree_sitter_rust
from tree_sitter import Language, Parser, Tree

LANGUAGE = Language(tree_sitter_rust.language())
_PARSER = Parser(LANGUAGE)


def parse(data: bytes) -> Tree:
    """The syntax tree of UTF-8 text; never fails, what is wrong becomes ERROR nodes."""
    return _PARSER.parse(data)


def errors_in(data: bytes) -> int:
    """How many nodes of the tree of UTF-8 text are errors, or were put there by the parser."""
    found = 0
    waiting = [parse(data).root_node]
    while waiting:
        node = waiting.pop()
        found += node.is_error or node.is_missing
        if node.has_error:
            waiting += node.children
    return found
