"""Requests to other servers: the backend of `data/outgoing.txt` and what is ported of it make the
same ones of a server that listens here, and answer the same to what it answers.
"""

from __future__ import annotations

import json
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from acceptance.conftest import cache
from bench.automatic.serving import build, free_port, serving
from bench.port_compile import port
from port_lsp.writing.registering import Framework
from tests.fixturefile import parse
from tests.rustc import needs_cargo

BACKEND = Path(__file__).parent / "data" / "outgoing.txt"
NEEDED = ("fastapi", "uvicorn", "requests==2.32.*", "httpx==0.28.*", "aiohttp==3.*")
_BREAKING = {
    "/eof": b"",
    "/reset": b"",
    "/junk": b"junk\r\n\r\n",
    "/short": b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{}",
    "/no-chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nab\r\n",
    "/short-chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
}
PATHS = (
    "/echo", "/echo?a=1", "/404", "/500", "/redirect", "/moved", "/loop", "/slow", "/text",
    "/empty", "/bad", "/204", "/599", "/other.json", "/é x", "/latin", "/ascii", "/broken",
    "/list", "/detailed", *_BREAKING,
)  # fmt: skip
ADDRESSES = ("no address", "", "ftp://a", "http://[::1", "http://127.0.0.1:x")
# aiohttp reads a body when it is asked for it, the port always (docs/parity.md).
_UNREAD = ("/aiohttp/passed", "/aiohttp/text")
_BROKEN_OFF = ("/short", "/no-chunk", "/short-chunk")
KEYS = ("key", "é b&c=d/+%", "")
_SEEN = ("authorization", "x-kind")


class Other(BaseHTTPRequestHandler):
    """The other server: it says what it was asked, or fails in some way."""

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        length = int(self.headers.get("content-length") or 0)
        body = self.rfile.read(length)
        if path in ("/redirect", "/loop", "/moved"):
            where = {"/redirect": "/echo?from=redirect", "/moved": "/404"}.get(path, path)
            return self._say(302 if path != "/moved" else 301, b"", [("location", where)])
        if path in _BREAKING:
            return self._break_off(path)
        if path == "/slow":
            time.sleep(2)
        if path.strip("/").isdigit():
            return self._say(int(path.strip("/")), b'{"error": "no"}', _JSON)
        if path == "/text":
            return self._say(200, b'{"a": 1}', [("content-type", "text/plain")])
        if path in ("/latin", "/ascii", "/broken"):
            kind = {"/latin": "ISO-8859-1", "/ascii": '"us-ascii" ; a=b'}.get(path, "")
            said = [("content-type", f"text/plain; charset={kind}")] if kind else []
            return self._say(200, b"{ \xe9" if path != "/ascii" else b"{ e", said)
        if path == "/list":
            return self._say(200, b'[1, "error", null]', _JSON)
        if path == "/detailed":
            error = {"message": "it's \n \u00e9", "code": 4.0, "more": [None, True, "\x00"]}
            return self._say(418, json.dumps({"error": error}).encode(), _JSON)
        if path == "/empty":
            return self._say(200, b"", _JSON)
        if path == "/bad":
            return self._say(200, b'{"a": ', _JSON)
        if path == "/other.json":
            return self._say(200, b'{"a": 1.5}', [("content-type", "application/x+json; a=b")])
        return self._say(200, json.dumps(self._asked(body)).encode(), _JSON)

    def _break_off(self, path: str) -> None:
        self.wfile.write(_BREAKING[path])
        self.close_connection = True
        if path == "/reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()

    do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815 - http.server's own names

    def _asked(self, body: bytes) -> dict[str, Any]:
        kind = self.headers.get("content-type") or ""
        said: Any = body.decode("latin-1")
        if kind == "application/json":
            said = json.loads(body)
        elif kind == "application/x-www-form-urlencoded":
            said = parse_qsl(body.decode(), keep_blank_values=True)
        url = urlsplit(self.path)
        headers = {name: self.headers.get(name) for name in _SEEN}
        query = parse_qsl(url.query, keep_blank_values=True)
        return {"path": url.path, "how": self.command, "query": query, "kind": kind,
                "body": said, "headers": headers}  # fmt: skip

    def _say(self, status: int, body: bytes, headers: list[tuple[str, str]]) -> None:
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        if status != 204:
            self.send_header("content-length", str(len(body)))
        self.end_headers()
        if status != 204:
            with suppress(BrokenPipeError):  # who waited no longer is gone
                self.wfile.write(body)


