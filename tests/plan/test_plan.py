"""The steps of a migration: from a guide, from a plan file, from what rests on what."""

from __future__ import annotations

from pathlib import Path

import pytest

from port_lsp.index.index import Index
from port_lsp.index.roots import Wanted
from port_lsp.plan import plan_of
from port_lsp.plan.find import Followed
from tests.fixturefile import parse

PROJECT = """
//- /backend/app/__init__.py
//- /backend/app/main.py
from fastapi import FastAPI
from app.routers import folders, notes, users

app = FastAPI()
for part in (folders, notes, users):
    app.include_router(part.router)
//- /backend/app/models/__init__.py
//- /backend/app/models/base.py
from pydantic import BaseModel


class Base(BaseModel):
    id: str
//- /backend/app/models/users.py
from app.models.base import Base


class User(Base):
    name: str
//- /backend/app/routers/__init__.py
//- /backend/app/routers/folders.py
from fastapi import APIRouter

router = APIRouter()


@router.get("/folders")
def list_folders() -> list[str]:
    return []
//- /backend/app/routers/notes.py
from fastapi import APIRouter

router = APIRouter()


@router.get("/notes")
def list_notes() -> list[str]:
    return []
//- /backend/app/routers/users.py
from app.models.users import User
from fastapi import APIRouter

router = APIRouter()


@router.get("/users")
def list_users() -> list[User]:
    return []
//- /backend/app/utils/folders.py
def nothing():
    pass
"""

NUMBERED = """# Migration guide

## Overview

`backend/app/routers/notes.py` is mentioned here, but this is no step.

## Detailed steps

### Step 1: Database

Nothing of Python's.

### Step 2: Users

Reference Python files:
- `backend/app/models/users.py`
- `backend/app/routers/users.py`

#### Of which

See models/base.py, too.

### Step 3: The rest

1. **Simple routers** (1-2 days each):
   - folders
   - unknown things
2. **Hard routers** (1 week):
   - note (with its links)

## Patterns

`app/main.py` is no step either.
"""

PLAIN = """# Porting

## Begin with users

They are in app/routers/users.py.

## Talk

About nothing.

## Then notes

- [ ] port `routers/notes.py` (3 days)
- [ ] and `app/models/`
"""

TOML = """
[[step]]
title = "Everything with users"
files = ["models/users.py", "app/routers/users.py"]
complexity = "simple"
effort = "2 days"

[[step]]
title = "All models"
files = ["app/models/"]
"""

# Where a plan is written, its text, and its steps with the files of each.
PLANS = {
    "a guide with steps": (
        "MIGRATION_GUIDE.md",
        NUMBERED,
        """
        Step 1: Database:
        Step 2: Users: models/users.py routers/users.py models/base.py
        Step 3: The rest: routers/folders.py(Simple routers, 1-2 days) routers/notes.py(Hard routers, 1 week)
        Everything else: utils/folders.py
        """,  # noqa: E501 - a step a line
    ),
    "a guide without": (
        "docs/porting.md",
        PLAIN,
        """
        Begin with users: routers/users.py
        Then notes: routers/notes.py(, 3 days) models/__init__.py models/base.py models/users.py
        Everything else: routers/folders.py utils/folders.py
        """,
    ),
    "no guide": (
        "README.md",
        NUMBERED,
        """
        Models: models/base.py models/users.py
        Endpoints: routers/folders.py routers/notes.py routers/users.py
        Everything else: utils/folders.py
        """,
    ),
    "a guide to something else": (
        "migration.md",
        "# Step 1: the other thing\n\n`elsewhere.py`\n",
        """
        Models: models/base.py models/users.py
        Endpoints: routers/folders.py routers/notes.py routers/users.py
        Everything else: utils/folders.py
        """,
    ),
}


def followed(top: Path, name: str, text: str, config: str = "") -> Followed:
    parse(PROJECT).write_to(top)
    (top / ".git").mkdir()
    (top / name).parent.mkdir(exist_ok=True)
    (top / name).write_text(text, "utf-8")
    if config:
        (top / "port-lsp.toml").write_text(config, "utf-8")
    return plan_of(Index.open(Wanted(str(top))).snapshot)


def shown(plan: Followed) -> list[str]:
    lines: list[str] = []
    for step in plan.steps:
        files = [
            one.file.removeprefix("app/")
            + (f"({one.complexity}, {one.effort})" if one.complexity or one.effort else "")
            for one in step.files
        ]
        lines.append(" ".join((f"{step.title}:", *files)))
    return lines


@pytest.mark.parametrize(("name", "text", "steps"), PLANS.values(), ids=PLANS)
def test_steps(tmp_path: Path, name: str, text: str, steps: str) -> None:
    plan = followed(tmp_path, name, text)
    assert shown(plan) == [line.strip() for line in steps.strip().splitlines()]
    assert bool(plan.source) == (name in plan.source)


def test_a_configured_plan(tmp_path: Path) -> None:
    plan = followed(tmp_path, "order.toml", TOML, 'plan = "order.toml"\n')
    assert shown(plan) == [
        "Everything with users: models/users.py(simple, 2 days) routers/users.py(simple, 2 days)",
        "All models: models/__init__.py models/base.py",
        "Everything else: routers/folders.py routers/notes.py utils/folders.py",
    ]
    assert (plan.source, plan.problem) == (str(tmp_path / "order.toml"), "")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[[step]\n", "line 1"),
        ("step = 1\n", "`step` must be a list of tables: [[step]]"),
        ("[[step]]\nfiles = []\n", "a step needs a `title` in quotes"),
        ('[[step]]\ntitle = "A"\nfiles = "x"\n', "`files` of A must be a list of paths"),
        ('[[step]]\ntitle = "A"\n', ""),
        ("", "it names no file of the backend"),
    ],
)
def test_a_plan_that_cannot_be_followed(tmp_path: Path, text: str, problem: str) -> None:
    """It is said why, and what rests on what is followed."""
    plan = followed(tmp_path, "order.toml", text, 'plan = "order.toml"\n')
    if problem:
        assert problem in plan.problem
        assert plan.problem.startswith(str(tmp_path / "order.toml"))
        assert plan.steps[0].title == "Models"


def test_a_plan_that_is_not_there(tmp_path: Path) -> None:
    plan = followed(tmp_path, "README.md", "", 'plan = "none.md"\n')
    assert "none.md: " in plan.problem
    assert "No such file" in plan.problem
