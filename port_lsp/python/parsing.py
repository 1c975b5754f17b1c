"""What Python's own parser makes of a chunk's text, for whoever reads bodies: parsed once, and
never deeper than can be gone through.

Whoever goes through a tree goes down by calls, some of them by ten for a level; with what called
them these must stay below Python's limit of a thousand, in the editor as in the terminal. So what
is nested deeper than any code that people write is taken for what can't be parsed.
"""

from __future__ import annotations

import ast
import re
import textwrap
from functools import lru_cache
from typing import cast

from port_lsp.facts.source import Chunk, SourceFile

DEEPEST = 100  # levels of nodes; a statement and what it assigns are two
# `except A, B:` of Python 3.14, which older parsers refuse (PEP 758).
_EXCEPT = re.compile(r"^(\s*except )([\w.]+(?:, *[\w.]+)+):", re.M)
# Half of a pair of UTF-16's, of which Rust has no text.
_HALF = re.compile(r"\\(?:u|U0000)[dD][89a-fA-F]")


def text_of(file: SourceFile, chunk: Chunk) -> str:
    """A chunk's text, without the indentation that all of it has."""
    return _dedented(file.chunk_bytes(chunk))


@lru_cache(maxsize=512)
def _dedented(data: bytes) -> str:
    text = data.decode("utf-8", "replace")
    # What stands at a line's beginning is as it is: of lines of blanks alone nothing may be lost,
    # as they may stand in a text.
    return textwrap.dedent(text) if text[:1].isspace() else text


@lru_cache(maxsize=512)
def parsed(text: str) -> ast.Module | None:
    """The tree of a text, which nobody may change; None where Python's parser refuses it, it is
    nested too deeply, or it speaks of texts that Rust can't hold."""
    if _HALF.search(text) is not None:
        return None
    text = text.removeprefix("\ufeff")
    tree = _tree(text) or _tree(_EXCEPT.sub(r"\1(\2):", text))
    return tree if tree is not None and not is_deep(tree) else None


def _tree(text: str) -> ast.Module | None:
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def is_deep(tree: ast.AST) -> bool:
    """Whether a tree is nested more deeply than whoever goes through it can follow."""
    level = [tree]
    for _ in range(DEEPEST):
        below: list[ast.AST] = []
        for node in level:  # as `ast.iter_child_nodes`, which takes three times as long
            for name in node._fields:
                part = getattr(node, name, None)
                if isinstance(part, ast.AST):
                    below.append(part)
                elif isinstance(part, list):
                    listed = cast("list[object]", part)
                    below += [one for one in listed if isinstance(one, ast.AST)]
        if not below:
            return False
        level = below
    return True
