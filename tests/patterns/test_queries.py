"""The SQL of translated queries gives the rows that SQLAlchemy gives for the Python, on SQLite.

Each form is a function of the backend; what is written for it is read of the Rust: the statement
and the parameters that are bound, in order.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import pytest

from port_lsp.index.index import Index
from port_lsp.index.roots import Wanted
from port_lsp.patterns.desk import Desks
from port_lsp.patterns.port import unfinished
from port_lsp.patterns.registry import porter
from tests.fixturefile import parse

sqlalchemy = pytest.importorskip("sqlalchemy")

FIXTURE = Path(__file__).parent.parent / "fixtures" / "writing" / "bodies" / "queries.txt"
DATABASE = """from contextlib import contextmanager


@contextmanager
def get_db():
    yield None
"""
TABLE = """
from typing import Optional
from sqlalchemy import BigInteger, Boolean, Column, Float, String, Text, and_, not_, or_, select
from sqlalchemy.orm import declarative_base

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
# What is asked; what the parameters are then; whether it gives many rows, one, or another value.
ROWS, ROW, NUMBER, TRUTH = "list[Thing]", "Optional[Thing]", "int", "bool"
FORMS: list[tuple[str, str, dict[str, Any], str]] = [
    ("query(Thing).all()", "", {}, ROWS),
    ("query(Thing).filter_by(name=a).all()", "a: str", {"a": "it's"}, ROWS),
    ("query(Thing).filter_by(name=a, hidden=False).all()", "a: str", {"a": "it's"}, ROWS),
    ("query(Thing).filter_by(name=a).all()", "a: Optional[str]", {"a": None}, ROWS),
    ("query(Thing).filter_by(name=a).all()", "a: Optional[str]", {"a": "b%"}, ROWS),
    ("query(Thing).filter_by(name=None).all()", "", {}, ROWS),
    ("query(Thing).filter(Thing.name == a).all()", "a: str", {"a": "b%"}, ROWS),
    ("query(Thing).filter(Thing.name != a).all()", "a: str", {"a": "b%"}, ROWS),
    ("query(Thing).filter(Thing.name == None).all()", "", {}, ROWS),
    ("query(Thing).filter(Thing.name != None).all()", "", {}, ROWS),
    ("query(Thing).filter(Thing.name.is_(None)).all()", "", {}, ROWS),
    ("query(Thing).filter(Thing.name.isnot(None)).all()", "", {}, ROWS),
    ("query(Thing).filter(Thing.name.is_not(None)).all()", "", {}, ROWS),
    ("query(Thing).filter(Thing.count > n).all()", "n: int", {"n": 2}, ROWS),
    ("query(Thing).filter(Thing.count >= n).all()", "n: int", {"n": 2}, ROWS),
    ("query(Thing).filter(Thing.count < n).all()", "n: int", {"n": 3}, ROWS),
    ("query(Thing).filter(Thing.count <= 3).all()", "", {}, ROWS),
    ("query(Thing).filter(Thing.count < Thing.order).all()", "", {}, ROWS),
    ("query(Thing).filter(Thing.weight > w).all()", "w: float", {"w": 1.5}, ROWS),
    ("query(Thing).filter(Thing.hidden).all()", "", {}, ROWS),
    ("query(Thing).filter(~Thing.hidden).all()", "", {}, ROWS),
    ("query(Thing).filter(Thing.hidden == True).all()", "", {}, ROWS),
    ("query(Thing).filter(Thing.count > 1, Thing.hidden == False).all()", "", {}, ROWS),
    ("query(Thing).filter(Thing.count > 1).filter(Thing.count < 5).all()", "", {}, ROWS),
    ("query(Thing).filter(or_(Thing.name == a, Thing.count == n)).all()",
     "n: int, a: str", {"a": "b%", "n": 3}, ROWS),
    ("query(Thing).filter(and_(Thing.count > 1, or_(Thing.count < 3, Thing.hidden))).all()",
     "", {}, ROWS),
    ("query(Thing).filter((Thing.count == 1) | (Thing.count == 3)).all()", "", {}, ROWS),
    ("query(Thing).filter((Thing.count > 1) & (Thing.count < 4)).all()", "", {}, ROWS),
    ("query(Thing).filter(not_(or_(Thing.count == 1, Thing.count == 3))).all()", "", {}, ROWS),
    ("query(Thing).filter(Thing.name.like(a)).all()", "a: str", {"a": "B%"}, ROWS),
    ("query(Thing).filter(Thing.name.ilike(f'%{a}%')).all()", "a: str", {"a": "IT"}, ROWS),
    ("query(Thing).filter(Thing.name.contains(a)).all()", "a: str", {"a": "t"}, ROWS),
    ("query(Thing).filter(Thing.name.startswith(a)).all()", "a: str", {"a": "it"}, ROWS),
    ("query(Thing).filter(Thing.name.endswith(a)).all()", "a: str", {"a": "%"}, ROWS),
    ("query(Thing).filter(Thing.id.in_(ids)).all()", "ids: list[str]",
     {"ids": ["1", "3", "'x"]}, ROWS),
    ("query(Thing).filter(Thing.id.notin_(ids)).all()", "ids: list[str]",
     {"ids": ["1", "3"]}, ROWS),
    ("query(Thing).filter(Thing.id.in_(ids)).all()", "ids: list[str]", {"ids": []}, ROWS),
    ("query(Thing).filter(Thing.count.in_([1, n])).all()", "n: int", {"n": 3}, ROWS),
    ("query(Thing).order_by(Thing.count.desc()).all()", "", {}, ROWS),
    ("query(Thing).order_by(Thing.hidden, Thing.name.asc(), Thing.id).all()", "", {}, ROWS),
    ("query(Thing).order_by(Thing.order).limit(n).all()", "n: int", {"n": 2}, ROWS),
    ("query(Thing).order_by(Thing.order).offset(n).all()", "n: int", {"n": 2}, ROWS),
    ("query(Thing).order_by(Thing.order).offset(1).limit(n).all()", "n: int", {"n": 2}, ROWS),
    ("query(Thing).filter_by(id=a).first()", "a: str", {"a": "3"}, ROW),
    ("query(Thing).filter_by(id=a).first()", "a: str", {"a": "none"}, ROW),
    ("query(Thing).order_by(Thing.order.desc()).first()", "", {}, ROW),
    ("get(Thing, a)", "a: str", {"a": "2"}, ROW),
    ("query(Thing).count()", "", {}, NUMBER),
    ("query(Thing).filter(Thing.count > n).count()", "n: int", {"n": 1}, NUMBER),
    ("query(db.query(Thing).filter_by(name=a).exists()).scalar()", "a: str", {"a": "b%"}, TRUTH),
    ("query(db.query(Thing).filter_by(name=a).exists()).scalar()", "a: str", {"a": "no"}, TRUTH),
    ("execute(select(Thing).where(Thing.count > n).order_by(Thing.id)).scalars().all()",
     "n: int", {"n": 1}, ROWS),
    ("scalars(select(Thing).filter_by(hidden=True)).all()", "", {}, ROWS),
    ("execute(select(Thing).where(Thing.id == a)).scalars().first()", "a: str", {"a": "4"}, ROW),
]  # fmt: skip
DATA = [
    ("1", "it's", 1, 1.5, False, 5), ("2", "b%", 2, 2.5, True, 4), ("3", None, 3, None, False, 3),
    ("4", "B-four", 3, 0.5, True, 2), ("5", "It is", None, 9.0, False, 1),
    ("'x", "%", 9, 1.0, True, 9),
]  # fmt: skip


