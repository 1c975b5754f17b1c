"""Both sides on a database each, which holds the same rows."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any, NamedTuple

from port_lsp.types.databases import Database
from tests.patterns.querying.rust_side import Asked, built, written
from tests.patterns.querying.tables import COLUMNS
from tests.postgres import created

SIDE = Path(__file__).with_name("python_side.py")
Answers = dict[str, list[Any]]


class Sides(NamedTuple):
    """By the names of functions, what is written for them, and what each call came to."""

    written: dict[str, str]
    python: Answers
    rust: Answers


def ask(folder: Path, socket: Path, asked: Asked) -> dict[Database, Sides]:
    """What both sides say on SQLite and on the PostgreSQL whose socket is in a folder."""
    databases: tuple[Database, ...] = ("sqlite", "postgres")
    made = {one: written(folder / one, one, asked) for one in databases}
    programs = built(folder, databases)
    found: dict[Database, Sides] = {}
    for one in databases:
        backend = folder / one / "backend"
        python, rust = _databases(folder, socket, one)
        _by_python(backend, one, rust.python, dict.fromkeys(asked, ()))
        said = _by_python(backend, one, python.python, asked)
        env = os.environ | {"DATA": rust.rust}
        done = subprocess.run([programs[one]], env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        found[one] = Sides(made[one], said, _answers(done.stdout))
    return found


class _Data(NamedTuple):
    """A database, as SQLAlchemy and as sqlx connect to it."""

    python: str
    rust: str


def _databases(folder: Path, socket: Path, database: Database) -> tuple[_Data, _Data]:
    if database == "sqlite":
        paths = [folder / f"{one}.db" for one in ("python", "rust")]
        one, other = (_Data(f"sqlite:///{path}", f"sqlite://{path}") for path in paths)
        return one, other
    for name in ("python", "rust"):
        created(socket, name)
    one, other = (
        _Data(
            f"postgresql+psycopg://postgres@/{name}?host={socket}",
            f"postgres://postgres@localhost/{name}?host={socket}",
        )
        for name in ("python", "rust")
    )
    return one, other


def _by_python(backend: Path, database: Database, data: str, asked: Asked) -> Answers:
    """What the backend's functions come to; without forms, only the rows are made."""
    each = [
        {
            "module": one.name, "row": one.row, "table": one.table, "columns": COLUMNS,
            "rows": one.rows, "reset": one.reset(database),
            "forms": [(f"form_{at}", form.calls, form.writes) for at, form in enumerate(forms)],
        }
        for one, forms in asked.items()
    ]  # fmt: skip
    done = subprocess.run(
        [sys.executable, str(SIDE)],
        cwd=backend, env=os.environ | {"DATA": data}, input=json.dumps(each),
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return _answers(done.stdout)


def _answers(text: str) -> Answers:
    found: Answers = defaultdict(list)
    for line in text.splitlines():
        name, *answer = json.loads(line)
        found[name].append(answer)
    return found
