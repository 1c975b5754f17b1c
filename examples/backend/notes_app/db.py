"""One SQLite file, opened by SQLAlchemy and, for the older audit log, by Peewee."""

import sqlite3
import time
from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated
from uuid import uuid4

from fastapi import Depends
from peewee import SqliteDatabase
from sqlalchemy import Enum, create_engine, event
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker

from notes_app.settings import settings

engine = create_engine(f"sqlite:///{settings.database}")
SessionLocal = sessionmaker(engine, expire_on_commit=False)
audit_db = SqliteDatabase(settings.database)


@event.listens_for(engine, "connect")
def enforce_foreign_keys(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA foreign_keys = ON")


class Base(DeclarativeBase):
    """The parent of every SQLAlchemy table."""


def get_session() -> Iterator[Session]:
    with SessionLocal() as session:
        yield session


DbSession = Annotated[Session, Depends(get_session)]


def by_value(enum: type[StrEnum]) -> Enum:
    """A column type that stores `admin`, where SQLAlchemy by itself would store `ADMIN`."""

    def values(members: type[StrEnum]) -> list[str]:
        return [member.value for member in members]

    return Enum(enum, native_enum=False, values_callable=values)


def new_id() -> str:
    return str(uuid4())


def now() -> int:
    """Seconds since 1970, in UTC."""
    return int(time.time())
