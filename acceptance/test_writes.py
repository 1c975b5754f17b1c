"""What a session's commit writes: the same calls of the backend's functions and of those that are
written for them leave the same rows, and give the same.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

from port_lsp.index.index import Index
from port_lsp.index.roots import Wanted
from port_lsp.patterns.desk import Desks
from port_lsp.patterns.port import Target
from port_lsp.patterns.registry import porter
from tests.fixturefile import parse
from tests.rustc import needs_cargo

QUERIES = Path(__file__).parent.parent / "tests/fixtures/writing/bodies/queries.txt"
# `except Exception` is what data-access methods have; None is what theirs give then.
BACKEND = """
//- /backend/app/__init__.py
//- /backend/app/database.py
import os
from contextlib import contextmanager

from sqlalchemy import create_engine
from sqlalchemy.orm import Session


@contextmanager
def get_db():
    with Session(create_engine(f"sqlite:///{os.environ['DATA']}")) as session:
        yield session
//- /backend/app/main.py
from fastapi import FastAPI

app = FastAPI()
//- /backend/app/things.py
from typing import Optional

from sqlalchemy import BigInteger, Boolean, Column, String, Text
from sqlalchemy.orm import declarative_base

from app.database import get_db

Base = declarative_base()


class Thing(Base):
    __tablename__ = "thing"
    id = Column(String, primary_key=True)
    owner = Column("user", Text, nullable=False)
    note = Column(Text, nullable=True)
    order = Column(BigInteger, nullable=False)
    hidden = Column(Boolean, nullable=False)


class ThingTable:
    def give(self, id: str, owner: str) -> bool:
        with get_db() as db:
            thing = db.query(Thing).filter_by(id=id).first()
            if not thing:
                return False
            thing.owner = owner
            thing.note = None
            db.commit()
            return True

    def mark(self, id: str, note: str, order: int) -> Optional[str]:
        try:
            with get_db() as db:
                thing = db.get(Thing, id)
                thing.note = note
                thing.order = order
                thing.hidden = not thing.hidden
                db.commit()
                db.refresh(thing)
                return thing.owner
        except Exception:  # whichever, as the methods themselves do
            return None

    def twice(self, id: str) -> int:
        with get_db() as db:
            thing = db.get(Thing, id)
            if thing is None:
                return 0
            thing.order = 1
            db.commit()
            thing.order = 2
            thing.owner = "twice"
            db.commit()
            return thing.order

    def drop(self, id: str) -> bool:
        with get_db() as db:
            thing = db.get(Thing, id)
            if thing is None:
                return False
            db.delete(thing)
            db.commit()
            return True


Things = ThingTable()
"""
# Functions with their arguments, as Python and Rust write them alike.
CALLS = [
    'give("1", "it\'s 100 % \\u{0}")', 'give("nobody", "x")', 'mark("2", "b\'s", 7)',
    'mark("2", "%", 8)', 'mark("nobody", "x", 1)', 'twice("3")', 'twice("nobody")',
    'drop("4")', 'drop("4")',
]  # fmt: skip
FUNCTIONS = ("give", "mark", "twice", "drop")
ROWS = [(str(at), f"owner {at}", f"note {at}", at, at % 2) for at in range(1, 6)]


def _database(path: Path) -> Path:
    with sqlite3.connect(path) as connection:
        connection.execute(
            'CREATE TABLE thing (id TEXT PRIMARY KEY, "user" TEXT NOT NULL, note TEXT,'
            ' "order" BIGINT NOT NULL, hidden BOOLEAN NOT NULL)'
        )
        connection.executemany("INSERT INTO thing VALUES (?, ?, ?, ?, ?)", ROWS)
    return path


def _rows(path: Path) -> list[tuple[object, ...]]:
    with sqlite3.connect(path) as connection:
        return connection.execute("SELECT * FROM thing ORDER BY id").fetchall()


def _by_python(folder: Path, data: Path) -> list[str]:
    calls = ", ".join(f"Things.{one}" for one in CALLS).replace("\\u{0}", "\\0")
    program = f"from app.things import Things\nfor one in [{calls}]: print(one)"
    env = {**os.environ, "DATA": str(data), "PYTHONPATH": str(folder / "backend")}
    done = subprocess.run(
        [sys.executable, "-c", program], env=env, check=True, capture_output=True, text=True
    )
    return done.stdout.splitlines()


def _by_rust(folder: Path, target: Path, data: Path) -> list[str]:
    crate = folder / "crate"
    wanted = Wanted(str(folder), str(folder / "backend"), str(crate))
    targets = [Target("function", f"app/things.py::ThingTable.{one}") for one in FUNCTIONS]
    done = porter(Desks().at(Index.open(wanted))).port(targets)
    assert done.left == ()
    for change in done.changes:
        assert "todo!" not in change.after, change.after
        path = crate / change.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(change.after, encoding="utf-8")
    main = crate / "src/main.rs"
    text = main.read_text(encoding="utf-8")
    calls = "".join(
        f'    println!("{{:?}}", models::things::{one[:-1].replace("(", "(&state, ", 1)}).await);\n'
        for one in CALLS
    )
    begin = text.index("    let app: Router")
    main.write_text(text[:begin] + calls + "}\n", encoding="utf-8")
    path = main.read_text("utf-8").replace('"sqlite::memory:"', f'"sqlite://{data}"')
    main.write_text(path.replace("use axum::Router;\n", ""), encoding="utf-8")
    env = {**os.environ, "CARGO_TARGET_DIR": str(target)}
    ran = subprocess.run(
        ["cargo", "run", "--quiet"], cwd=crate, env=env, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.splitlines()


def test_rows_and_answers(tmp_path: Path, target: Path) -> None:
    needs_cargo()
    text = QUERIES.read_text(encoding="utf-8")
    parse(BACKEND.lstrip() + text[text.index("//- /crate/Cargo.toml") :]).write_to(tmp_path)
    theirs = _database(tmp_path / "python.db")
    ours = Path(shutil.copy(theirs, tmp_path / "rust.db"))
    said = _by_python(tmp_path, theirs)
    told = {"True": "Ok(true)", "False": "Ok(false)", "None": "Ok(None)"}
    expected = [
        told.get(one) or (f"Ok({one})" if one.isdigit() else f'Ok(Some("{one}"))') for one in said
    ]
    assert _by_rust(tmp_path, target, ours) == expected
    assert _rows(ours) == _rows(theirs) != ROWS
