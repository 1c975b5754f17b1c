"""Migrations make the tables that the ORM's own metadata makes."""

from __future__ import annotations

import importlib.util
import re
import sqlite3
import sys
from pathlib import Path
from typing import Any

import pytest

from bench.port_compile import port
from port_lsp.patterns.migrations import migration
from port_lsp.types.schema import ModelSchema

from .projects import desk_of

pytest.importorskip("sqlalchemy")

SQLALCHEMY = """
import enum
from datetime import date, datetime, time
from decimal import Decimal
from typing import Annotated, Optional

from sqlalchemy import (
    JSON, BigInteger, Boolean, Column, Date, DateTime, Enum, Float, ForeignKey, Index, Integer,
    LargeBinary, Numeric, SmallInteger, String, Text, Time, UniqueConstraint, Uuid, func, text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator


class Base(DeclarativeBase):
    pass


class Color(enum.Enum):
    RED = "red"
    DARK_BLUE = "blue"


class Role(str, enum.Enum):
    ADMIN = "admin"
    USER = "a user"
    OWNER = "admin"

    def is_admin(self) -> bool:
        return self is Role.ADMIN


class Level(enum.IntEnum):
    LOW = 1
    HIGHEST = 2


def by_value(kind: type[enum.Enum]) -> Enum:
    def values(members: type[enum.Enum]) -> list[str]:
        return [member.value for member in members]

    return Enum(kind, native_enum=False, values_callable=values)


class JsonText(TypeDecorator):
    impl = Text
    cache_ok = True


class Team(Base):
    __tablename__ = "teams"
    id = Column(Integer, primary_key=True)
    name = Column(String(50), nullable=False, unique=True)
    motto = Column(Text)
    rank = Column(SmallInteger, server_default="3")
    active = Column(Boolean, nullable=False, server_default=text("1"))
    created = Column(DateTime, server_default=func.now())
    extra = Column(JSON)
    notes = Column(JsonText, nullable=True)


class Member(Base):
    __tablename__ = "members"
    __table_args__ = (
        UniqueConstraint("team_id", "mail", name="uq_mail"),
        Index("ix_two", "team_id", "nick_name"),
    )
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id", ondelete="CASCADE"))
    mail: Mapped[str] = mapped_column(String(120), index=True)
    nick: Mapped[Optional[str]] = mapped_column("nick_name", String(30))
    born: Mapped[Optional[date]]
    wakes: Mapped[Optional[time]]
    seen: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    score: Mapped[float]
    balance: Mapped[Decimal] = mapped_column(Numeric(10, 2))
    photo: Mapped[Optional[bytes]]
    color: Mapped[Color] = mapped_column(Enum(Color))
    role: Mapped[Role] = mapped_column(by_value(Role))
    named_role: Mapped[Role]
    valued: Mapped[Optional[Role]] = mapped_column(
        Enum(Role, name="valued", values_callable=lambda kind: [str(one.value) for one in kind])
    )
    level: Mapped[Level]
    checked: Mapped[Level] = mapped_column(Enum(Level, native_enum=False, create_constraint=True))
    other_color: Mapped[Annotated[Color, mapped_column(Enum(Color, native_enum=False))]]
    plain: Mapped[str] = mapped_column(default="x")


class Membership(Base):
    __tablename__ = "membership"
    member_id = Column(BigInteger, ForeignKey("members.id"), primary_key=True)
    team_id = Column(Integer, ForeignKey("teams.id"), primary_key=True)
    level = Column(String, nullable=False, default="low", server_default="low")
    weight = Column(Float)
"""

SQLMODEL = """
from datetime import datetime
from typing import Optional

from sqlmodel import Field, SQLModel


class Hero(SQLModel, table=True):
    id: Optional[int] = Field(default=None, primary_key=True)
    name: str = Field(index=True, max_length=40)
    secret: str = Field(unique=True)
    age: Optional[int] = None
    made: datetime
    team: Optional[int] = Field(default=None, foreign_key="hero.id")
"""

PEEWEE = """
from peewee import (
    AutoField, BooleanField, CharField, DateTimeField, FloatField, ForeignKeyField, IntegerField,
    Model, SqliteDatabase, TextField,
)

database = SqliteDatabase(":memory:")


class Author(Model):
    name = CharField(max_length=80, unique=True)
    bio = TextField(null=True)

    class Meta:
        database = database
        table_name = "authors"


class Book(Model):
    key = AutoField()
    title = CharField()
    author = ForeignKeyField(Author, on_delete="CASCADE")
    pages = IntegerField(default=1)
    price = FloatField(null=True)
    out = BooleanField(index=True)
    at = DateTimeField()

    class Meta:
        database = database
"""


def schemas(folder: Path, source: str) -> list[ModelSchema]:
    desk = desk_of(folder, {"tables.py": source})
    backend = desk.snapshot.backend
    assert backend is not None
    return [desk.backend.schema(one) for one in backend.models if one.table is not None]


def module(folder: Path, name: str) -> Any:
    spec = importlib.util.spec_from_file_location(name, folder / "backend" / "tables.py")
    assert spec is not None
    assert spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    sys.modules[name] = loaded
    spec.loader.exec_module(loaded)
    return loaded


