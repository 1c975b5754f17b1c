"""A row of a table isn't made by a `From` of a model that hasn't its key: the database gives it."""

from __future__ import annotations

from pathlib import Path

from tests.patterns.test_nested import ported

_BODY = """
from sqlmodel import Field, Session, SQLModel


class ThingIn(SQLModel):
    name: str


class Thing(ThingIn, table=True):
    id: int | None = Field(default=None, primary_key=True)


def outer(given: ThingIn) -> Thing:
    return Thing.from_orm(given)
"""


def test_a_key_is_never_none(tmp_path: Path) -> None:
    text = ported(tmp_path, _BODY)
    assert "pub struct Thing " in text
    assert "id: None" not in text
