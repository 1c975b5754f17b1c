"""What a pattern works with: one snapshot, the crate's workshop, and the backend's reader."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import TypeVar, cast

from port_lsp.index.index import Index
from port_lsp.index.snapshot import Snapshot
from port_lsp.python.reader import BackendReader
from port_lsp.rust.cargo import faults
from port_lsp.types.databases import Database
from port_lsp.writing.registering import Framework
from port_lsp.writing.workshop import Workshop

_T = TypeVar("_T")
_TABLE = re.compile(r"create\s+table\s+(?:if\s+not\s+exists\s+)?[\"`\[]?(\w+)", re.I)
_SQLX = re.compile(r"^sqlx\s*=\s*\{(.*?)\}", re.M | re.S)


# `State` is an extractor since axum 0.6; actix-web 4 is the first with async handlers as written.
_OLDEST = {"axum": (0, 6), "actix-web": (4, 0)}
_HOW = "a Cargo.toml with one of them and a router with one route is what porting begins with"


class NothingToWriteIntoError(ValueError):
    """There is no crate, or none that is served by a framework that is written for."""


class Desk:
    """One revision, ready for writing; and all later ones that say the same of both sides. Not safe
    for threads.
    """

    def __init__(
        self, snapshot: Snapshot, workshop: Workshop, backend: BackendReader, framework: Framework
    ) -> None:
        """All of one revision."""
        self.snapshot, self.workshop, self.backend = snapshot, workshop, backend
        self.framework: Framework = framework
        self.shared: dict[object, object] = {}
        self.into: Mapping[str, str] = {}
        self._standing: dict[object, object] = {}
        self._home = self
        self._together: dict[object, object] | None = None

    def aimed(self, into: Mapping[str, str]) -> Desk:
        """The same, with a say in where items (their ids) go: see `port.Target.into`."""
        other = Desk(self.snapshot, self.workshop, self.backend, self.framework)
        other._home, other.into = self._home, into
        return other

    def shares(self, make: Callable[[Desk], _T]) -> _T:
        """What is made of a desk once for a revision, by whoever asks first."""
        if make not in self.shared:
            self.shared[make] = make(self)
        return cast("_T", self.shared[make])

    @contextmanager
    def together(self) -> Generator[None, None, None]:
        """While it lasts, what patterns draft becomes one change: what `drafts` gives is one."""
        before, self._together = self._together, {}
        try:
            yield
        finally:
            self._together = before

    def drafts(self, make: Callable[[Desk], _T]) -> _T:
        """What is made of a desk for one draft, or once for all that are drafted together."""
        if self._together is None:
            return make(self)
        if make not in self._together:
            self._together[make] = make(self)
        return cast("_T", self._together[make])

    def stands(self, make: Callable[[Desk], _T]) -> _T:
        """What is made of a desk once for as long as the facts, the links, the configuration and
        the crate's files are the very same: while the user types in a handler's body. It is made of
        the desk that goes on to later revisions, whoever asks, and rests on nothing else."""
        standing = self._home._standing
        if make not in standing:
            standing[make] = make(self._home)
        return cast("_T", standing[make])

    def follow(self, snapshot: Snapshot) -> bool:
        """Goes on to another revision, if what `stands` rests on is the same there."""
        if _rests_on(snapshot) != _rests_on(self.snapshot):
            return False
        self.snapshot, self.shared = snapshot, {}
        for read in ("migrations", "migrated_tables"):
            self.__dict__.pop(read, None)
        return True

    @cached_property
    def migrations(self) -> Mapping[str, str]:
        """The crate's migrations: file names and their SQL (sqlx's `migrate!` takes `migrations/`
        beside Cargo.toml)."""
        root = self.snapshot.root("crate")
        folder = os.path.join(root or "", "migrations")
        found: dict[str, str] = {}
        try:
            names = sorted(name for name in os.listdir(folder) if name.endswith(".sql"))
            for name in names:
                with open(os.path.join(folder, name), "rb") as file:
                    found[name] = file.read().decode("utf-8", "replace")
        except OSError:
            return found
        return found

    @cached_property
    def migrated_tables(self) -> frozenset[str]:
        """The tables that migrations make."""
        text = "\n".join(self.migrations.values())
        return frozenset(match[1] for match in _TABLE.finditer(text))

    @cached_property
    def source(self) -> str:
        """The folder that new modules go below: that of the root file of the package that most
        handlers are in, for a workspace has several; `src` where there is none yet."""
        crate, scopes = self.snapshot.crate, self.workshop.scopes
        files = [one.key.partition("::")[0] for one in crate.endpoints] if crate is not None else []
        roots = Counter(root for file in files if (root := scopes.root_of(file)) is not None)
        if roots:
            root = max(sorted(roots), key=lambda one: roots[one])
        else:
            mains = (file for file in self.workshop.files if file.endswith("/main.rs"))
            root = scopes.root_of("") or next(mains, "src/main.rs")
        return os.path.dirname(root) or "src"

    @property
    def database(self) -> Database | None:
        """The database that the crate's sqlx is for; of several the first, None without one."""
        for path, text in self.workshop.manifests.items():
            match = _SQLX.search(text.decode("utf-8", "replace"))
            if match is not None and path.endswith("Cargo.toml"):
                asked: tuple[Database, ...] = ("sqlite", "postgres")
                return next((one for one in asked if one in match[1]), None)
        return None