def _backend() -> str:
    """The forms as functions of a module, and an endpoint for each that calls it."""
    lines = ["from app.database import get_db", TABLE, "", ""]
    for at, (form, params, _, gives) in enumerate(FORMS):
        lines.append(f"def form_{at}({params}) -> {gives}:")
        lines.append(f"    with get_db() as db:\n        return db.{form}\n\n")
    return "\n".join(lines)


def _application() -> str:
    lines = ["from typing import Optional", "from fastapi import FastAPI", "from app import things"]
    lines.append("app = FastAPI()\n\n")
    for at, (_, params, given, _) in enumerate(FORMS):
        lines.append(f'@app.post("/{at}")\ndef call_{at}({params}):')
        named = ", ".join(f"{name}={name}" for name in given)
        lines.append(f"    found = things.form_{at}({named})\n    return None\n\n")
    return "\n".join(lines)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What is written into the crate's file for the module."""
    folder = tmp_path_factory.mktemp("queries")
    text = FIXTURE.read_text(encoding="utf-8")
    crate = text[text.index("//- /crate/Cargo.toml") :]
    parse(
        f"//- /backend/app/__init__.py\n//- /backend/app/database.py\n{DATABASE}"
        f"//- /backend/app/things.py\n{_backend()}\n"
        f"//- /backend/app/main.py\n{_application()}\n{crate}"
    ).write_to(folder)
    wanted = Wanted(str(folder), str(folder / "backend"), str(folder / "crate"))
    desk = Desks().at(Index.open(wanted))
    targets = [one for one in unfinished(desk.snapshot) if one.kind == "endpoint"]
    done = porter(desk).port(targets)
    assert not done.left
    return "\n".join(one.after for one in done.changes if one.path.endswith(".rs"))


