"""What the backend says that a new crate's ground rests on."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

from port_lsp.facts.items import Side
from port_lsp.facts.source import Record, SourceFile
from port_lsp.patterns.databases import Database
from port_lsp.patterns.ground.databases import database_of
from port_lsp.types.settings import Setting
from port_lsp.writing.registering import Framework

_HEALTH = ("/health", "/healthz", "/livez", "/internal/health")
_TABLES = frozenset(("sqlalchemy", "peewee"))
_PLAIN = re.compile(r"[^a-z0-9]+")


class GroundFacts(Record, frozen=True):
    """What the files of a new crate are made from.

    `package` is the name in Cargo.toml, `library` that of the library in code. `database` is None
    for a backend without one. `settings` are the backend's, and before them those that the ground
    itself needs: where to listen, and the database's URL. `health` is the path of the health check:
    none of the backend's.
    """

    package: str
    framework: Framework
    health: str
    database: Database | None = None
    has_tables: bool = False
    settings: tuple[Setting, ...] = ()

    @property
    def library(self) -> str:
        """The package's name as code names it."""
        return self.package.replace("-", "_")


def facts_of(
    side: Side, files: Mapping[str, SourceFile], root: str, framework: Framework
) -> GroundFacts:
    """The facts of a backend whose root (an absolute path) gives the crate its name."""
    tables = any(one.kind in _TABLES for one in side.models)
    package = package_name(root, files)
    database = database_of(files) or ("sqlite" if tables else None)
    settings = [Setting("listen", "LISTEN", "", default="127.0.0.1:8000")]
    if database is not None:
        url = f"sqlite:///{package}.db" if database == "sqlite" else None
        settings.append(
            Setting("database_url", "DATABASE_URL", "", default=url, needed=url is None)
        )
    return GroundFacts(package, framework, _health(side), database, tables, tuple(settings))


def package_name(root: str, files: Mapping[str, SourceFile]) -> str:
    """A name for the package: that of the backend's only package, else of its folder."""
    tops = {file.partition("/")[0] for file in files if "/" in file}
    name = next(iter(tops)) if len(tops) == 1 else os.path.basename(root.rstrip(os.sep))
    plain = _PLAIN.sub("-", name.lower()).strip("-")
    if not plain or plain in ("test", "core", "std", "alloc", "src", "main"):
        return "ported"
    return plain if plain[0].isalpha() else f"app-{plain}"


def _health(side: Side) -> str:
    """The first usual path that no route of the backend could take."""
    taken = {one.path.rstrip("/") for one in side.endpoints}
    return next((path for path in _HEALTH if path not in taken), "/internal/health/rust")
