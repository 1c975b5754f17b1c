"""Reads the crate: files into chunks, chunks into facts, facts into the crate's side."""

from __future__ import annotations

from collections.abc import Mapping

from port_lsp.facts.items import Side
from port_lsp.facts.source import SourceFile, name_chunks, source_file
from port_lsp.rust.cargo import Package, packages
from port_lsp.rust.declarations import Declaring
from port_lsp.rust.declared import ChunkFacts
from port_lsp.rust.describe import Describing
from port_lsp.rust.modules import Modules
from port_lsp.rust.outline import cut
from port_lsp.rust.reconcile import reconciled
from port_lsp.rust.routing import read_routing
from port_lsp.rust.typenames import TypeNames
from port_lsp.text import Text

_NO_FACTS = ChunkFacts()


class CrateReader:
    """Keeps what chunks declare by their digests, and the last side.

    The state is a cache: what `read` gives depends on its arguments alone.
    """

    def __init__(self) -> None:
        self._facts: dict[bytes, ChunkFacts] = {}
        self._declaring = Declaring()

    def outline(self, path: str, text: Text, previous: SourceFile | None = None) -> SourceFile:
        """A file's chunks. `previous` is an earlier version of it."""
        found = cut(text.data, self._facts if previous is not None else None)
        chunks = name_chunks(text.data, found.pieces)
        for chunk, facts in zip(chunks, found.facts, strict=True):
            self._facts[chunk.digest] = facts
        return source_file(path, text, chunks)

    def read(self, files: Mapping[str, SourceFile], manifests: Mapping[str, bytes]) -> Side:
        """The crate's side; paths are relative to its root, manifests are texts of Cargo.toml."""
        known = packages(manifests, frozenset(files))
        facts = {
            path: tuple((c.id, self._facts.get(c.digest, _NO_FACTS)) for c in file.chunks)
            for path, file in files.items()
        }
        modules = Modules(files, facts, known)
        framework, version = framework_of(known)
        used = {path: facts[path] for path in sorted(modules.files_read) if path in facts}
        socketioxide = any(package.version("socketioxide") is not None for package in known)
        declared = self._declaring.read(used, TypeNames(modules), socketioxide=socketioxide)
        describing = Describing(files, declared)
        axum = version if framework == "axum" else None
        routing = read_routing(files, facts, modules, describing, axum)
        return Side(
            framework=framework,
            framework_version=version,
            endpoints=routing.endpoints,
            unmounted=routing.unmounted,
            models=declared.models,
            events=declared.events,
            functions=declared.functions,
            parts=declared.parts,
            queries=declared.queries,
            mounts=routing.mounts,
            unresolved=routing.unresolved,
            sites=tuple(reconciled(routing.run, facts)),
        )


def framework_of(known: tuple[Package, ...]) -> tuple[str | None, str | None]:
    """The web framework of the crates and the version that is asked of it."""
    for name in ("actix-web", "axum"):
        for package in known:
            version = package.version(name)
            if version is not None:
                return name, version or None
    return None, None
