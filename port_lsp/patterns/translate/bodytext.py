"""A Python function's body: its statements, and what its text says by itself, whichever pass of the
translation reads it."""

from __future__ import annotations

import ast
import textwrap
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from port_lsp.facts.source import Record
from port_lsp.patterns.translate.binding import shared, stored, walked
from port_lsp.patterns.translate.liveness import Liveness
from port_lsp.writing.ir import body as b

_BLOCKS = ("body", "orelse", "finalbody")


class Body(Record, frozen=True):
    """A Python function's body: its statements, the lines that they are numbered by (from 1), the
    last of them, the lines in front that nobody translates (dependencies that aren't called), the
    names of its parameters, and of those whose values nobody else has. `added` are statements (by
    identity) that aren't its own, but stand for what one of them does; `passed` are some of its own
    that nobody comes to, or of which it is known which way they go."""

    nodes: tuple[ast.stmt, ...]
    lines: tuple[str, ...]
    end: int
    before: tuple[str, ...] = ()
    params: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()
    added: frozenset[int] = frozenset()
    passed: tuple[ast.stmt, ...] = ()


class Facts:
    """What a body's text says by itself, whichever pass reads it."""

    def __init__(self, body: Body) -> None:
        inside = walked(*body.nodes)
        self.local = frozenset(stored(ast.Module(list(body.nodes), []))) | body.params
        self.shared = frozenset(shared(inside))
        self.commits = any(
            isinstance(one, ast.Attribute) and one.attr == "commit" for one in inside
        )
        pairs = _pairs(body.nodes)
        self.behind = {id(one): other for one, other in pairs}
        self.before = {id(other): one for one, other in pairs}
        self.live = Liveness(body.nodes, inside)
        self.reads = [
            (one.lineno, one.id) for one in inside
            if isinstance(one, ast.Name) and isinstance(one.ctx, (ast.Load, ast.Del))
        ]  # fmt: skip
        self.loops = [one for one in inside if isinstance(one, (ast.For, ast.AsyncFor, ast.While))]
        self.once = self._once()

    def _once(self) -> frozenset[str]:
        """The names that are read in one place alone, which isn't come to again."""
        counted = Counter(name for _, name in self.reads)
        again = {
            one.id for loop in self.loops for one in walked(loop) if isinstance(one, ast.Name)
        }  # fmt: skip
        return frozenset(name for name, count in counted.items() if count == 1) - again


class Lines:
    """The lines of a body, which become comments."""

    def __init__(self, body: Body) -> None:
        """Of a body."""
        self._body = body

    def first(self, nodes: Sequence[ast.stmt]) -> int:
        """The first line of a block, with the comments above its first statement."""
        if not nodes:
            return self._body.end
        line = nodes[0].lineno
        while line > 1 and self._body.lines[line - 2].strip().startswith("#"):
            line -= 1
        return line

    def end(self, nodes: Sequence[ast.stmt]) -> int:
        """The last line of a block, with comments of its indentation behind it."""
        if not nodes:
            return self._body.end
        line = nodes[-1].end_lineno or nodes[-1].lineno
        indent = nodes[0].col_offset
        at = line
        while at < self._body.end:
            text = self._body.lines[at]
            inside = len(text) - len(text.lstrip()) >= indent
            if text.strip() and not (text.strip().startswith("#") and inside):
                break
            at += 1
            line = at if text.strip() else line
        return line

    def comments(self, line: int, node: ast.stmt) -> list[b.Statement]:
        """The comments between two statements."""
        lines = [one.strip() for one in self._body.lines[line - 1 : node.lineno - 1]]
        found = tuple(one.lstrip("#").removeprefix(" ") for one in lines if one.startswith("#"))
        return [b.Comment(found)] if found else []

    def text(self, line: int, end: int) -> tuple[str, ...]:
        """Lines from one to another (from 1), for a comment."""
        text = textwrap.dedent("\n".join(self._body.lines[line - 1 : end])).strip("\n")
        return tuple(one.rstrip() for one in text.splitlines())


def _pairs(nodes: Sequence[ast.stmt]) -> list[tuple[ast.stmt, ast.stmt]]:
    """Each statement with the next one of its block."""
    found: list[tuple[ast.stmt, ast.stmt]] = []
    blocks = [list(nodes)]
    while blocks:
        block = blocks.pop()
        found += pairwise(block)
        for one in block:
            blocks += [getattr(one, name) for name in _BLOCKS if getattr(one, name, None)]
            blocks += [each.body for each in getattr(one, "handlers", ())]
            blocks += [each.body for each in getattr(one, "cases", ())]
    return found


@lru_cache(maxsize=4096)
def inner(node: ast.stmt) -> tuple[ast.stmt, ...]:
    """The statements inside of one."""
    return tuple(one for one in walked(node) if isinstance(one, ast.stmt) and one is not node)
