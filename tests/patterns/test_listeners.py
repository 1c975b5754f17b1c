"""What listens to SQLAlchemy's events: those of connections change no row."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.patterns.test_objects import index_of, models, ported


@pytest.mark.parametrize(
    ("listened", "translated"),
    [
        ('@event.listens_for(engine, "connect")', True),
        ("@event.listens_for(engine.sync_engine, 'connect')", True),
        ('@event.listens_for(Row, "before_insert")', False),
        ("@event.listens_for(Session, name)", False),
    ],
)
def test_rows_are_added_where_nobody_changes_them(
    tmp_path: Path, listened: str, translated: bool
) -> None:
    body = f"""from sqlalchemy import create_engine, event

engine = create_engine("sqlite:///app.db")
name = "before_flush"


{listened}
def heard(*args):
    pass


def added(db: Session, name: str) -> None:
    row = Row(name=name)
    db.add(row)
    db.commit()
"""
    text = models(ported(index_of(tmp_path, body), "added"))
    assert ("INSERT INTO things" in text) is translated