def _rests_on(snapshot: Snapshot) -> tuple[int, ...]:
    """What `Desk.stands` rests on: the very same objects."""
    parts = (snapshot.backend, snapshot.crate, snapshot.links, snapshot.config)
    return tuple(map(id, (*parts, snapshot.crate_files)))


class Desks:
    """Makes desks, revision by revision; keeps the workshop, whose first opening takes longest."""

    def __init__(self) -> None:
        self._workshop: Workshop | None = None
        self._reader: object = None
        self._last: Desk | None = None

    def at(self, index: Index) -> Desk:
        """The desk of the index' present revision. Raises NothingToWriteIntoError."""
        snapshot, reader, backend = index.snapshot, index.crate_reader, index.backend_reader
        if snapshot.backend is None or backend is None:
            raise NothingToWriteIntoError("there is no backend")
        if snapshot.crate is None or reader is None:
            raise NothingToWriteIntoError(f"there is no crate to write into: {_HOW}")
        if self._workshop is None or self._reader is not reader:
            self._workshop, self._reader, self._last = Workshop(reader), reader, None
        if self._last is not None and self._last.snapshot is snapshot:
            return self._last
        same = self._workshop.is_at(snapshot.crate_files, index.manifests)
        same = same and self._last is not None and self._last.backend is backend
        if self._last is None or not (same and self._last.follow(snapshot)):
            self._workshop.open(snapshot.crate_files, index.manifests)
            framework = framework_of(snapshot, index.manifests)
            self._last = Desk(snapshot, self._workshop, backend, framework)
        return self._last


def framework_of(snapshot: Snapshot, manifests: Mapping[str, bytes]) -> Framework:
    """The crate's web framework, which its manifests (by path) name. Raises NothingToWriteIntoError
    for a crate without one, or with a version of it that isn't written for."""
    crate = snapshot.crate
    named = crate.framework if crate is not None else None
    framework: Framework
    if named == "axum":
        framework = "axum"
    elif named == "actix-web":
        framework = "actix-web"
    elif wrong := faults(manifests):
        raise NothingToWriteIntoError("; ".join(wrong))
    else:
        raise NothingToWriteIntoError(f"the crate depends on neither axum nor actix-web: {_HOW}")
    asked = crate.framework_version if crate is not None else None
    version = tuple(int(one) for one in re.findall(r"\d+", asked or "")[:2])
    oldest = _OLDEST[framework]
    if version and version < oldest[: len(version)]:
        least = ".".join(map(str, oldest))
        raise NothingToWriteIntoError(
            f"the crate depends on {framework} {asked}: {least} is the oldest that is written for"
        )
    return framework
