"""Which database a backend opens, as its own URLs and drivers say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from port_lsp.facts.source import SourceFile
from port_lsp.types.databases import Database

# SQLAlchemy's docs, "Database URLs"; Peewee's, "Initializing a Database".
_SIGNS: tuple[tuple[Database, re.Pattern[bytes]], ...] = (
    ("sqlite", re.compile(rb"[\"']sqlite(?:\+\w+)?://|\bSqliteDatabase\s*\(")),
    (
        "postgres",
        re.compile(rb"[\"']postgres(?:ql)?(?:\+\w+)?://|\bPostgresqlDatabase\s*\(|\bPostgresDsn\b"),
    ),
)
# Where a program says what it opens, rather than what it could.
_SAYS = re.compile(rb"create_(?:async_)?engine\s*\(|BaseSettings\b|environ|getenv|Database\s*\(")
_WORDS = ("db", "database", "config", "settings", "env", "engine", "session")


def database_of(files: Mapping[str, SourceFile]) -> Database | None:
    """The database of a backend's files; of several that it names the one that it names most, in
    the files that open one or read settings; None where nothing is said."""
    votes: Counter[Database] = Counter()
    for path, file in files.items():
        data = file.text.data
        says = _SAYS.search(data) is not None
        name = path.rpartition("/")[2].removesuffix(".py").lower()
        weight = 1 + 4 * says + 4 * any(word in name for word in _WORDS)
        for database, sign in _SIGNS:
            if sign.search(data) is not None:
                votes[database] += weight
    return max(votes, key=lambda one: votes[one]) if votes else None
