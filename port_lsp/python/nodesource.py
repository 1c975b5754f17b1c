"""Where the nodes of a tree stand in the chunk that they are read for."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from tree_sitter import Node

from port_lsp.python.grammar import with_newlines
from port_lsp.text import Span


class Source:
    """A text that is lowered, and where its bytes stand in the chunk.

    Behind the text's offset `cuts[i]` an offset of the chunk is `shifts[i]` further on; both lists
    are empty where the text is the chunk itself. With `bodies` false, functions are read without
    theirs.
    """

    __slots__ = ("_cuts", "_shifts", "bodies", "data", "depth")

    def __init__(
        self,
        data: bytes,
        cuts: Sequence[int] = (),
        shifts: Sequence[int] = (),
        *,
        bodies: bool = True,
    ) -> None:
        self.data = with_newlines(data)
        self.depth = 0
        self.bodies = bodies
        self._cuts = cuts
        self._shifts = shifts

    def span(self, node: Node) -> Span:
        """The range of a node in the chunk."""
        return self.between(node.start_byte, node.end_byte)

    def between(self, start: int, end: int) -> Span:
        """A range of the text as a range of the chunk."""
        if not self._cuts:
            return Span(start, end)
        return Span(self._placed(start), self._placed(end))

    def text(self, node: Node) -> str:
        """The text of a node as written."""
        return self.data[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def _placed(self, offset: int) -> int:
        index = bisect_right(self._cuts, offset) - 1
        return offset + self._shifts[index] if index >= 0 else offset
