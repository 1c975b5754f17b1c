"""One module of the backend while it is run, and what it took of others."""

from __future__ import annotations

from port_lsp.facts.source import Chunk, SourceFile
from port_lsp.python.values import Scope


class ModuleState:
    """One module as far as it has been run.

    `uses` are the names that it took, by the file or folder that it took them from; they stay when
    it is run again, for what others hold of its last run is still computed in its scope. `mutates`
    says that its run changed an object that may be another module's.
    """

    __slots__ = (
        "binders",
        "file",
        "mutates",
        "path",
        "scope",
        "seen",
        "star_imports",
        "state",
        "uses",
    )

    def __init__(self, path: str, file: SourceFile) -> None:
        self.path = path
        self.file = file
        self.scope = Scope(self, None)
        self.uses: dict[str, set[str]] = {}
        self.again()

    def again(self) -> None:
        """Forgets what the module binds, to be run again."""
        self.scope.names.clear()
        self.scope.bound.clear()
        self.state = "new"
        self.mutates = False
        self.seen: set[str] = set()
        self.star_imports: list[str] = []
        # The chunks that bind a name, in order; for who looks ahead.
        self.binders: dict[str, list[Chunk]] | None = None

    def take(self, place: str, name: str | None) -> None:
        """Notes that a name was taken from a file or folder; None for the module itself."""
        names = self.uses.setdefault(place, set())
        if name is not None:
            names.add(name)
