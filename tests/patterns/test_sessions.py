"""Which parameter of a function is a session, which the state stands for in Rust: its name alone
doesn't say so."""

from __future__ import annotations

from pathlib import Path

import pytest

from port_lsp.index.index import Index
from port_lsp.index.roots import Wanted
from port_lsp.patterns.desk import Desks
from port_lsp.patterns.ground.start import lay
from port_lsp.patterns.port import Target
from port_lsp.patterns.registry import porter

_BACKEND = """from typing import Any, Optional

from fastapi import FastAPI
from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

engine = create_engine("sqlite:///./chats.db")
app = FastAPI()


class Base(DeclarativeBase):
    pass


class ChatSession(Base):
    __tablename__ = "chat_sessions"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]


def outer({}) -> Optional[str]:
    found = db.query(ChatSession).filter(ChatSession.id == {}).first()
    return found.title if found else None
"""


@pytest.mark.parametrize(
    ("params", "by", "taken"),
    [
        ("db_session: ChatSession, db: Session", "db_session.id", "db_session: &ChatSession"),
        ("id: int, db: Session", "id", "id: i64"),
        ("id: int, db: Optional[Session] = None", "id", "id: i64"),
        ("id: int, db: Session | None", "id", "id: i64"),
        ("id: int, db=None", "id", "id: i64"),
        ("id: int, db: Any", "id", "id: i64"),
        ("id: int, db: AsyncSessionOfAnotherPackage", "id", "id: i64"),
    ],
)
def test_what_is_a_session(tmp_path: Path, params: str, by: str, taken: str) -> None:
    (tmp_path / "backend").mkdir()
    text = _BACKEND.format(params, by)
    (tmp_path / "backend" / "main.py").write_text(text, encoding="utf-8")
    (tmp_path / "crate").mkdir()
    wanted = Wanted(str(tmp_path), str(tmp_path / "backend"), str(tmp_path / "crate"))
    index = Index.open(wanted)
    for path, laid in lay(index, "axum").items():
        place = tmp_path / "crate" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(laid, encoding="utf-8")
    done = porter(Desks().at(index)).port([Target("function", "main.py::outer")])
    made = next(one.after for one in done.changes if one.path == "src/models/app.rs")
    assert f"pub async fn outer(state: &AppState, {taken})" in made
    assert "todo!" not in made
