"""What can't be written of several items, told all at once.

Whoever drafts a batch does so again without those that can't be drafted. Were the first of them
told alone, each would cost a draft of all the others.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable
from contextlib import contextmanager

from port_lsp.patterns.port import CannotPortError


class Refusals:
    """Why items can't be written, by the ids of their targets."""

    def __init__(self) -> None:
        """Of none yet."""
        self._reasons: dict[str, str] = {}

    @contextmanager
    def about(self, ids: Iterable[str]) -> Generator[None, None, None]:
        """Keeps the error of a block, which is about targets of these ids where it names none."""
        try:
            yield
        except CannotPortError as error:
            self._reasons |= {one: error.reason(one) for one in error.ids or ids}

    def told(self) -> None:
        """Raises CannotPortError for all that were refused, if any were."""
        if self._reasons:
            raise CannotPortError(next(iter(self._reasons.values())), reasons=self._reasons)
