"""Everything known at one revision."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from port_lsp.config import NO_CONFIG, Config, Problem
from port_lsp.facts.items import Side
from port_lsp.facts.links import Finding, Links, SideName
from port_lsp.facts.recut import BROKEN
from port_lsp.facts.source import Chunk, Place, SourceFile
from port_lsp.index.discover import Root

NO_LINKS = Links()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The state of both sides, immutable. A side is None where there is none.

    `searched` is the folder in which the sides were looked for.
    """

    revision: int
    backend_root: Root | None = None
    crate_root: Root | None = None
    backend: Side | None = None
    crate: Side | None = None
    backend_files: Mapping[str, SourceFile] = field(default_factory=dict[str, SourceFile])
    crate_files: Mapping[str, SourceFile] = field(default_factory=dict[str, SourceFile])
    links: Links = NO_LINKS
    findings: tuple[Finding, ...] = ()
    problems: tuple[Problem, ...] = ()
    config: Config = NO_CONFIG
    searched: str = ""

    def files(self, side: SideName) -> Mapping[str, SourceFile]:
        """The files of one side by their paths relative to its root."""
        return self.backend_files if side == "backend" else self.crate_files

    def root(self, side: SideName) -> str | None:
        """The absolute path of one side's root."""
        root = self.backend_root if side == "backend" else self.crate_root
        return root.path if root else None

    def locate(self, path: str) -> tuple[SideName, str] | None:
        """The side and the relative path of a file (absolute path); None for any other file."""
        sides: tuple[SideName, ...] = ("backend", "crate")
        for side in sides:
            root = self.root(side)
            if root is not None and path.startswith(root):
                relative = path[len(root) :].lstrip(os.sep).replace(os.sep, "/")
                if relative in self.files(side):
                    return side, relative
        return None

    def path(self, side: SideName, file: str) -> str:
        """The absolute path of a file of one side."""
        return os.path.join(self.root(side) or "", *file.split("/"))

    def line(self, side: SideName, place: Place) -> int:
        """The 1-based line of a place; 1 where its file is gone."""
        file = self.files(side).get(place.file)
        return file.line(place) if file else 1

    def broken(self, side: SideName, path: str) -> tuple[Chunk, ...]:
        """The chunks of a file that don't parse right now.

        Their facts are missing in this snapshot (invariant 1). What was last known of them is the
        session's business, for open documents alone (invariant 3): it keeps an earlier snapshot
        and asks this one for what the ids of these chunks are.
        """
        file = self.files(side).get(path)
        return tuple(c for c in file.chunks if c.kind == BROKEN) if file else ()
