"""The two sides that requests are put to: FastAPI's application, and its port.

The port is the product's alone, but that what a handler's hole touches, its parameters, is answered
as JSON in the hole's stead: each by its name, as the Python handler answers.
"""

# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownMemberType=false

from __future__ import annotations

import asyncio
import importlib
import json
import re
import shutil
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from bench.parity.sides import HERE, Answer, RustSide, loaded
from bench.port_compile import port
from port_lsp.facts.source import Record
from port_lsp.patterns.port import Ported
from port_lsp.writing.draft import Dependency
from port_lsp.writing.manifest import with_dependencies
from port_lsp.writing.registering import Framework

BACKEND = HERE / "requests"
_NEEDED: dict[Framework, Dependency] = {  # by the probes
    "axum": Dependency("tower", "0.5", ("util",)),
    "actix-web": Dependency("futures-util", "0.3", ("std",)),
}
_ANSWERS: dict[Framework, str] = {
    "axum": "let _ = &state;\n    Ok(Json({}))",
    "actix-web": "let _ = &state;\n    Ok(HttpResponse::Ok().json({}))",
}
_FEATURES = re.compile(r"^# features: (.+)\n@router\.(\w+)\(\"(.*?)\"", re.M)
_PREFIX = re.compile(r"APIRouter\(prefix=\"(.*?)\"")
# What a dependency gives stands before the hole: it is asked for no parameter of its own.
_HOLE = re.compile(
    r"(?P<called>(?:let \w+ = [\w:]+\([^;]*;\n\s*)*)(?P<python>(?://[^\n]*\n\s*)*)"
    r"let _ = (?P<touched>[^;]*);\s*todo!\(\"not ported yet\"\)"
)


class Asked(Record, frozen=True):
    """A request; `body` are bytes, of which each is a character."""

    method: str
    uri: str
    headers: tuple[tuple[str, str], ...] = ()
    body: str = ""


def features(backend: Path = BACKEND) -> dict[tuple[str, str], tuple[str, ...]]:
    """By method and path, what an endpoint is there for."""
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for path in sorted(backend.rglob("*.py")):
        text = path.read_text("utf-8")
        prefix = _PREFIX.search(text)
        for match in _FEATURES.finditer(text):
            words = tuple(word.strip() for word in match[1].split(","))
            found[match[2].upper(), f"{prefix[1] if prefix else ''}{match[3]}"] = words
    return found


class PythonApp:
    """The backend's application, by way of ASGI."""

    def __init__(self, backend: Path = BACKEND) -> None:
        """Imports the backend: it is ours."""
        if str(backend) not in sys.path:
            sys.path.insert(0, str(backend))
        self.app: Any = importlib.import_module("inbox.app").app

    def ask(self, requests: Sequence[Asked]) -> list[Answer]:
        """The answers."""

        async def run() -> list[Answer]:
            return [await self._one(one) for one in requests]

        return asyncio.run(run())

    async def _one(self, asked: Asked) -> Answer:
        from urllib.parse import unquote

        path, _, query = asked.uri.partition("?")
        headers = [
            (name.lower().encode(), value.encode("latin-1")) for name, value in asked.headers
        ]
        scope: dict[str, Any] = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1",
            "method": asked.method, "scheme": "http", "path": unquote(path),
            "raw_path": path.encode(), "query_string": query.encode(), "headers": headers,
            "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80), "root_path": "",
        }  # fmt: skip
        sent: list[Any] = []

        async def receive() -> dict[str, Any]:
            body = asked.body.encode("latin-1")
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        await self.app(scope, receive, send)
        text = b"".join(one.get("body", b"") for one in sent[1:])
        return Answer(sent[0]["status"], loaded(text.decode("utf-8", "replace")))


class RustApp(RustSide):
    """The port."""

    package = "inbox"

    def __init__(self, folder: Path, framework: Framework = "axum") -> None:
        """`folder` is emptied."""
        super().__init__(folder)
        self._framework: Framework = framework

    def port(self, backend: Path = BACKEND) -> Ported:
        """Ports everything into a new crate, whose handlers answer what they were given."""
        if self.folder.exists():
            shutil.rmtree(self.folder)
        self.folder.mkdir(parents=True)
        done = port(backend, self.folder, (), self._framework)
        for path in (self.folder / "src" / "routes").rglob("*.rs"):
            path.write_text(_answering(path.read_text("utf-8"), self._framework), "utf-8")
        manifest = self.folder / "Cargo.toml"
        probe = HERE / "probe" / f"requests_{self._framework}.rs"
        manifest.write_text(
            with_dependencies(manifest.read_text("utf-8"), (_NEEDED[self._framework],)), "utf-8"
        )
        (self.folder / "src" / "main.rs").write_text(probe.read_text("utf-8"), "utf-8")
        return done

    def answers(self, requests: Iterable[Asked]) -> list[Answer]:
        """The answers."""
        rows = (
            {"method": one.method, "uri": one.uri, "headers": one.headers, "body": one.body}
            for one in requests
        )
        lines = "".join(json.dumps(row) + "\n" for row in rows).encode()
        return self.answers_to(lines)


def _answering(text: str, framework: Framework) -> str:
    """Handlers that answer their parameters; all but the state, which is no parameter."""

    def answer(match: re.Match[str]) -> str:
        given = re.findall(r"let (\w+) =", match["called"])
        names = [
            one for one in re.findall(r"&([\w.#]+)", match["touched"])
            if one.partition(".")[0] not in given
        ]  # fmt: skip
        rows = (
            f'"{name.rpartition(".")[2].removeprefix("r#")}": &{name},'
            for name in names
            if name != "state"
        )
        return _ANSWERS[framework].format(f"serde_json::json!({{{' '.join(rows)}}})")

    return _HOLE.sub(answer, text)
