"""`port-lsp serve`: the process. Standard input and output belong to the protocol alone."""

import asyncio
import logging
import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from threading import Thread

from lsprotocol import types

from port_lsp import __version__
from port_lsp.config.load import find, load
from port_lsp.server import parent
from port_lsp.server.capabilities import announce, resolve
from port_lsp.server.dispatch import HANDLERS, guarded
from port_lsp.server.garbage import Garbage
from port_lsp.server.logs import configure
from port_lsp.server.messages import NAME
from port_lsp.server.outbox import Timer
from port_lsp.server.places import places_of
from port_lsp.server.protocol import Protocol, Server
from port_lsp.server.raw import Table, inside
from port_lsp.server.session import Session
from port_lsp.server.wire import Inbox, Output

log = logging.getLogger(__name__)

_BURST = 0.2  # seconds for which edits may follow each other before they are looked at


class _Loop:
    """asyncio's loop as the session needs it."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()

    def later(self, seconds: float, call: Callable[[], None]) -> Timer:
        return self._loop.call_later(seconds, call)

    def beside(self, work: Callable[[], None]) -> None:
        Thread(target=work, name=f"{NAME}-worker", daemon=True).start()

    def post(self, call: Callable[[], None]) -> None:
        try:
            self._loop.call_soon_threadsafe(call)
        except RuntimeError:
            log.debug("the loop has ended")

    def time(self) -> float:
        return self._loop.time()


def serve(backend: str | None = None, crate: str | None = None, log_level: str = "warning") -> int:
    """Serves one client over standard input and output; the exit code.

    `backend` and `crate` are roots that were given; without them they are looked for.
    """
    configure(log_level)
    Garbage.take_over()
    source, target = _take_streams()
    absolute = [os.path.abspath(path) if path else None for path in (backend, crate)]
    return asyncio.run(_Connection(source, target, *absolute).run())


def _take_streams() -> tuple[int, int]:
    """The descriptors of standard input and output. Whatever prints, prints to stderr from now."""
    source, target = os.dup(0), os.dup(1)
    if sys.platform == "win32":
        import msvcrt

        for descriptor in (source, target):
            msvcrt.setmode(descriptor, os.O_BINARY)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(2, 1)
    return source, target


class _Connection:
    """One client, from its first message to the end of the process."""

    def __init__(
        self, source: int, target: int, backend: str | None, crate: str | None
    ) -> None:  # fmt: skip
        self._source, self._target = source, target
        self._backend, self._crate = backend, crate
        self._session: Session | None = None
        self._is_over = False

    async def run(self) -> int:
        """Handles messages until the client says exit, or is gone."""
        loop, wake = _Loop(), asyncio.Event()

        def over() -> None:
            self._is_over = True
            wake.set()

        protocol = Server(NAME, __version__, protocol_cls=Protocol).protocol
        protocol.initialize = partial(self._initialize, loop, over)
        protocol.set_writer(Output(self._target, over))
        inbox = Inbox(partial(os.read, self._source), lambda: loop.post(wake.set))
        inbox.start()
        while protocol.exit_code is None and not self._is_over:
            await wake.wait()
            wake.clear()
            await self._handle(protocol, inbox, loop)
            if inbox.ended and not len(inbox):
                break
        if self._session is not None:
            self._session.close_down()
        return protocol.code_of_end() if protocol.exit_code is None else protocol.exit_code

    async def _handle(self, protocol: Protocol, inbox: Inbox, loop: _Loop) -> None:
        """Handles what has come; edits are looked at when none follows."""
        due = loop.time() + _BURST
        while len(inbox) and protocol.exit_code is None:
            protocol.receive(inbox.next(), inbox.was_cancelled)
            await asyncio.sleep(0)
            if self._session is not None and loop.time() > due:
                self._session.flush()
                due = loop.time() + _BURST
        if self._session is not None:
            self._session.flush()

    def _initialize(
        self, loop: _Loop, over: Callable[[], None], protocol: Protocol, params: Table
    ) -> types.InitializeResult:
        """The answer to initialize; from here on there is a session."""
        client = resolve(params)
        places = places_of(params, self._backend, self._crate)
        session = self._session = Session(client, places, protocol, loop)
        for method, handler in HANDLERS.items():
            protocol.answer(method, guarded(method, handler, session))
        process = inside(params, "processId")
        if isinstance(process, int):
            parent.watch(process, loop, over)
        can_register = client.register_implementation
        jump = not can_register and _is_jump_standard(places.folders)
        return types.InitializeResult(
            capabilities=announce(client, implementation=jump),
            server_info=types.ServerInfo(NAME, __version__),
        )


def _is_jump_standard(folders: tuple[str, ...]) -> bool:
    """Whether a configuration above one of the folders switches on `jump.standard`.

    For clients to which the jump can't be registered later, when the one in force is known.
    """
    above = [parent for folder in folders for parent in (Path(folder), *Path(folder).parents)]
    files = find(above)
    return bool(files) and load(files[0]).config.jump_standard
