"""Reads the crate: files into chunks, chunks into facts, facts into the crate's side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from port_lsp.facts.items import Side
from port_lsp.facts.source import SourceFile, name_chunks, source_file
from port_lsp.resolve.routes import Resolved
from port_lsp.rust.bodies import FunctionFacts
from port_lsp.rust.cargo import Package, packages
from port_lsp.rust.changes import Change, change_of, rebuilt
from port_lsp.rust.declarations import Chunks, Declarations, Declaring
from port_lsp.rust.declared import ChunkFacts, Item
from port_lsp.rust.describe import Describing, Undescribed
from port_lsp.rust.events import PlacedSocket
from port_lsp.rust.memo import Memo
from port_lsp.rust.modules import Modules
from port_lsp.rust.outline import Cut, Read, cut
from port_lsp.rust.reconcile import Reconciling
from port_lsp.rust.recut import Recut, first_edit, recut
from port_lsp.rust.routing import Endpoints, Registered, read_routes
from port_lsp.rust.scopes import Scopes
from port_lsp.rust.typenames import TypeNames
from port_lsp.text import Text

_MOST_KEPT = 1000  # chunks and slices of texts that are gone
_MOST_PARTS = 50  # parts of files around an edit


class _State(msgspec.Struct, eq=False):
    """What the last reading found; `read` goes on from there."""

    files: Mapping[str, SourceFile]
    manifests: Mapping[str, bytes]
    facts: dict[str, Chunks]
    packages: tuple[Package, ...]
    modules: Modules
    names: TypeNames
    declared: Declarations
    registered: Registered
    side: Side


class CrateReader:
    """Keeps what chunks declare by their digests, and what came of it.

    The state is a cache: what `read` gives depends on its arguments alone.
    """

    def __init__(self, *, bare: bool = False) -> None:
        """`bare` leaves out of a side what a trial isn't asked for, which is half of the time that
        a change takes: signatures, guards, stubs of endpoints, errors, gates, the tables of rows,
        and the outcome of call sites."""
        self._bare = bare
        self._facts: dict[bytes, ChunkFacts] = {}
        self._slices: dict[bytes, Read] = {}
        self._parts: dict[bytes, Cut] = {}
        self._declaring = Declaring(bare=bare)
        self._describing = Undescribed() if bare else Describing()
        self._endpoints = Endpoints()
        self._reconciling = Reconciling()
        self._memo = Memo()
        self._state: _State | None = None

    def outline(
        self, path: str, text: Text, previous: SourceFile | None = None, *, hasty: bool = False
    ) -> SourceFile:
        """A file's chunks. `previous` is an earlier version of it, of which as much as possible is
        kept. `hasty` cuts only the part that an edit touched even where it is broken, which in the
        whole file it may not be."""
        found: Cut | Recut | None = None
        if previous is not None and all(c.digest in self._facts for c in previous.chunks):
            between = first_edit(previous, text.data)
            if between is not None:
                halfway = self.outline(path, Text(between), previous, hasty=hasty)
                return self.outline(path, text, halfway, hasty=hasty)
            if len(self._parts) > _MOST_PARTS:
                self._parts.clear()
            found = recut(previous, text.data, self._facts, self._parts, hasty=hasty)
        if found is None:
            known = self._facts if previous is not None else None
            found = cut(text.data, known, self._slices)
            if len(self._slices) > _MOST_KEPT:
                self._slices.clear()
        chunks = name_chunks(text.data, found.pieces)
        self._facts |= zip((chunk.digest for chunk in chunks), found.facts, strict=True)
        return source_file(path, text, chunks)

    def read(self, files: Mapping[str, SourceFile], manifests: Mapping[str, bytes]) -> Side:
        """The crate's side; paths are relative to its root, manifests are texts of Cargo.toml."""
        state = self._state
        facts = self._facts_of(files, state)
        if len(self._facts) > _MOST_KEPT + 2 * sum(len(chunks) for chunks in facts.values()):
            self._forget(files)
        if state is None or files.keys() != state.files.keys() or manifests != state.manifests:
            change = None
        else:
            change = change_of(state.modules, state.facts, facts)
        if state is None or change is None:
            known = packages(manifests, frozenset(files))
            modules = self._modules(state, files, facts, known)
            names = TypeNames(modules) if state is None else state.names.again(modules)
        else:
            known, modules, names = state.packages, state.modules, state.names
            self._memo.forget(change.routing, change.names)
            if change.names:
                names = names.again(modules)
                state.registered.run.named.clear()
        if state is None or change is None or change.names or change.declared:
            declared = self._declare(facts, known, modules, names)
        else:
            declared = state.declared
        registered = state.registered if state is not None else None
        stands = registered is not None and change is not None
        if stands and registered is not None and change is not None:
            stands = not _looked_at(registered, change) and registered.still_begins(files, facts)
        if registered is None or not stands:
            version = framework_of(known)
            axum = version[1] if version[0] == "axum" else None
            registered = read_routes(files, facts, modules, axum, self._memo)
        self._describing.start(files, facts, declared)
        side = self._side(state, facts, known, declared, registered, change)
        self._state = _State(
            dict(files), dict(manifests), facts, known, modules, names, declared, registered, side
        )
        return side

    def _modules(
        self,
        state: _State | None,
        files: Mapping[str, SourceFile],
        facts: dict[str, Chunks],
        known: tuple[Package, ...],
    ) -> Modules:
        """The modules of other files than before. Where the packages are the same, what calls came
        to is kept as far as it rests on nothing that changed."""
        if state is None or state.packages != known:
            self._memo.clear()
            return Modules(files, facts, known)
        found = rebuilt(state.modules, state.facts, files, facts, known)
        self._memo.rebuilt(found.chunks, found.names)
        return found.modules

    def fork(self, *, bare: bool = False) -> CrateReader:
        """Another reader that needn't read again what this one has read: for a trial."""
        other = CrateReader(bare=bare)
        other._facts = dict(self._facts)
        return other

    def share(self, other: CrateReader) -> None:
        """From now on, what either reads of a chunk the other needn't read again."""
        self._facts, self._parts = other._facts, other._parts

    def declared(self, file: SourceFile) -> Iterator[tuple[str, Item]]:
        """Every item that a file declares, each with its chunk's id. The file must have been
        outlined by this reader."""
        for chunk in file.chunks:
            for item in self._facts[chunk.digest].items:
                yield chunk.id, item

    def sockets(self, file: SourceFile) -> Iterator[PlacedSocket]:
        """Where a file handles or emits Socket.IO events, as written. The file must have been
        outlined by this reader."""
        for chunk in file.chunks:
            for fact in self._facts[chunk.digest].more:
                if isinstance(fact, FunctionFacts):
                    for one in fact.sockets:
                        yield PlacedSocket(file.path, chunk.id, one)

    def resolved(self) -> tuple[Resolved, ...]:
        """The registrations that were read last, as they are reached from an application."""
        routes = self._state.registered.routes if self._state is not None else ()
        return tuple(
            {id(one.resolved): one.resolved for one in routes if one.root is None}.values()
        )

    def scopes(self) -> Scopes:
        """What names mean in the files that were read last. Raises ValueError before `read`."""
        if self._state is None:
            raise ValueError("nothing was read yet")
        return Scopes(self._state.modules, self._state.facts, self._state.packages)

    def _facts_of(self, files: Mapping[str, SourceFile], state: _State | None) -> dict[str, Chunks]:
        """What the chunks of each file declare; the same object for a file that is the same."""
        found: dict[str, Chunks] = {}
        for path, file in files.items():
            if state is not None and state.files.get(path) is file:
                found[path] = state.facts[path]
            else:
                if any(chunk.digest not in self._facts for chunk in file.chunks):
                    self.outline(path, file.text)
                found[path] = tuple((c.id, self._facts[c.digest]) for c in file.chunks)
        return found

    def _forget(self, files: Mapping[str, SourceFile]) -> None:
        """Drops facts of texts that are gone, once they are as many as those that are there."""
        used = {chunk.digest for file in files.values() for chunk in file.chunks}
        self._facts = {key: facts for key, facts in self._facts.items() if key in used}

    def _declare(
        self,
        facts: dict[str, Chunks],
        known: tuple[Package, ...],
        modules: Modules,
        names: TypeNames,
    ) -> Declarations:
        used = {path: facts[path] for path in sorted(modules.files_read) if path in facts}
        socketioxide = any(package.version("socketioxide") is not None for package in known)
        return self._declaring.read(used, names, socketioxide=socketioxide)

    def _side(
        self,
        state: _State | None,
        facts: dict[str, Chunks],
        known: tuple[Package, ...],
        declared: Declarations,
        registered: Registered,
        change: Change | None,
    ) -> Side:
        endpoints, unmounted = self._endpoints.make(registered, self._describing)
        before = state.side if state is not None else None
        same_routes = (
            before is not None
            and state is not None
            and registered is state.registered
            and change is not None
            and not change.routing
        )
        if before is not None and same_routes:
            unchanged = declared is state.declared if state is not None else False
            if unchanged and _same(endpoints, before.endpoints) and unmounted == before.unmounted:
                return before
            sites = before.sites
        else:
            sites = () if self._bare else self._reconciling.rows(registered.run, facts)
        framework, version = framework_of(known)
        side = Side(
            framework=framework,
            framework_version=version,
            endpoints=endpoints,
            unmounted=unmounted,
            models=declared.models,
            events=declared.events,
            functions=declared.functions,
            parts=declared.parts,
            queries=declared.queries,
            mounts=registered.mounts,
            unresolved=registered.unresolved,
            sites=sites,
        )
        return before if before is not None and not self._bare and before == side else side


def _looked_at(registered: Registered, change: Change) -> bool:
    """Whether the run that found the routes depends on something that changed."""
    record = registered.run.record
    return change.roots or not (
        change.routing.isdisjoint(record.chunks) and change.names.isdisjoint(record.names)
    )


def _same(ones: tuple[object, ...], others: tuple[object, ...]) -> bool:
    return len(ones) == len(others) and all(a is b for a, b in zip(ones, others, strict=True))


def framework_of(known: tuple[Package, ...]) -> tuple[str | None, str | None]:
    """The web framework of most of the crates and the version that is asked of it."""
    found: dict[str, list[str]] = {"actix-web": [], "axum": []}
    for name, versions in found.items():
        asked = (package.version(name) for package in known)
        versions += [version for version in asked if version is not None]
    name = max(found, key=lambda name: len(found[name]))
    return (name, next(iter(found[name])) or None) if found[name] else (None, None)
