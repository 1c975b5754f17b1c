"""The Rust grammar: the one place that makes a parser."""

import tree_sitter_rust
from tree_sitter import Language, Parser, Tree

LANGUAGE = Language(tree_sitter_rust.language())
_PARSER = Parser(LANGUAGE)


def parse(data: bytes) -> Tree:
    """The syntax tree of UTF-8 text; never fails, what is wrong becomes ERROR nodes."""
    return _PARSER.parse(data)
