"""Answers that are no JSON of a model: the same from the backend and from what is ported of it.

The backend is `data/replies_app.py`. Status, headers and body are
compared, JSON as what it says; not what a server adds by itself (`OURS`), nor when a cookie ends
that is deleted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from acceptance.serving import loaded, responses, served, whole_port
from port_lsp.writing.registering import Framework
from tests.rustc import needs_cargo

BACKEND = Path(__file__).parent / "data" / "replies_app.py"
NAME = '{"name": %s, "count": %s}'
REQUESTS: tuple[tuple[str, str, str], ...] = (
    ("GET", "/plain/you", ""),
    ("GET", "/csv?name=caf%C3%A9", ""),
    ("GET", "/html", ""),
    ("GET", "/made?name=x", ""),
    ("GET", "/text", ""),
    ("GET", "/bare?name=%F0%9F%A6%80", ""),
    ("GET", "/xml", ""),
    ("GET", "/file?name=caf%C3%A9", ""),
    ("GET", "/empty", ""),
    ("GET", "/nothing", ""),
    ("GET", "/json/1", ""),
    ("GET", "/json/7", ""),
    ("GET", "/json/11", ""),
    ("GET", "/teapot", ""),
    ("GET", "/go?url=%2Fa%20b%3Fc%3D%22%C3%A9%25%5E%7C%26", ""),
    ("GET", "/went", ""),
    ("GET", "/moved?url=https%3A%2F%2Fx.example%2F", ""),
    ("POST", "/cookie", NAME % ('"abc-DEF.1"', 3)),
    ("POST", "/cookie", NAME % (r'"a b;\"c\\,\u00e9"', 7)),
    ("POST", "/logout", ""),
    ("POST", "/own", NAME % ('"x"', 1)),
    ("POST", "/either", NAME % ('"x"', 1)),
    ("POST", "/either", NAME % ('"y"', 1)),
    ("POST", "/export?limit=7", '{"name": "x", "lines": ["a", "", "\u00e9"]}'),
    ("POST", "/ndjson", '{"name": "\u00e9\\"\\\\\\n\\u0001\\u007f\\u2028", "ratio": 1e16}'),
    ("POST", "/ndjson", '{"name": "", "ratio": 3, "kind": "round", "note": "", "lines": ["a"]}'),
    ("POST", "/ndjson", '{"name": "x", "ratio": -1.5e-7, "inner": [{"name": "y"}, {"name": "z"}]}'),
    ("POST", "/ndjson", '{"name": "x", "ratio": 123456789.123456789, "inner": [{"name": "/"}]}'),
    ("GET", "/handed/you?times=3", ""),
    ("GET", "/handed/you?times=0", ""),
    ("POST", "/table", '{"name": "x", "lines": ["a", "", "\u00e9,"]}'),
    ("POST", "/table", '{"name": "x"}'),
    ("GET", "/events/you", ""),
    ("GET", "/events/none", ""),
)
OURS = frozenset(("date", "server", "connection", "transfer-encoding", "content-length", "vary"))
_ENDS = re.compile(r"(expires=)[^;]+")


def answer(response: httpx.Response) -> dict[str, Any]:
    """What is compared; the length of JSON differs by blanks."""
    headers = sorted(
        (name, _ENDS.sub(r"\1…", value))
        for name, value in response.headers.multi_items()
        if name not in OURS
    )
    is_json = response.headers.get("content-type") == "application/json"
    body = response.json() if is_json else response.content
    return {"status": response.status_code, "headers": headers, "body": body}


def request(of: tuple[str, str, str]) -> dict[str, Any]:
    """The arguments of a request."""
    how, path, body = of
    headers = {"content-type": "application/json"} if body else {}
    return {"method": how, "url": path, "headers": headers, "content": body}


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, list[Any]]]:
    root = tmp_path_factory.mktemp("replies")
    with loaded(BACKEND, root) as app:
        yield root, [answer(one) for one in responses(app, map(request, REQUESTS))]


@pytest.mark.parametrize("framework", ["axum", "actix-web"])
def test_answers(
    expected: tuple[Path, list[Any]], tmp_path: Path, target: Path, framework: Framework
) -> None:
    needs_cargo()
    backend, answers = expected
    crate = tmp_path / "replies"
    whole_port(backend, crate, framework)
    with served(crate, {}, target) as client:
        for one, wanted in zip(REQUESTS, answers, strict=True):
            assert (one, answer(client.request(**request(one)))) == (one, wanted)
        for start, sent in ((0, b"you 0\nyou 1\n"), (3, b"")):
            assert broken_off(client, f"/broken/you?start={start}") == (200, sent)


def broken_off(client: httpx.Client, path: str) -> tuple[int, bytes]:
    """What comes of an answer that fails when it has begun: as with uvicorn, what was sent by
    then, but never its end."""
    with client.stream("GET", path) as response:
        found: list[bytes] = []
        with pytest.raises(httpx.RemoteProtocolError):
            found += response.iter_raw()
    return response.status_code, b"".join(found)