_JSON = [("content-type", "application/json")]


@pytest.fixture(scope="module")
def other() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Other)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()


def _interpreter() -> Path:
    """A Python with these libraries; made once."""
    folder = cache() / "environment-outgoing"
    python = folder / "bin" / "python"
    if not (folder / "made").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *NEEDED], check=True)
        (folder / "made").touch()
    return python


def _requests(base: str) -> list[tuple[str, str, dict[str, str]]]:
    """Each endpoint with each path; each key with what is echoed; and where nobody listens."""
    nobody = f"http://127.0.0.1:{free_port()}"
    found: list[tuple[str, str, dict[str, str]]] = []
    for how, path in _ENDPOINTS:
        asked = [(base, one, "key") for one in PATHS] + [(base, "/echo", key) for key in KEYS]
        asked += [(nobody, "/echo", "key"), *((one, "/", "key") for one in ADDRESSES)]
        if path in _UNREAD:
            asked = [one for one in asked if one[1] not in _BROKEN_OFF]
        found += [(how, path, {"base": a, "path": b, "key": c}) for a, b, c in asked]
    return found


_ENDPOINTS = (
    ("GET", "/requests/get"), ("GET", "/requests/json"), ("POST", "/requests/post"),
    ("POST", "/requests/form"), ("DELETE", "/requests/delete"), ("GET", "/requests/told"),
    ("GET", "/httpx/get"), ("GET", "/httpx/client"), ("GET", "/httpx/strict"),
    ("PUT", "/httpx/put"), ("GET", "/aiohttp/get"), ("POST", "/aiohttp/post"),
    ("GET", "/aiohttp/passed"), ("GET", "/requests/told-why"), ("GET", "/requests/good"),
    ("GET", "/aiohttp/text"), ("GET", "/requests/unbound"),
    ("GET", "/requests/named"), ("GET", "/requests/system"), ("GET", "/requests/several"),
    ("GET", "/httpx/named"), ("GET", "/httpx/system"), ("GET", "/aiohttp/named"),
    ("GET", "/aiohttp/system"),
)  # fmt: skip


def _answers(address: str, asked: list[tuple[str, str, dict[str, str]]]) -> list[Any]:
    each = httpx.Limits(max_keepalive_connections=0)  # uvicorn drops one that an exception ended
    with httpx.Client(base_url=address, timeout=20, trust_env=False, limits=each) as client:
        answers = [client.request(how, path, params=params) for how, path, params in asked]
    return [
        (one.status_code, one.json() if one.content and one.status_code != 500 else None)
        for one in answers
    ]  # fmt: skip


@pytest.mark.parametrize("framework", ["axum", "actix-web"])
def test_the_same_is_asked(other: str, tmp_path: Path, target: Path, framework: Framework) -> None:
    needs_cargo()
    python = _interpreter()
    backend, crate = tmp_path / "backend", tmp_path / "crate"
    parse(BACKEND.read_text("utf-8")).write_to(backend)
    assert port(backend, crate, (), framework).left == ()
    assert "todo!" not in "".join(one.read_text("utf-8") for one in crate.rglob("*.rs"))
    program = build(crate, target, tmp_path)
    asked = _requests(other)
    assert len(asked) == 834  # as the README says
    found: list[list[Any]] = []
    for rust in (False, True):
        listens = free_port()
        command: list[str | Path] = [python, "-m", "uvicorn", "outgoing_app:app"]
        env = {"PYTHONPATH": str(backend), "LISTEN": f"127.0.0.1:{listens}"}
        whole = [program] if rust else [*command, "--port", str(listens)]
        with serving(whole, listens, tmp_path, env):
            found.append(_answers(f"http://127.0.0.1:{listens}", asked))
    theirs, ours = found
    assert {one for one, _ in theirs} == {200, 204, 404, 418, 500, 502, 599}
    pairs = zip(asked, theirs, ours, strict=True)
    assert [one for one in pairs if one[1] != one[2]] == []
