"""A new crate serves as its FastAPI backend does, where no route answers and before one does.

The same requests go to the backend, by its own test client, and to the program that is made on the
ground of either framework.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from acceptance.serving import served
from bench.port_compile import port
from port_lsp.writing.registering import Framework
from tests.rustc import needs_cargo

BACKEND = """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from pydantic import BaseModel

app = FastAPI()
app.add_middleware(
    CORSMiddleware,
    allow_origins=["https://ours.example"],
    allow_credentials=True,
    allow_methods=["*"],
    allow_headers=["*"],
)


class Form(BaseModel):
    name: str


@app.post("/items")
async def add(form: Form):
    return form


@app.get("/items/{number}")
async def one(number: int):
    return number
"""
JSON = {"content-type": "application/json"}
OURS, OTHERS = {"origin": "https://ours.example"}, {"origin": "https://others.example"}
ASKS = {"access-control-request-method": "POST", "access-control-request-headers": "x-token"}
REQUESTS: tuple[tuple[str, str, dict[str, str], str], ...] = (
    ("GET", "/nothing", {}, ""),
    ("POST", "/", {}, ""),
    ("DELETE", "/items", {}, ""),
    ("PATCH", "/items/7", {}, ""),
    ("POST", "/items", JSON, '{"name": '),
    ("POST", "/items", JSON, '{"name": null}'),
    ("POST", "/items", JSON, ""),
    ("GET", "/items/seven", {}, ""),
    ("GET", "/nothing", OURS, ""),
    ("GET", "/nothing", OTHERS, ""),
    ("OPTIONS", "/items", {**OURS, **ASKS}, ""),
)
ORIGIN, CREDENTIALS = "access-control-allow-origin", "access-control-allow-credentials"


def answer(response: httpx.Response) -> dict[str, Any]:
    """What is compared: of a 422 no words, of a preflight no body (Starlette says OK)."""
    said: dict[str, Any] = {"status": response.status_code}
    if ORIGIN in response.headers:  # without it no browser looks at the other
        said |= {name: response.headers.get(name) for name in (ORIGIN, CREDENTIALS)}
    if response.request.method == "OPTIONS":
        return said
    body = response.json()
    if response.status_code == 422:
        body = [(one["type"], one["loc"]) for one in body["detail"]]
        # Where in a text JSON ends is counted otherwise.
        body = [(kind, loc[:1] if kind == "json_invalid" else loc) for kind, loc in body]
    return {**said, "body": body}


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, list[Any]]]:
    from fastapi.testclient import TestClient

    root = tmp_path_factory.mktemp("served")
    (root / "served_app.py").write_text(BACKEND, "utf-8")
    sys.path.insert(0, str(root))
    client: Any = TestClient(importlib.import_module("served_app").app)
    sent = [client.request(how, path, headers=headers, content=body)
            for how, path, headers, body in REQUESTS]  # fmt: skip
    yield root, [answer(one) for one in sent]
    sys.path.remove(str(root))


@pytest.mark.parametrize("framework", ["axum", "actix-web"])
def test_what_no_handler_answers(
    expected: tuple[Path, list[Any]], tmp_path: Path, target: Path, framework: Framework
) -> None:
    needs_cargo()
    backend, answers = expected
    crate = tmp_path / "served"
    assert port(backend, crate, (), framework).left == ()
    with served(crate, {}, target) as client:
        got = [answer(client.request(how, path, headers=headers, content=body))
               for how, path, headers, body in REQUESTS]  # fmt: skip
        assert client.get("/health").json() == {"status": True}
        assert client.get("/health/").status_code == 200
    assert got == answers
