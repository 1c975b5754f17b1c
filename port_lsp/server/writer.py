"""Porting for one session: the desk, which is kept, and what is done ahead for the first port."""

from collections.abc import Callable, Iterator

from port_lsp.patterns.desk import Desk, NothingToWriteIntoError
from port_lsp.patterns.port import Ported, Target
from port_lsp.patterns.registry import porter
from port_lsp.server.errors import failed
from port_lsp.server.outbox import Loop
from port_lsp.server.readiness import Readiness
from port_lsp.testing.present import Unsaved
from port_lsp.testing.write import written


class Writer:
    """Writes nothing itself: says what would be written. Only to be used on the event loop."""

    def __init__(self, loop: Loop, desk: Callable[[], Desk], unsaved: Unsaved) -> None:
        """`desk` gives that of the present revision; it may raise NothingToWriteIntoError.
        `unsaved` gives the text of an open document."""
        self._desk, self._unsaved = desk, unsaved
        self._readiness = Readiness(loop)

    def port(self, targets: tuple[Target, ...]) -> Ported:
        """Ports items of the backend, or writes tests of those that are ported. Errors:
        RequestFailed with the reason where there is nothing to write into."""
        tested = [one.id for one in targets if one.kind == "test"]
        try:
            if tested:
                return written(self._desk(), tested, self._unsaved)
            return porter(self._desk()).port(targets)
        except NothingToWriteIntoError as error:
            raise failed(str(error)) from error

    def places(self, target: Target) -> tuple[str, ...]:
        """The places of the crate that fit an item equally well (`Porter.places`)."""
        try:
            return porter(self._desk()).places(target)
        except NothingToWriteIntoError:
            return ()

    def begin(self) -> None:
        """A new index: what the first port takes longest for is done once nobody types."""
        self._readiness.begin(self._steps())

    def edited(self) -> None:
        """Somebody types."""
        self._readiness.edited()

    def end(self) -> None:
        """Nothing is wanted any more, or the index isn't up to date: nothing is done ahead."""
        self._readiness.end()

    def _steps(self) -> Iterator[None]:
        try:
            desk = self._desk()
        except NothingToWriteIntoError:
            return
        yield
        yield from porter(desk).prepare()