def described(connection: sqlite3.Connection) -> dict[str, Any]:
    """What SQLite knows of each table: columns, keys, indexes."""
    found: dict[str, Any] = {}
    rows = connection.execute("select name from sqlite_master where type = 'table'").fetchall()
    for (table,) in rows:
        columns = connection.execute(f'pragma table_info("{table}")').fetchall()
        keys = connection.execute(f'pragma foreign_key_list("{table}")').fetchall()
        indexes = connection.execute(f'pragma index_list("{table}")').fetchall()
        found[table] = {
            "columns": [(name, kind.replace("DOUBLE", "FLOAT"), notnull, default, bool(pk))
                        for _, name, kind, notnull, default, pk in columns],
            "foreign": sorted((row[2], row[3], row[4], row[6]) for row in keys),
            "indexes": sorted((row[2], _index(connection, row[1])) for row in indexes),
        }  # fmt: skip
    return found


def _index(connection: sqlite3.Connection, name: str) -> tuple[str, ...]:
    return tuple(row[2] for row in connection.execute(f'pragma index_info("{name}")'))


def made(schemas: list[ModelSchema]) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.executescript(migration(schemas, "sqlite"))
    return connection


def test_sqlalchemys_tables(tmp_path: Path) -> None:
    ours = described(made(schemas(tmp_path, SQLALCHEMY)))
    loaded = module(tmp_path, "sqlalchemy_tables")
    assert ours == _by_sqlalchemy(loaded.Base.metadata)


def test_what_is_stored_of_enums(tmp_path: Path) -> None:
    """Names or values, as SQLAlchemy's own type says."""
    (members,) = (one for one in schemas(tmp_path, SQLALCHEMY) if one.table == "members")
    table = module(tmp_path, "enum_tables").Base.metadata.tables["members"]
    ours = {one.name: one for one in members.fields if one.column_type == "Enum"}
    assert len(ours) == 7
    for name, column in ours.items():
        words = [one for one in column.column_words if not one.startswith(("type:", "check:"))]
        kind = table.c[name].type
        assert (name, words) == (name, kind.enums)
        assert (column.stored == "values") == (kind.values_callable is not None)
        native = next((one[5:] for one in column.column_words if one.startswith("type:")), None)
        assert native == (kind.name if kind.native_enum else None)


def test_checked_enums_refuse_what_they_have_not(tmp_path: Path) -> None:
    text = migration(schemas(tmp_path, SQLALCHEMY), "sqlite")
    (line,) = (one for one in text.splitlines() if '"checked"' in one)
    assert line.strip() == (
        """"checked" VARCHAR(7) NOT NULL CHECK ("checked" IN ('LOW', 'HIGHEST')),"""
    )


def test_sqlmodels_tables(tmp_path: Path) -> None:
    pytest.importorskip("sqlmodel")
    ours = described(made(schemas(tmp_path, SQLMODEL)))
    loaded = module(tmp_path, "sqlmodel_tables")
    assert ours == _by_sqlalchemy(loaded.SQLModel.metadata)


def test_peewees_tables(tmp_path: Path) -> None:
    pytest.importorskip("peewee")
    ours = described(made(schemas(tmp_path, PEEWEE)))
    loaded = module(tmp_path, "peewee_tables")
    loaded.database.create_tables([loaded.Author, loaded.Book])
    theirs = described(loaded.database.connection())
    for table in ("authors", "book"):
        assert _names(ours[table]) == _names(theirs[table])
        assert ours[table]["foreign"] == theirs[table]["foreign"]
        assert ours[table]["indexes"] == theirs[table]["indexes"]


def test_postgres_columns_are_sqlalchemys(tmp_path: Path) -> None:
    from sqlalchemy.dialects import postgresql
    from sqlalchemy.schema import CreateTable

    text = migration(schemas(tmp_path, SQLALCHEMY), "postgres")
    loaded = module(tmp_path, "postgres_tables")
    for table in loaded.Base.metadata.sorted_tables:
        theirs = str(CreateTable(table).compile(dialect=postgresql.dialect()))  # pyright: ignore
        block = text.partition(f'EXISTS "{table.name}" (')[2].partition("\n);")[0]
        ours = {_column_type(line.replace('"', "")) for line in block.splitlines() if line.strip()}
        for line in theirs.partition("(")[2].splitlines():
            if line.strip() and not line.strip().startswith(
                (")", "PRIMARY", "CONSTRAINT", "FOREIGN", "UNIQUE")
            ):
                assert _column_type(line) in ours


def _column_type(line: str) -> str:
    """A column's name and type, and whether null is refused."""
    words = re.sub(r"WITHOUT TIME ZONE", "", line.strip().rstrip(","))
    words = words.replace("DOUBLE PRECISION", "FLOAT")  # SQLAlchemy 2.1's `float`
    head = re.split(r"\b(?:NOT NULL|DEFAULT|PRIMARY|REFERENCES|UNIQUE)\b", words)[0]
    return " ".join(head.split()) + (" not null" if "NOT NULL" in line else "")


def _names(table: Any) -> list[Any]:
    return [(name, bool(notnull), pk) for name, _, notnull, _, pk in table["columns"]]


def _by_sqlalchemy(metadata: Any) -> dict[str, Any]:
    from sqlalchemy import create_engine

    engine = create_engine("sqlite://")
    metadata.create_all(engine)
    with engine.connect() as connection:
        return described(connection.connection.driver_connection)  # pyright: ignore


def test_tables_that_several_patterns_ask_for_are_in_one_file(tmp_path: Path) -> None:
    """sqlx takes a number once; models and handlers both ask for the tables that they need."""
    backend = Path(__file__).parents[2] / "examples" / "backend"
    assert port(backend, tmp_path / "crate", (), "axum").left == ()
    (file,) = (tmp_path / "crate" / "migrations").iterdir()
    made = set(re.findall(r'CREATE TABLE IF NOT EXISTS "(\w+)"', file.read_text("utf-8")))
    assert made == {"audit", "comments", "folders", "notes", "users"}
