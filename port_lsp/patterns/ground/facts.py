"""What the backend says that a new crate's ground rests on."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterable, Iterator, Mapping

from msgspec.structs import replace

from port_lsp.facts.items import Side
from port_lsp.facts.source import Record, SourceFile
from port_lsp.patterns.translate.appstate.uses import Uses
from port_lsp.patterns.translate.binding import dotted
from port_lsp.python.reader import BackendReader
from port_lsp.types import meanings as m
from port_lsp.types.auth import Auth, Row, values_in
from port_lsp.types.databases import Database
from port_lsp.types.schema import ModelSchema
from port_lsp.types.settings import Cors, Setting
from port_lsp.writing.registering import Framework

_HEALTH = ("/health", "/healthz", "/livez", "/internal/health")
_TABLES = frozenset(("sqlalchemy", "peewee"))
# What a setting with a database's URL is called, or holds: SQLAlchemy's docs, "Database URLs".
_DATABASE = re.compile(
    r"(?:(?:\w+_)?database|(?:sqlalchemy_)?db|sqlalchemy|pg|postgres(?:ql)?)_?(?:url|uri|dsn)"
)
_URL = re.compile(r"(?:sqlite|postgres(?:ql)?)(?:\+\w+)?://")
# `PRAGMA foreign_keys = ON`, Peewee's `pragmas={"foreign_keys": 1}`.
_HELD_KEYS = re.compile(rb"(?i)foreign_keys[\"']?\s*[=:,]\s*[\"']?(?:on|1|true|yes)\b")
_ENVIRONMENT = ("os.environ", "os.getenv", "environ", "getenv")
_PLAIN = re.compile(r"[^a-z0-9]+")


class RowField(Record, frozen=True):
    """A column of a table: the model's name for it, the struct's, the type of what it holds
    ("String", "i64", "f64", "bool", "enum" or "" for another), whether that may be missing. An
    enum has its path and by the members' values, which are JSON, the names of its variants."""

    name: str
    field: str
    kind: str
    nullable: bool = False
    path: tuple[str, ...] = ()
    variants: tuple[tuple[str, str], ...] = ()


class RowStruct(Record, frozen=True):
    """The crate's struct of a table's rows: the model (item key), the struct's path, its fields."""

    key: str
    path: tuple[str, ...]
    fields: tuple[RowField, ...]


class GroundFacts(Record, frozen=True):
    """What the files of a new crate are made from.

    `package` is the name in Cargo.toml, `library` that of the library in code. `database` is None
    for a backend without one. `settings` are the backend's, and before them those that the ground
    itself needs: where to listen, and the database's URL. `health` is the path of the health check:
    none of the backend's. `database_setting` and `cors_setting` are the variables (`env`) of the
    settings with the database's URL and with the origins that may call. `auth` is who may call
    what, `auth_models` are the tables that it looks things up in, and their enums; `auth_rows` are
    the structs of those tables' rows, where the crate has them. `websockets` says whether the
    backend has any, `foreign_keys` whether it has SQLite hold these (its docs, "SQLite Foreign Key
    Support": by itself it doesn't), `shared` whether it keeps anything on `app.state`,
    `shared_settings` whether any of that begins as a setting.
    """

    package: str
    framework: Framework
    health: str
    database: Database | None = None
    has_tables: bool = False
    settings: tuple[Setting, ...] = ()
    database_setting: str = ""
    cors: Cors | None = None
    cors_setting: str = ""
    auth: Auth | None = None
    auth_models: tuple[ModelSchema, ...] = ()
    auth_rows: tuple[RowStruct, ...] = ()
    websockets: bool = False
    foreign_keys: bool = False
    shared: bool = False
    shared_settings: bool = False

    @property
    def library(self) -> str:
        """The package's name as code names it."""
        return self.package.replace("-", "_")


def facts_of(
    side: Side,
    files: Mapping[str, SourceFile],
    reader: BackendReader,
    root: str,
    framework: Framework,
) -> GroundFacts:
    """The facts of a backend whose root (an absolute path) gives the crate its name."""
    package = package_name(root, files)
    has_rows = any(one.kind in _TABLES for one in side.models)
    is_migrated = any(one.table for one in side.models)  # nobody makes a table without a name
    database = reader.database() or ("sqlite" if has_rows else None)
    settings = [Setting("listen", "LISTEN", "", default="127.0.0.1:8000"), *reader.settings()]
    url = ""
    if database is not None:
        at, setting = _database_setting(settings, database, package)
        settings[at : at + 1] = [setting]
        url = setting.env
    cors = reader.cors()
    auth = reader.auth()
    uses = Uses(files, side)
    return GroundFacts(
        package,
        framework,
        _health(side),
        database,
        is_migrated,
        tuple(settings),
        url,
        cors,
        _setting_of(cors.variable, settings) if cors is not None else "",
        auth,
        tuple(_looked_up(auth, side, reader)) if auth is not None else (),
        websockets=any(one.kind == "websocket" for one in side.endpoints),
        foreign_keys=any(_HELD_KEYS.search(one.text.data) for one in files.values()),
        shared=bool(uses.places),
        shared_settings=_begins_as_setting(uses, reader),
    )


def _begins_as_setting(uses: Uses, reader: BackendReader) -> bool:
    """Whether the first value of anything on `app.state` is made of a setting."""
    return any(
        isinstance(reader.meaning(one.first.file, name), m.Env) or name in _ENVIRONMENT
        for one in uses.places.values()
        if one.first is not None and one.first.value is not None
        for node in ast.walk(one.first.value)
        if isinstance(node, (ast.Name, ast.Attribute)) and (name := dotted(node))
    )


def _looked_up(auth: Auth, side: Side, reader: BackendReader) -> Iterator[ModelSchema]:
    """The tables in which gates look something up, and the enums of their columns."""
    models = {one.key: one for one in side.models}
    rows = (one for gate in auth.gates for one in values_in(gate.tree) if isinstance(one, Row))
    for key in dict.fromkeys(row.model for row in rows if row.model in models):
        schema = reader.schema(models[key])
        yield schema
        for field in schema.fields:
            wire = field.wire.args[0] if field.wire.kind == "optional" else field.wire
            if wire.kind == "ref" and wire.name in models:
                yield reader.schema(models[wire.name])


def _database_setting(
    settings: list[Setting], database: Database, package: str
) -> tuple[int, Setting]:
    """The setting that says where the database is, and its place among all; behind the last of
    them, where the backend has none."""
    usual = f"sqlite:///{package}.db" if database == "sqlite" else None
    texts = [(at, one) for at, one in enumerate(settings) if one.kind == "str"]
    named = (pair for pair in texts if _DATABASE.fullmatch(pair[1].name))
    held = (pair for pair in texts if _URL.match(str(pair[1].default)))
    at, found = next(named, None) or next(held, None) or (-1, None)
    if found is not None:
        default = found.default or usual
        return at, replace(found, default=default, needed=default is None)
    made = Setting("database_url", "DATABASE_URL", "", default=usual, needed=usual is None)
    return len(settings), made


def _setting_of(variable: str, settings: Iterable[Setting]) -> str:
    """The environment's name of the setting that a name in code holds: `settings.origins`."""
    name = variable.rpartition(".")[2].lower()
    return next((one.env for one in settings if name and one.name.lower() == name), "")


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
