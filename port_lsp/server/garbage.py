"""Garbage is collected when nobody types: in the middle of an edit it would cost milliseconds.

Nothing that is read has cycles, so that little is left to collect; the index freezes what stays.
"""

import gc

_MOST = 500  # edits without a rest
_WHOLE = 50  # rests, one of which looks at everything: that takes as long as an edit


class Garbage:
    """Takes the place of Python's automatic collection, once it is told to."""

    def __init__(self) -> None:
        self._edits = 0
        self._rests = 0

    @staticmethod
    def take_over() -> None:
        """From now on only `rest` collects. For a process that is ours."""
        gc.disable()

    def edited(self) -> None:
        """An edit was read; of very many without a rest, one pays."""
        self._edits += 1
        if self._edits >= _MOST:
            self.rest()

    def rest(self) -> None:
        """Nobody types: looks at what was made since the last rest, at times at everything."""
        self._edits = 0
        self._rests += 1
        if not gc.isenabled():
            gc.collect(1 if self._rests % _WHOLE else 2)
