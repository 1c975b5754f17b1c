"""What may differ between two sides that each make ids, times and secrets of their own.

Three kinds of places, by the patterns of `comparing.py`: *masked* ones aren't looked at; *paired*
ones hold ids that each side makes, of which the same one on one side has to be the same one on the
other, all the way; *near* ones hold times, which may be some seconds apart.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import datetime

from port_lsp.facts.source import Record
from port_lsp.parity.comparing import Difference, among

# That a time on one side may be away from the other's, which is asked afterwards: hashing a
# password takes long in a build without optimization.
_SECONDS = 60.0
_LONG = 8  # letters that an id has at least that is looked for in a text
_NUMBERS = re.compile(r"(?<![\w.])(\d{10})(?![\w.])")  # seconds, from 2001 to 2286


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

    def is_text(self, python: bytes, rust: bytes) -> bool:
        """Whether two texts that are no JSON are the same but for ids of each side's own that were
        seen before, and seconds since 1970, if times may differ."""
        text = python.decode("utf-8", "replace")
        for theirs, ours in self._theirs.items():
            one = json.loads(theirs)
            if theirs != ours and len(one) >= _LONG:
                text = text.replace(one, json.loads(ours))
        parts = [_NUMBERS.split(side) for side in (text, rust.decode("utf-8", "replace"))]
        if len(parts[0]) != len(parts[1]):
            return False
        return all(
            one == other or (bool(self._allowed.near) and _are_near(one, other))
            for one, other in zip(*parts, strict=True)
        )

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


def _are_near(one: str, other: str) -> bool:
    numbers = len(one) == len(other) == 10 and one.isdigit() and other.isdigit()
    return numbers and abs(int(one) - int(other)) <= _SECONDS


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
