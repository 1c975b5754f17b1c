"""What an edit of one module changes in others: by the names that they took, and by no others."""

from __future__ import annotations

from pathlib import Path

import pytest

from port_lsp.index.index import Index
from port_lsp.index.roots import Wanted
from port_lsp.report.export import export_json
from port_lsp.text import Text
from tests.fixturefile import parse

PROJECT = """
//- /app/__init__.py
//- /app/main.py
from fastapi import Depends, FastAPI
from app import lists, settings, users
from app.auth import only_admins
from app.settings import BASE
app = FastAPI()
app.include_router(users.router, prefix="/users")
for one in lists.ROUTERS:
    app.include_router(one, prefix=lists.PREFIX, dependencies=[Depends(only_admins)])
app.include_router(users.router, prefix=BASE, dependencies=[Depends(settings.guard)])
app.include_router(users.router, prefix=settings.TITLE + settings.LAST)
//- /app/auth.py
from fastapi import Header, HTTPException


def current(token: str = Header()):
    return token


def only_admins(user=None):
    if user.role != "admin":
        raise HTTPException(403)
//- /app/settings.py
import os
ROOT = "/root"
if os.environ.get("DEBUG"):
    BASE = "/debug"
else:
    BASE = ROOT
for LAST in ["/first", "/last" + ROOT]:
    TITLE = LAST
try:
    from app.auth import only_admins as guard
except ImportError:
    guard = None
//- /app/models.py
from pydantic import BaseModel


class Base(BaseModel):
    id: int


class User(Base):
    name: str


class Other(BaseModel):
    text: str
//- /app/users.py
from fastapi import APIRouter, Depends
from app import auth
from app.auth import current
from app.models import Other
from app.models import User as Person
from app.store import store
router = APIRouter()


@router.get("/me", response_model=Person)
def me(user=Depends(current)):
    return user


@router.post("/")
def make(form: dict):
    return Other(text="")


@router.get("/all", dependencies=[Depends(auth.only_admins)])
def everyone():
    return []
//- /app/lists.py
from fastapi import APIRouter
PREFIX = "/lists"
ROUTERS = []
first = APIRouter()
ROUTERS.append(first)


@first.get("/all")
def everything():
    return []
//- /app/store.py
from fastapi import HTTPException


class Store:
    def count(self):
        return 1

    def check(self, token: str, user=None):
        if user.role != "staff":
            raise HTTPException(403)


store = Store()
"""

EDITS = [
    # Nobody looked into the class yet, then somebody does, and holds where its methods stand.
    ("app/store.py", "        return 1", "        one = 1\n        return one"),
    ("app/users.py", "form: dict", "form: dict, user=Depends(store.check)"),
    ("app/store.py", "        return one", "        one += 1\n        return one"),
    ("app/users.py", '.post("/"', '.post("/{one}"'),
    ("app/store.py", "one += 1", "one += 2"),
    (
        "app/store.py",
        "        one += 2\n",
        "        one += 2\n        one += 3\n        one += 4\n",
    ),
    ("app/users.py", '.post("/{one}"', '.post("/{two}"'),
    ("app/store.py", '"staff"', '"boss"'),
    ("app/models.py", "    name: str", "    named: int"),
    ("app/models.py", "    id: int", "    key: str"),
    ("app/models.py", "class User(Base)", "class User"),
    ("app/models.py", "class Other(BaseModel)", "class Other(Base)"),
    ("app/models.py", "class Other(BaseModel)", "class Another(BaseModel)"),
    ("app/auth.py", "token: str = Header()", "key: int, token: str = Header()"),
    ("app/auth.py", '!= "admin"', '!= "owner"'),
    ("app/auth.py", "def current(", "def renamed("),
    ("app/users.py", "router = APIRouter()", 'router = APIRouter(prefix="/x")'),
    ("app/users.py", '@router.get("/me"', '@gone.get("/me"'),
    (
        "app/users.py",
        "router = APIRouter",
        '@router.get("/early")\ndef early(): 1\nrouter = APIRouter',
    ),
    ("app/users.py", "@router.", "@gone."),
    ("app/users.py", "return Other", "return Person"),
    ("app/users.py", "User as Person", "Other as Person"),
    ("app/lists.py", '"/lists"', '"/many"'),
    ("app/lists.py", "ROUTERS.append(first)\n", ""),
    ("app/lists.py", "first = APIRouter()", 'first = APIRouter(prefix="/f")'),
    ("app/lists.py", "def everything():", "def everything(q: str):"),
    ("app/settings.py", '"/root"', '"/top"'),
    ("app/settings.py", '"/debug"', '"/test"'),
    ("app/settings.py", "for LAST in", "for OTHER in"),
    ("app/settings.py", "only_admins as guard", "current as guard"),
    ("app/settings.py", "    TITLE = ", "    BASE = TITLE = "),
    ("app/settings.py", '"/last" + ', '"/end" + '),
    ("app/main.py", "users.router, prefix", "users.router, tags=[], prefix"),
    ("app/main.py", 'prefix="/users"', 'prefix="/people"'),
]


@pytest.mark.parametrize("again", [False, True], ids=["alone", "one upon the other"])
def test_an_edit_changes_what_reading_it_anew_changes(tmp_path: Path, again: bool) -> None:
    parse(PROJECT).write_to(tmp_path)
    wanted = Wanted(str(tmp_path), str(tmp_path))
    index = Index.open(wanted)
    buffers: dict[str, Text] = {}
    for path, old, new in EDITS:
        name = str(tmp_path / path)
        before = buffers[name].data.decode() if name in buffers else Path(name).read_text()
        buffers[name] = Text(before.replace(old, new).encode())
        index.update(name, buffers[name])
        fresh = Index.open(wanted, buffers=buffers)
        said = f"{path}: {old!r} became {new!r}"
        assert export_json(index.snapshot) == export_json(fresh.snapshot), said
        assert index.snapshot.backend == fresh.snapshot.backend, said
        if not again:
            del buffers[name]
            index.update(name, None)
