"""Tables as SQL: the migration that makes them, for SQLite and PostgreSQL.

Types are those that SQLAlchemy's dialects render for its generic ones (`sqlalchemy/dialects/
sqlite/base.py`, `…/postgresql/base.py`), so that a database which Python made fits, too.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence

from port_lsp.types.databases import Database
from port_lsp.types.schema import FieldSchema, ModelSchema

_TYPES: dict[str, tuple[str, str]] = {
    **dict.fromkeys(("Integer", "INTEGER", "INT"), ("INTEGER", "INTEGER")),
    **dict.fromkeys(("BigInteger", "BIGINT"), ("BIGINT", "BIGINT")),
    **dict.fromkeys(("SmallInteger", "SMALLINT"), ("SMALLINT", "SMALLINT")),
    **dict.fromkeys(("String", "VARCHAR", "Unicode", "AutoString"), ("VARCHAR", "VARCHAR")),
    **dict.fromkeys(("Text", "TEXT", "UnicodeText"), ("TEXT", "TEXT")),
    **dict.fromkeys(("Boolean", "BOOLEAN"), ("BOOLEAN", "BOOLEAN")),
    **dict.fromkeys(("Float", "FLOAT"), ("FLOAT", "FLOAT")),
    **dict.fromkeys(("Double", "DOUBLE", "DOUBLE_PRECISION"), ("DOUBLE", "DOUBLE PRECISION")),
    **dict.fromkeys(("REAL",), ("REAL", "REAL")),
    **dict.fromkeys(("Numeric", "NUMERIC", "DECIMAL"), ("NUMERIC", "NUMERIC")),
    **dict.fromkeys(("DateTime", "DATETIME", "TIMESTAMP"), ("DATETIME", "TIMESTAMP")),
    **dict.fromkeys(("Date", "DATE"), ("DATE", "DATE")),
    **dict.fromkeys(("Time", "TIME"), ("TIME", "TIME")),
    **dict.fromkeys(("Interval", "INTERVAL"), ("DATETIME", "INTERVAL")),
    **dict.fromkeys(("LargeBinary", "BLOB", "BYTEA"), ("BLOB", "BYTEA")),
    **dict.fromkeys(("BINARY", "VARBINARY"), ("BLOB", "BYTEA")),
    **dict.fromkeys(("JSON",), ("JSON", "JSON")),
    **dict.fromkeys(("JSONB",), ("JSON", "JSONB")),
    **dict.fromkeys(("Uuid", "UUID"), ("CHAR(32)", "UUID")),
    **dict.fromkeys(("CHAR",), ("CHAR", "CHAR")),
    **dict.fromkeys(("INET", "CIDR", "TSVECTOR", "CITEXT"), ("TEXT", "TEXT")),
}
_SIZED = frozenset(("VARCHAR", "CHAR", "NUMERIC", "FLOAT"))
_NUMBERED = re.compile(r"^(\d+)_")
_CONSTRAINTS = ("UniqueConstraint", "Index", "PrimaryKeyConstraint", "ForeignKeyConstraint",
                "CheckConstraint")  # fmt: skip


def migration(tables: Sequence[ModelSchema], database: Database) -> str:
    """The statements that make tables, those that others refer to first."""
    types: set[str] = set()
    return "\n".join(_create(table, database, types) for table in _ordered(tables))


def migration_file(
    tables: Sequence[ModelSchema], names: Iterable[str], database: Database
) -> tuple[str, str]:
    """The one file (path, text) that makes tables, beside migrations of other names: two of one
    number are none to sqlx."""
    name = migration_name(names, list(dict.fromkeys(one.table or "" for one in tables)))
    return f"migrations/{name}", migration(tables, database)


def migration_name(names: Iterable[str], tables: Sequence[str]) -> str:
    """The file's name: the next number in the way that the others are numbered."""
    numbers = [match[1] for name in names if (match := _NUMBERED.match(name))]
    latest = max(numbers, key=int, default="0000")
    number = str(int(latest) + 1).zfill(len(latest))
    what = tables[0] if len(tables) == 1 else "tables"
    return f"{number}_create_{re.sub(r'[^0-9A-Za-z]+', '_', what)}.sql"


