"""How a backend finds out who is asking."""

from __future__ import annotations

from pathlib import Path

import msgspec

from port_lsp.index.index import Index
from port_lsp.index.roots import Wanted
from port_lsp.types.auth import Auth, Gate

BACKEND = """
import jwt
from typing import Annotated
from fastapi import Depends, FastAPI, Header, HTTPException, Request
from fastapi.security import HTTPBearer

SECRET = "s3cret"
KEY = SECRET
bearer = HTTPBearer()

def decode_token(token):
    return jwt.decode(token, KEY, algorithms=["HS512"])

def get_current_user(request: Request, token=Depends(bearer)):
    if token.credentials.startswith("sk-"):
        return by_key(token)
    token = token or request.cookies.get("session")
    return decode_token(token)["id"]

CurrentUser = Annotated[str, Depends(get_current_user)]

def get_staff(user: CurrentUser):
    if user.role not in ("staff", "admin"):
        raise HTTPException(status_code=401, detail="Staff only")
    return user

def get_superuser(user: CurrentUser):
    if not user.is_superuser:
        raise HTTPException(403)
    return user

def get_machine(authorization: str = Header()):
    if authorization != "x":
        raise HTTPException(401)

app = FastAPI()

@app.get("/a")
def a(user=Depends(get_staff)): ...

@app.get("/b")
def b(user: CurrentUser): ...

@app.get("/c")
def c(user=Depends(get_superuser)): ...

@app.get("/d", dependencies=[Depends(get_machine)])
def d(): ...

@app.get("/e")
def e(): ...
"""


def test_auth(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text(BACKEND, "utf-8")
    reader = Index.open(Wanted(str(tmp_path), str(tmp_path))).backend_reader
    assert reader is not None
    found = reader.auth()
    assert found is not None
    assert found.gates[-1].source[0].startswith("def get_machine(")
    gates = tuple(msgspec.structs.replace(one, source=()) for one in found.gates)
    assert msgspec.structs.replace(found, gates=gates) == Auth(
        gates=(
            Gate("get_staff", True, ("staff", "admin"), (), 401, "Staff only"),
            Gate("get_current_user", True),
            Gate("get_superuser", True, (), ("is_superuser",)),
            Gate("get_machine", False),
        ),
        secret="SECRET",  # noqa: S106 - a name
        secret_text="s3cret",  # noqa: S106
        algorithm="HS512",
        subject="id",
        cookies=("session",),
        key_prefix="sk-",
    )
