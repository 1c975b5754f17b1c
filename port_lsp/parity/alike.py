"""What may differ between two sides that each make ids, times and secrets of their own.

Three kinds of places, by the patterns of `comparing.py`: *masked* ones aren't looked at; *paired*
ones hold ids that each side makes, of which the same one on one side has to be the same one on the
other, all the way; *near* ones hold times, which may be some seconds apart.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime

from port_lsp.facts.source import Record
from port_lsp.parity.comparing import Difference, among

# That a time on one side may be away from the other's, which is asked afterwards: hashing a
# password takes long in a build without optimization.
_SECONDS = 60.0


class Allowed(Record, frozen=True):
    """The places, as patterns."""

    masked: tuple[str, ...] = ()
    paired: tuple[str, ...] = ()
    near: tuple[str, ...] = ()


class Alike:
    """Knows which id of one side is which of the other, as far as they were seen."""

    def __init__(self, allowed: Allowed) -> None:
        self._allowed = allowed
        self.forget()

    def forget(self) -> None:
        """Nothing is known of any id any more."""
        self._theirs: dict[str, str] = {}
        self._ours: dict[str, str] = {}

    def left(self, found: Iterable[Difference]) -> tuple[Difference, ...]:
        """The differences that aren't allowed."""
        return tuple(one for one in found if not self._is_allowed(one))

    def _is_allowed(self, one: Difference) -> bool:
        if among(one.where, self._allowed.masked):
            return True
        if among(one.where, self._allowed.near):
            return _is_near(one)
        return among(one.where, self._allowed.paired) and self._is_paired(one)

    def _is_paired(self, one: Difference) -> bool:
        if not _is_text(one.python) or not _is_text(one.rust):
            return False
        known = self._theirs.setdefault(one.python, one.rust)
        back = self._ours.setdefault(one.rust, one.python)
        return known == one.rust and back == one.python


def _is_text(value: str) -> bool:
    return value.startswith('"')


def _is_near(one: Difference) -> bool:
    python, rust = _seconds(one.python), _seconds(one.rust)
    return python is not None and rust is not None and abs(python - rust) <= _SECONDS


def _seconds(text: str) -> float | None:
    """A time as seconds: a number of them, or a text in ISO 8601."""
    try:
        value = json.loads(text)
    except ValueError:
        return None
    if isinstance(value, str):
        try:
            return datetime.fromisoformat(value.replace("Z", "+00:00")).timestamp()
        except ValueError:
            return None
    return float(value) if isinstance(value, (int, float)) else None
