"""Tables as SQL: the migration that makes them, for SQLite and PostgreSQL.

Types: SQLite's "Datatypes In SQLite" and PostgreSQL's "Data Types", as SQLAlchemy's dialects
render its generic types (`sqlalchemy/dialects/*/base.py`).
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Sequence

from port_lsp.patterns.databases import Database
from port_lsp.types.schema import FieldSchema, ModelSchema

_TYPES: dict[str, tuple[str, str]] = {
    "str": ("TEXT", "TEXT"),
    "int": ("INTEGER", "BIGINT"),
    "float": ("REAL", "DOUBLE PRECISION"),
    "bool": ("BOOLEAN", "BOOLEAN"),
    "bytes": ("BLOB", "BYTEA"),
    "datetime": ("DATETIME", "TIMESTAMP"),
    "date": ("DATE", "DATE"),
    "time": ("TIME", "TIME"),
    "uuid": ("TEXT", "UUID"),
    "decimal": ("NUMERIC", "NUMERIC"),
    "literal": ("TEXT", "TEXT"),
    "ref": ("TEXT", "TEXT"),
}
_JSON = ("JSON", "JSONB")
_LENGTH = re.compile(r"\((?:length=)?(\d+)\)")
_NUMBERED = re.compile(r"^(\d+)_")


def migration(tables: Sequence[ModelSchema], database: Database) -> str:
    """The statements that make tables, those that others refer to first."""
    return "\n".join(_create(table, database) for table in _ordered(tables))


def migration_name(names: Iterable[str], tables: Sequence[str]) -> str:
    """The file's name: the next number in the way that the others are numbered."""
    numbers = [match[1] for name in names if (match := _NUMBERED.match(name))]
    latest = max(numbers, key=int, default="0000")
    number = str(int(latest) + 1).zfill(len(latest))
    what = tables[0] if len(tables) == 1 else "tables"
    return f"{number}_create_{re.sub(r'[^0-9A-Za-z]+', '_', what)}.sql"


def _ordered(tables: Sequence[ModelSchema]) -> list[ModelSchema]:
    """Tables behind those that their foreign keys refer to; a circle stays in its order."""
    by_name = {table.table: table for table in tables if table.table}
    found: dict[str, ModelSchema] = {}
    open_: set[str] = set()

    def visit(table: ModelSchema) -> None:
        name = table.table or ""
        if name in found or name in open_:
            return
        open_.add(name)
        for column in table.fields:
            target = dict(column.keys).get("foreign_key", "").partition(".")[0]
            if target in by_name:
                visit(by_name[target])
        found[name] = table

    for table in tables:
        if table.table:
            visit(table)
    return list(found.values())


def _create(table: ModelSchema, database: Database) -> str:
    keys = [column for column in table.fields if dict(column.keys).get("primary_key") == "True"]
    lines = [_column(column, database, is_key=len(keys) == 1) for column in table.fields]
    if len(keys) > 1:
        lines.append(f"PRIMARY KEY ({', '.join(_quoted(key.column or key.name) for key in keys)})")
    body = ",\n".join(f"    {line}" for line in lines)
    text = f"CREATE TABLE IF NOT EXISTS {_quoted(table.table or '')} (\n{body}\n);\n"
    for column in table.fields:
        if dict(column.keys).get("index") == "True":
            name = column.column or column.name
            index = _quoted(f"ix_{table.table}_{name}")
            text += f"CREATE INDEX IF NOT EXISTS {index} ON {_quoted(table.table or '')} "
            text += f"({_quoted(name)});\n"
    return text


def _column(column: FieldSchema, database: Database, *, is_key: bool) -> str:
    keys = dict(column.keys)
    words = [_quoted(column.column or column.name), _type(column, database)]
    if keys.get("primary_key") == "True" and is_key:
        if column.wire.kind == "int":
            words[1] = "INTEGER" if database == "sqlite" else "BIGSERIAL"
        words.append("PRIMARY KEY")
    if not column.nullable:
        words.append("NOT NULL")
    if keys.get("unique") == "True":
        words.append("UNIQUE")
    if (server := keys.get("server_default")) is not None and (text := _default(server)):
        words.append(f"DEFAULT {text}")
    if (target := keys.get("foreign_key")) and "." in target:
        other, _, name = target.rpartition(".")
        words.append(f"REFERENCES {_quoted(other)} ({_quoted(name)})")
    return " ".join(words)


def _type(column: FieldSchema, database: Database) -> str:
    pair = _TYPES.get(column.wire.kind, _JSON)
    text = pair[0 if database == "sqlite" else 1]
    length = _LENGTH.search(column.column_type)
    if text == "TEXT" and length and column.wire.kind == "str":
        return f"VARCHAR({length[1]})"
    if text == "TIMESTAMP" and "timezone=True" in column.column_type:
        return "TIMESTAMPTZ"
    return text


def _default(written: str) -> str:
    """A server's default as SQL; "" for what isn't known."""
    if re.fullmatch(r"(?:\w+\.)*func\.(?:now|current_timestamp)\(\)", written):
        return "CURRENT_TIMESTAMP"
    match = re.fullmatch(r"(?:\w+\.)*text\((.*)\)", written)
    inner = match[1] if match else written
    try:
        value = ast.literal_eval(inner)
    except (ValueError, SyntaxError):
        return ""
    if match and isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return json.dumps(value) if isinstance(value, (int, float)) else ""


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