def _ordered(tables: Sequence[ModelSchema]) -> list[ModelSchema]:
    """Tables behind those that their foreign keys refer to; a circle stays in its order. Two
    classes of one table are one."""
    by_name: dict[str, ModelSchema] = {}
    for table in tables:
        if table.table:
            by_name.setdefault(table.table, table)
    found: dict[str, ModelSchema] = {}
    open_: set[str] = set()

    def visit(table: ModelSchema) -> None:
        name = table.table or ""
        if name in found or name in open_:
            return
        open_.add(name)
        for column in table.fields:
            target = dict(column.keys).get("foreign_key", "").rpartition(".")[0]
            if target in by_name:
                visit(by_name[target])
        found[name] = table

    for table in by_name.values():
        visit(table)
    return list(found.values())


def _create(table: ModelSchema, database: Database, made: set[str]) -> str:
    """One table; `made` are PostgreSQL's types that others have made."""
    name = table.table or ""
    keys = [column for column in table.fields if is_primary(column)]
    lines = [_column(column, database, is_key=len(keys) == 1) for column in table.fields]
    if len(keys) > 1:
        lines.append(f"PRIMARY KEY ({', '.join(quoted(column_name(key)) for key in keys)})")
    indexes: list[str] = []
    for text in table.constraints:
        _constraint(table, text, lines, indexes)
    for column in table.fields:
        if dict(column.keys).get("index") == "True":
            unique = "UNIQUE " if dict(column.keys).get("unique") == "True" else ""
            index = f"ix_{name}_{column_name(column)}"
            indexes.append(_index(index, name, (column_name(column),), unique))
    types = "".join(_enum_types(table, made)) if database == "postgres" else ""
    body = ",\n".join(f"    {line}" for line in lines)
    return f"{types}CREATE TABLE IF NOT EXISTS {quoted(name)} (\n{body}\n);\n" + "".join(indexes)


def is_primary(column: FieldSchema) -> bool:
    """Whether a column is its table's primary key, or part of it."""
    return dict(column.keys).get("primary_key") == "True"


def column_name(column: FieldSchema) -> str:
    """A column's name in the database."""
    return column.column or column.name


def _index(name: str, table: str, columns: Sequence[str], unique: str = "") -> str:
    listed = ", ".join(quoted(one) for one in columns)
    return f"CREATE {unique}INDEX IF NOT EXISTS {quoted(name)} ON {quoted(table)} ({listed});\n"


def _enum_types(table: ModelSchema, made: set[str]) -> Iterator[str]:
    """PostgreSQL's types for the columns that are an Enum; two may have one of them."""
    for column in table.fields:
        name, words = _enum_words(column)
        if name and name not in made:
            made.add(name)
            listed = ", ".join(_text(word) for word in words)
            yield f"CREATE TYPE {quoted(name)} AS ENUM ({listed});\n"


def _enum_words(column: FieldSchema) -> tuple[str, tuple[str, ...]]:
    """PostgreSQL's name of the type of a column that is an Enum, "" for none, and its texts."""
    words = column.column_words
    if column.column_type not in ("Enum", "ENUM"):
        return "", words
    name = next((one for one in words if one.startswith("type:")), "").removeprefix("type:")
    return name, tuple(one for one in words if not one.startswith(("type:", "check:")))


def _column(column: FieldSchema, database: Database, *, is_key: bool) -> str:
    keys = dict(column.keys)
    words = [quoted(column_name(column)), sql_type(column, database)]
    if is_primary(column) and is_key:
        counts = keys.get("autoincrement") != "False" and "foreign_key" not in keys
        if database == "postgres" and counts and words[1] in ("INTEGER", "BIGINT", "SMALLINT"):
            words[1] = {"INTEGER": "SERIAL", "BIGINT": "BIGSERIAL"}.get(words[1], "SMALLSERIAL")
        if database == "sqlite" and counts and words[1] in ("BIGINT", "SMALLINT"):
            words[1] = "INTEGER"  # the only one that SQLite counts up
        words.append("PRIMARY KEY")
    if not column.nullable or is_primary(column):
        words.append("NOT NULL")
    if keys.get("unique") == "True" and keys.get("index") != "True":
        words.append("UNIQUE")
    native, texts = _enum_words(column)
    if "check:" in column.column_words and texts and not (native and database == "postgres"):
        listed = ", ".join(_text(one) for one in texts)
        words.append(f"CHECK ({quoted(column_name(column))} IN ({listed}))")
    if (default := keys.get("server_default")) is not None:
        is_bool = database == "postgres" and column.column_type in ("Boolean", "BOOLEAN")
        if is_bool and default.strip("'") in ("0", "1"):
            default = "TRUE" if default.strip("'") == "1" else "FALSE"
        words.append(f"DEFAULT {default}")
    if (target := keys.get("foreign_key")) and "." in target:
        other, _, name = target.rpartition(".")
        words.append(f"REFERENCES {_dotted(other)} ({quoted(name)})")
        # SQLModel's `Field` has it beside the key's name.
        action = keys.get("foreign_ondelete", keys.get("ondelete"))
        if action is not None:
            words.append(f"ON DELETE {action.upper()}")
    return " ".join(words)


