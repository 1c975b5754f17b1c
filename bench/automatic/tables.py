"""The rows of both sides' databases (SQLite): what they differ in, and how they come
to be the same."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from port_lsp.facts.source import Record
from port_lsp.parity.comparing import Difference, differing

Rows = dict[str, list[dict[str, Any]]]
_WAIT = 10.0  # seconds for a lock


class Databases(Record, frozen=True):
    """Both files. `apart` are tables and columns (`table.column`) that aren't compared."""

    python: Path
    rust: Path
    apart: tuple[str, ...] = ()

    def differences(self) -> tuple[Difference, ...]:
        """What the rows of all tables differ in, each table's in the order of their making: as
        `$.table[0].column`."""
        return differing("$", self._rows(self.python), self._rows(self.rust))

    def _rows(self, path: Path) -> Rows:
        with closing(_opened(path)) as database:
            return {name: self._of(database, name) for name in self._tables(database)}

    def _tables(self, database: sqlite3.Connection) -> list[str]:
        query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        return sorted(name for (name,) in database.execute(query) if name not in self.apart)

    def _of(self, database: sqlite3.Connection, table: str) -> list[dict[str, Any]]:
        found = database.execute(f'SELECT * FROM "{table}" ORDER BY rowid')  # noqa: S608 - names of the schema
        names = [one[0] for one in found.description]
        kept = [name not in self.apart and f"{table}.{name}" not in self.apart for name in names]
        return [
            {name: _told(value) for name, value, is_kept in zip(names, row, kept, strict=True)
             if is_kept}
            for row in found
        ]  # fmt: skip

    def run(self, script: str) -> None:
        """Runs SQL on both."""
        for path in (self.python, self.rust):
            with closing(_opened(path)) as database:
                database.executescript(script)

    def swap(self, column: str, where: str) -> None:
        """Exchanges the values of `table.column` in the rows that a condition names."""
        table, _, name = column.partition(".")
        query = f'SELECT "{name}" FROM "{table}" WHERE {where} ORDER BY rowid'  # noqa: S608 - names of the schema
        change = (
            f'UPDATE "{table}" SET "{name}" = ? WHERE rowid ='  # noqa: S608 - names of the schema
            f' (SELECT rowid FROM "{table}" WHERE {where} ORDER BY rowid LIMIT 1 OFFSET ?)'
        )
        with closing(_opened(self.python)) as one, closing(_opened(self.rust)) as other:
            values = [[value for (value,) in side.execute(query)] for side in (one, other)]
            for side, news in zip((one, other), reversed(values), strict=True):
                side.executemany(change, [(value, at) for at, value in enumerate(news)])
                side.commit()

    def level(self) -> None:
        """Gives Rust's database the rows of Python's, in the columns that both have."""
        with closing(_opened(self.python)) as one, closing(_opened(self.rust)) as other:
            for table in self._tables(one):
                _copied(one, other, table)
            other.commit()


def _copied(one: sqlite3.Connection, other: sqlite3.Connection, table: str) -> None:
    found = one.execute(f'SELECT * FROM "{table}" ORDER BY rowid')  # noqa: S608 - names of the schema
    names = [name[0] for name in found.description]
    there = {row[1] for row in other.execute(f'PRAGMA table_info("{table}")')}
    kept = [at for at, name in enumerate(names) if name in there]
    if not kept:
        return
    columns = ", ".join(f'"{names[at]}"' for at in kept)
    marks = ", ".join("?" for _ in kept)
    other.execute(f'DELETE FROM "{table}"')  # noqa: S608 - names of the schema
    rows = ([row[at] for at in kept] for row in found)
    other.executemany(f'INSERT INTO "{table}" ({columns}) VALUES ({marks})', rows)  # noqa: S608 - names of the schema


def _opened(path: Path) -> sqlite3.Connection:
    # Foreign keys are off, as SQLite has them by itself: rows are moved in any order.
    return sqlite3.connect(path, timeout=_WAIT)


def _told(value: Any) -> Any:
    return f"blob {value.hex()}" if isinstance(value, bytes) else value
