"""Work-done progress of what goes on beside the event loop."""

import uuid

from lsprotocol import types

from port_lsp.server.messages import NAME
from port_lsp.server.outbox import Loop, Outbox

_EVERY = 0.15  # seconds between two reports


class Work:
    """Something long under way: how far it is, and whether it is still wanted.

    `report` and `is_cancelled` are for the thread that does it.
    """

    def __init__(self, title: str) -> None:
        self.title = title
        self._stage, self._done, self._total = "", 0, 0
        self._cancelled = False

    def report(self, stage: str, done: int, total: int) -> None:
        """Says how far it is."""
        self._stage, self._done, self._total = stage, done, total

    def cancel(self) -> None:
        """It isn't wanted any more."""
        self._cancelled = True

    def is_cancelled(self) -> bool:
        """Whether it should stop."""
        return self._cancelled

    @property
    def message(self) -> str:
        """How far it is, in words."""
        return f"{self._stage} ({self._done}/{self._total})" if self._total > 1 else self._stage


class Progress:
    """Shows one piece of work in the client, where it can."""

    def __init__(self, work: Work, outbox: Outbox, loop: Loop) -> None:
        self.token = f"{NAME}/{uuid.uuid4()}"
        self._work, self._outbox, self._loop = work, outbox, loop
        self._begun = self._ended = False

    def start(self) -> None:
        """Asks the client for a place to show it in."""
        params = types.WorkDoneProgressCreateParams(token=self.token)
        self._outbox.request(types.WINDOW_WORK_DONE_PROGRESS_CREATE, params, self._created)

    def end(self, message: str) -> None:
        """It is over."""
        self._ended = True
        if self._begun:
            self._send(types.WorkDoneProgressEnd(message=message))

    def _created(self, done: bool) -> None:
        if done and not self._ended:
            self._begun = True
            title = self._work.title
            self._send(types.WorkDoneProgressBegin(title=title, cancellable=True))
            self._tick()

    def _tick(self) -> None:
        if self._ended:
            return
        work = self._work
        if work.message:
            self._send(types.WorkDoneProgressReport(message=work.message, cancellable=True))
        self._loop.later(_EVERY, self._tick)

    def _send(
        self,
        value: types.WorkDoneProgressBegin
        | types.WorkDoneProgressReport
        | types.WorkDoneProgressEnd,
    ) -> None:
        self._outbox.notify(types.PROGRESS, types.ProgressParams(token=self.token, value=value))