def sql_type(column: FieldSchema, database: Database) -> str:
    """A column's type as its database calls it."""
    kind = column.column_type
    if kind in ("Enum", "ENUM"):
        name, words = _enum_words(column)
        if name and database == "postgres":
            return quoted(name)
        longest = max((len(word) for word in words), default=0)
        return f"VARCHAR({longest})" if longest else "VARCHAR"
    if kind == "ARRAY":
        inner = column.column_words[0] if column.column_words else "Text"
        return "JSON" if database == "sqlite" else f"{_TYPES.get(inner, ('', 'TEXT'))[1]}[]"
    text = _TYPES.get(kind, ("TEXT", "TEXT"))[0 if database == "sqlite" else 1]
    if text in _SIZED and column.column_sizes:
        text = f"{text}({', '.join(str(size) for size in column.column_sizes)})"
    if text in ("TIMESTAMP", "TIME") and "timezone" in column.column_words:
        text += " WITH TIME ZONE"
    return text


# A table's own constraints


def _constraint(table: ModelSchema, text: str, lines: list[str], indexes: list[str]) -> None:
    """One entry of `__table_args__`."""
    try:
        call = ast.parse(text, mode="eval").body
    except SyntaxError:
        return
    if not isinstance(call, ast.Call):
        return
    kind = ast.unparse(call.func).rpartition(".")[2]
    if kind not in _CONSTRAINTS:
        return
    values = [one.value for one in call.args if isinstance(one, ast.Constant)]
    texts = [one for one in values if isinstance(one, str)]
    words = {one.arg: one.value for one in call.keywords if one.arg}
    named = words.get("name")
    name = named.value if isinstance(named, ast.Constant) else None
    lead = f"CONSTRAINT {quoted(name)} " if isinstance(name, str) else ""
    columns = [_real(table, one) for one in texts]
    listed = ", ".join(quoted(one) for one in columns)
    if kind == "UniqueConstraint" and columns:
        lines.append(f"{lead}UNIQUE ({listed})")
    elif kind == "PrimaryKeyConstraint" and columns:
        lines[:] = [line.replace(" PRIMARY KEY", "") for line in lines]
        lines.append(f"{lead}PRIMARY KEY ({listed})")
    elif kind == "CheckConstraint" and texts:
        lines.append(f"{lead}CHECK ({texts[0]})")
    elif kind == "Index" and len(texts) > 1:
        unique = words.get("unique")
        is_unique = isinstance(unique, ast.Constant) and unique.value is True
        indexes.append(
            _index(texts[0], table.table or "", columns[1:], "UNIQUE " if is_unique else "")
        )
    elif kind == "ForeignKeyConstraint" and len(call.args) > 1:
        _foreign(call, lead, words, lines)


def _foreign(call: ast.Call, lead: str, words: dict[str, ast.expr], lines: list[str]) -> None:
    try:
        own, others = ast.literal_eval(call.args[0]), ast.literal_eval(call.args[1])
    except ValueError:
        return
    table = others[0].rpartition(".")[0]
    mine = ", ".join(quoted(one) for one in own)
    theirs = ", ".join(quoted(one.rpartition(".")[2]) for one in others)
    line = f"{lead}FOREIGN KEY ({mine}) REFERENCES {_dotted(table)} ({theirs})"
    action = words.get("ondelete")
    if isinstance(action, ast.Constant) and isinstance(action.value, str):
        line += f" ON DELETE {action.value.upper()}"
    lines.append(line)


def _real(table: ModelSchema, name: str) -> str:
    """A column's name in the database, by its attribute's."""
    for column in table.fields:
        if column.name == name:
            return column_name(column)
    return name


def _text(word: str) -> str:
    return "'" + word.replace("'", "''") + "'"


def _dotted(name: str) -> str:
    """A table's name with its schema's."""
    return ".".join(quoted(part) for part in name.split("."))


def quoted(name: str) -> str:
    """A name as SQL quotes it."""
    return '"' + name.replace('"', '""') + '"'
