"""The backend's modules that forms are written into, and the rows that they ask of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tests.patterns.querying.forms import Form

DATABASE = """import os
from contextlib import contextmanager

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

engine = create_engine(os.environ["DATA"])


@contextmanager
def get_db():
    with Session(engine) as session:
        yield session
"""
_THINGS = """
from typing import Optional

from sqlalchemy import (
    BigInteger, Boolean, Column, Float, String, Text,
    and_, asc, delete, desc, func, insert, not_, or_, select, update,
)
from sqlalchemy.orm import declarative_base

from app.database import get_db

Base = declarative_base()


class Thing(Base):
    __tablename__ = "thing"
    id = Column(String, primary_key=True)
    name = Column(Text)
    count = Column(BigInteger)
    weight = Column(Float)
    hidden = Column(Boolean, nullable=False)
    order = Column("order", BigInteger)


class Part(Base):
    __tablename__ = "part"
    id = Column(String, primary_key=True)
    thing_id = Column(String)
    size = Column(BigInteger)


def fill():
    from app.database import engine

    Base.metadata.create_all(engine)
    parts = [("a", "1", 1), ("b", "1", 5), ("c", "2", 3), ("d", "6", 9), ("e", "none", 4)]
    with get_db() as db:
        db.add_all(Part(id=id, thing_id=thing, size=size) for id, thing, size in parts)
        db.commit()


"""
_ENTRIES = """
import os
from typing import Optional

from peewee import (
    AutoField, BigIntegerField, BooleanField, CharField, DoubleField, IntegerField, Model,
    TextField, fn,
)
from playhouse.db_url import connect

database = connect(os.environ["DATA"].replace("+psycopg", ""))


def seven() -> int:
    return 7


class Entry(Model):
    id = AutoField()
    name = TextField(null=True)
    count = BigIntegerField(null=True, default=seven)
    weight = DoubleField(null=True)
    hidden = BooleanField(default=False)
    order = IntegerField(default=3)

    class Meta:
        database = database
        table_name = "entry"


def fill():
    database.create_tables([Entry])


"""
_ROWS: tuple[tuple[object, ...], ...] = (
    ("1", "it's", 1, 1.5, False, 5),
    ("2", "b%", 2, 2.5, True, 4),
    ("3", None, 3, None, False, 3),
    ("4", "B-four", 3, 0.5, True, 2),
    ("5", "It is", None, 9.0, False, 1),
    ("6", "it's", 4, 2.5, False, 8),
    ("7", "b%", 7, 0.25, True, 7),
    ("8", None, 2, 1.0, True, 6),
    ("9", "%", 9, 1.0, True, 9),
    ("10", "b_x\\y", 5, 1.0, True, 10),
)


class Module(NamedTuple):
    """A module of the backend: what stands above its forms, the class of its rows and their table,
    the head of each function, how far its statements are indented; the rows, and what sets the
    table back on PostgreSQL beside them."""

    name: str
    text: str
    row: str
    table: str
    head: str
    indent: int
    rows: tuple[tuple[object, ...], ...]
    also: tuple[str, ...] = ()

    def written(self, forms: Sequence[Form]) -> str:
        """The whole module."""
        made = [self._function(at, one) for at, one in enumerate(forms)]
        return self.text + "\n\n".join(made)

    def _function(self, at: int, form: Form) -> str:
        lines = "\n".join(" " * self.indent + one for one in form.statements.splitlines())
        return f"def form_{at}({form.params}) -> {form.gives}:\n{self.head}{lines}\n"

    def reset(self, database: str) -> list[str]:
        """The statements that take a write back."""
        again = [
            f"DELETE FROM {self.table}",  # noqa: S608 - names of our own tables
            f"INSERT INTO {self.table} SELECT * FROM {self.table}_before",  # noqa: S608 - names of our own tables
        ]
        return [*again, *(self.also if database == "postgres" else ())]


COLUMNS = ("id", "name", "count", "weight", "hidden", "order")
THINGS = Module("things", _THINGS, "Thing", "thing", "    with get_db() as db:\n", 8, _ROWS)
ENTRIES = Module(
    "entries", _ENTRIES, "Entry", "entry", "", 4,
    tuple((int(str(one[0])), *one[1:]) for one in _ROWS),
    ("SELECT setval(pg_get_serial_sequence('entry', 'id'), 10)",),
)  # fmt: skip
MODULES = (THINGS, ENTRIES)
