"""What the first port takes longest for is done ahead, while nobody types."""

import logging
from collections.abc import Iterator

from port_lsp.server.outbox import Loop, Timer

log = logging.getLogger(__name__)

_PAUSE = 1.0  # seconds without an edit, before a step
_NEXT = 0.05  # seconds between two steps, in which requests are answered


class Readiness:
    """Takes one step at a time: each holds up the event loop for as long as a port would."""

    def __init__(self, loop: Loop) -> None:
        self._loop = loop
        self._steps: Iterator[None] | None = None
        self._timer: Timer | None = None

    def begin(self, steps: Iterator[None]) -> None:
        """These steps are to be taken. They may fail: the first port says why."""
        self._steps = steps
        self.edited()

    def edited(self) -> None:
        """Somebody types: waits until nobody does."""
        if self._timer is not None:
            self._timer.cancel()
        if self._steps is not None:
            self._timer = self._loop.later(_PAUSE, self._step)

    def end(self) -> None:
        """Nothing is wanted any more."""
        self._steps = None
        if self._timer is not None:
            self._timer.cancel()

    def _step(self) -> None:
        self._timer = None
        if self._steps is None:
            return
        try:
            next(self._steps)
        except StopIteration:
            self._steps = None
        except Exception:
            log.exception("porting couldn't be prepared")
            self._steps = None
        else:
            self._timer = self._loop.later(_NEXT, self._step)
