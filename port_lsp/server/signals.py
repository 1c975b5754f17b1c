"""What the client is told without asking: the status, that views are old, that lenses are."""

from collections.abc import Callable

from lsprotocol import types

from port_lsp.config import Problem
from port_lsp.facts.links import Severity
from port_lsp.index.snapshot import Snapshot
from port_lsp.server.capabilities import Client
from port_lsp.server.context import Context
from port_lsp.server.counts import all_shares, what_is_left
from port_lsp.server.lenses import lenses, titles
from port_lsp.server.messages import CustomMethod, DidChangeIndex, Status
from port_lsp.server.outbox import Loop, Outbox, Timer
from port_lsp.server.standing import Standing

_QUIET = 0.25  # seconds without an edit, after which the rest is told
_KINDS = {"error": types.MessageType.Error, "warning": types.MessageType.Warning}
_SERIOUS: tuple[Severity, ...] = ("error", "warning")


class Signals:
    """Knows what the client was last told."""

    def __init__(self, client: Client, outbox: Outbox, loop: Loop) -> None:
        self._client, self._outbox, self._loop = client, outbox, loop
        self._status: Status | None = None
        self._standing = Standing()
        self._served: dict[str, tuple[str, ...]] = {}
        self._timer: Timer | None = None
        self._logged: set[tuple[str, str]] = set()

    def busy(self, message: str) -> None:
        """Something long began."""
        shares = self._status.shares if self._status is not None else Status("ok", False, "").shares
        self._tell(Status("ok", quiescent=False, message=message, shares=shares))

    def failed(self) -> None:
        """Indexing ended with an error."""
        self._tell(Status("error", quiescent=True, message="indexing failed; the log says why"))

    def cancelled(self) -> None:
        """Indexing was cancelled by the user."""
        message = "indexing was cancelled; the command portLsp.reindex begins again"
        self._tell(Status("warning", quiescent=True, message=message))

    def served(self, uri: str, titles: tuple[str, ...]) -> None:
        """The client was given the lenses of a document."""
        self._served[uri] = titles

    def closed(self, uri: str) -> None:
        """A document was closed."""
        self._served.pop(uri, None)

    def changed(self, context: Context, *, at_once: bool, then: Callable[[Context], None]) -> None:
        """A new snapshot. What isn't part of every answer is told when no edit follows soon.

        `then` is called at that time, too.
        """
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

        def tell() -> None:
            self._timer = None
            self._log(context.view.snapshot)
            self._tell(status_of(context.view.snapshot))
            self._tell_index(context)
            self._refresh_lenses(context)
            then(context)

        if at_once:
            tell()
        else:
            self._timer = self._loop.later(_QUIET, tell)

    def _tell(self, status: Status) -> None:
        if status != self._status:
            self._status = status
            self._outbox.notify(CustomMethod.STATUS, status)

    def _log(self, snapshot: Snapshot) -> None:
        """Which roots were taken and why, and what is wrong: each once, until it is another."""
        lines = {("info", line) for line in roots_of(snapshot)}
        lines |= {(problem.severity, said(problem)) for problem in snapshot.problems}
        for severity, line in sorted(lines - self._logged):
            kind = _KINDS.get(severity, types.MessageType.Info)
            params = types.LogMessageParams(type=kind, message=line)
            self._outbox.notify(types.WINDOW_LOG_MESSAGE, params)
        self._logged = lines

    def _tell_index(self, context: Context) -> None:
        paths = self._standing.changed(context.view)
        if paths:
            files = tuple(context.uri(path) for path in paths)
            message = DidChangeIndex(context.view.snapshot.revision, files)
            self._outbox.notify(CustomMethod.DID_CHANGE_INDEX, message)

    def _refresh_lenses(self, context: Context) -> None:
        if not self._client.refresh_lenses:
            return
        stale = [uri for uri, said in self._served.items() if titles(lenses(context, uri)) != said]
        if stale:
            for uri in stale:  # the client asks again, or it doesn't show them
                del self._served[uri]
            self._outbox.request(types.WORKSPACE_CODE_LENS_REFRESH, None)


def roots_of(snapshot: Snapshot) -> list[str]:
    """The two roots, each with the reason why it was taken."""
    roots = (("backend", snapshot.backend_root), ("crate", snapshot.crate_root))
    return [f"{name}: {root.path} ({root.reason})" for name, root in roots if root is not None]


def status_of(snapshot: Snapshot) -> Status:
    """The status that a snapshot leads to when nothing is under way."""
    shares = all_shares(snapshot)
    if snapshot.backend is None:
        message = f"no FastAPI backend found in {snapshot.searched}"
        return Status("warning", quiescent=True, message=message, shares=shares)
    problem = next((p for p in snapshot.problems if p.severity in _SERIOUS), None)
    if problem is not None:
        return Status("warning", quiescent=True, message=said(problem), shares=shares)
    message = what_is_left("endpoint", shares.endpoints)
    if snapshot.crate is None:
        message = f"no crate found in {snapshot.searched}: {message}"
    return Status("ok", quiescent=True, message=message, shares=shares)


def said(problem: Problem) -> str:
    """A problem in one line."""
    line = f":{problem.line}" if problem.line else ""
    return f"{problem.file}{line}: {problem.message}"