@contextmanager
def _session() -> Generator[tuple[Any, Any]]:
    """SQLAlchemy's session on the rows, and the module's names."""
    names: dict[str, Any] = {}
    exec(TABLE, names)  # noqa: S102
    engine = sqlalchemy.create_engine("sqlite://")
    names["Base"].metadata.create_all(engine)
    from sqlalchemy.orm import Session

    with Session(engine) as session:
        keys = ("id", "name", "count", "weight", "hidden", "order")
        session.add_all(names["Thing"](**dict(zip(keys, row, strict=True))) for row in DATA)
        session.commit()
        yield session, names
    engine.dispose()


def _told(value: Any) -> Any:
    """What SQLAlchemy gives, as tuples of columns."""
    if isinstance(value, list):
        return [_told(one) for one in cast("list[Any]", value)]
    if value is None or isinstance(value, (int, bool)):
        return value
    columns = ("id", "name", "count", "weight", "hidden", "order")
    return tuple(getattr(value, one) for one in columns)


def _bound(text: str, given: dict[str, Any]) -> list[Any]:
    """The values that the Rust of a query binds."""
    found: list[Any] = []
    for one in re.findall(r"\.bind\(((?:[^()]|\([^()]*\))*)\)", text):
        name = one.replace("sqlx::types::Json(", "").replace("Json(", "").strip("&*() ")
        if name in given:
            value = given[name]
            found.append(json.dumps(value) if isinstance(value, list) else value)
        elif name.startswith("format!"):
            found.append(f"%{given['a']}%")
        elif name in ("true", "false"):
            found.append(name == "true")
        else:
            found.append(float(name) if "." in name else int(name))
    return found


@pytest.mark.parametrize("at", range(len(FORMS)))
def test_rows(at: int, written: str) -> None:
    form, _, given, gives = FORMS[at]
    match = re.search(rf"pub async fn form_{at}\(.*?\n}}\n", written, re.S)
    assert match is not None
    assert "todo!" not in match[0], match[0]
    literal = re.search(r'"((?:[^"\\]|\\.)*)"', match[0])
    assert literal is not None
    sql = literal[1].replace('\\"', '"')
    with _session() as (session, names):
        expected = _told(eval(f"db.{form}", names | given | {"db": session}))  # noqa: S307
        connection: sqlite3.Connection = session.connection().connection.dbapi_connection
        numbered = re.sub(r"\$(\d+)", r"?\1", sql)
        rows = connection.execute(numbered, _bound(match[0], given)).fetchall()
    ordered = "ORDER BY" in sql or gives != ROWS
    if gives == ROWS:
        assert (rows if ordered else sorted(rows)) == (expected if ordered else sorted(expected))
    elif gives == ROW:
        assert (rows[0] if rows else None) == expected
        assert "LIMIT 1" in sql or len(rows) < 2
    else:
        assert rows == [(expected,)]
