"""The backend's modules that forms are written into, and the rows that they ask of."""

from __future__ import annotations

from collections.abc import Sequence

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
THINGS = """
from typing import Optional

from sqlalchemy import (
    BigInteger, Boolean, Column, Float, Integer, String, Text,
    and_, delete, desc, func, insert, not_, or_, select, update,
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
"""
ROWS: Sequence[tuple[object, ...]] = [
    ("1", "it's", 1, 1.5, False, 5),
    ("2", "b%", 2, 2.5, True, 4),
    ("3", None, 3, None, False, 3),
    ("4", "B-four", 3, 0.5, True, 2),
    ("5", "It is", None, 9.0, False, 1),
    ("6", "it's", 4, 2.5, False, 8),
    ("7", "b%", 7, 0.25, True, 7),
    ("8", None, 2, 1.0, True, 6),
    ("'x", "%", 9, 1.0, True, 9),
]
COLUMNS = ("id", "name", "count", "weight", "hidden", "order")


def things(forms: Sequence[Form]) -> str:
    """The module with SQLAlchemy's forms, each a function with a session."""
    return f"{THINGS}\n\n" + "\n\n".join(_function(at, one) for at, one in enumerate(forms))


def _function(at: int, form: Form) -> str:
    lines = "\n".join(f"        {one}" for one in form.statements.splitlines())
    return f"def form_{at}({form.params}) -> {form.gives}:\n    with get_db() as db:\n{lines}\n"
