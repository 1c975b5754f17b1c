"""What a form of a query is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

Given = Mapping[str, Any]


class Form(NamedTuple):
    """One way to write a query.

    `python` is an expression, or a function's statements; `params` and `gives` are the function's
    annotations; it is called once with each of `calls`. What `writes` is told by the rows of the
    table afterwards, too. `edge` says why a form needn't show that it gives some rows and leaves
    out others (an empty list gives none): it isn't counted then.
    """

    python: str
    params: str = ""
    calls: tuple[Given, ...] = ({},)
    gives: str = "list[Thing]"
    writes: bool = False
    edge: str = ""

    @property
    def statements(self) -> str:
        """Its statements; of an expression, that it is returned."""
        text = self.python.strip("\n")
        return text if self.writes or "\n" in text else f"return {text}"

    @property
    def is_ordered(self) -> bool:
        """Whether it says in which order rows come."""
        return "order_by" in self.python
