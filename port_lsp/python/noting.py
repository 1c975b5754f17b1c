"""What is noted of modules while they run: registrations, parts, and what couldn't be known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from port_lsp.facts.items import ApplicationPart, ForeignMount, Site, Unresolved
from port_lsp.facts.source import Place
from port_lsp.python.routers import Notes

if TYPE_CHECKING:
    from port_lsp.python.interpret import Interpreter


class Notebook:
    """The notes of each module that was run, by its path."""

    def __init__(self) -> None:
        self.pages: dict[str, Notes] = {}

    def of(self, run: Interpreter) -> Notes:
        """The notes of the module that runs."""
        return self.pages.setdefault(run.owner, Notes())

    def part(self, run: Interpreter, kind: str, name: str, at: Place, detail: str) -> None:
        """Something set up for a whole application: middleware, exception-handler, lifespan."""
        if kind in ("middleware", "exception-handler", "lifespan"):
            self.of(run).parts.append(ApplicationPart(kind, name, at, detail))

    def mount(self, run: Interpreter, mount: ForeignMount) -> None:
        """An application that isn't the backend's own, mounted at a path."""
        self.of(run).mounts.append(mount)

    def site(
        self, run: Interpreter, at: Place, construct: str, outcome: str, reason: str = ""
    ) -> None:
        """A registering call and its outcome, for the reconciliation."""
        if outcome in ("resolved", "unresolved", "excluded"):
            inside = run.at if run.registered is not None and run.at != at else None
            self.of(run).sites.append(Site(at, construct, outcome, reason, inside))

    def unresolved(
        self, run: Interpreter, at: Place, construct: str, reason: str, known: str
    ) -> None:
        """A registering call that can't be read; `known` is as much of its path as is known."""
        self.of(run).unresolved.append(Unresolved(at, construct, reason, known))
        self.site(run, at, construct, "unresolved", reason)
