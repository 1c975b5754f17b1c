"""The two sides that payloads are put to: FastAPI with the models, axum with what is generated."""

from __future__ import annotations

import asyncio
import importlib
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from port_lsp.commands.files import write_all
from port_lsp.facts.source import Record
from port_lsp.index.index import Index
from port_lsp.index.roots import Wanted
from port_lsp.patterns.desk import Desk, Desks
from port_lsp.patterns.ground.start import lay, onto
from port_lsp.patterns.models import places_at, validates
from port_lsp.patterns.port import Ported, unfinished
from port_lsp.patterns.registry import porter
from port_lsp.writing.draft import Dependency
from port_lsp.writing.ir.types import Symbol
from port_lsp.writing.manifest import with_dependencies

HERE = Path(__file__).parent
BACKEND = HERE / "backend"
PROBE = HERE / "probe" / "main.rs"
_NEEDED = (Dependency("tower", "0.5", ("util",)),)  # by the probe
_MAIN = "src/main.rs"
_MODEL = re.compile(r"^# features: (.+)\nclass (\w+)", re.M)


class Case(Record, frozen=True):
    """A model that is compared, and the features that it is there for."""

    module: str
    name: str
    features: tuple[str, ...]

    @property
    def path(self) -> str:
        """Where both sides serve it."""
        return f"/{self.module}/{self.name}"

    @property
    def key(self) -> str:
        """Its item key."""
        return f"{self.module.replace('.', '/')}.py::{self.name}"


class Answer(Record, frozen=True):
    """What a side answers."""

    status: int
    body: Any


def cases(backend: Path = BACKEND) -> list[Case]:
    """The models of a backend that have a line `# features:` before them."""
    found: list[Case] = []
    for path in sorted(backend.rglob("*.py")):
        module = ".".join(path.relative_to(backend).with_suffix("").parts)
        for match in _MODEL.finditer(path.read_text("utf-8")):
            features = tuple(word.strip() for word in match[1].split(","))
            found.append(Case(module, match[2], features))
    return found


class PythonSide:
    """A FastAPI application that answers each model with what it made of it."""

    def __init__(self, wanted: Iterable[Case], backend: Path = BACKEND) -> None:
        """Imports the backend: it is ours."""
        from fastapi import FastAPI

        sys.path.insert(0, str(backend))
        self.app = FastAPI()
        self.types: dict[Case, Any] = {}
        for case in wanted:
            kind = getattr(importlib.import_module(case.module), case.name)
            self.types[case] = kind
            self.app.post(
                case.path,
                response_model=kind,
                response_model_exclude_unset="unset" in case.features,
            )(_echo(kind))

    def ask(self, path: str, bodies: Sequence[bytes]) -> list[Answer]:
        """The answers to requests, by way of ASGI."""

        async def run() -> list[Answer]:
            return [await self._one(path, body) for body in bodies]

        return asyncio.run(run())

    async def _one(self, path: str, body: bytes) -> Answer:
        scope: dict[str, Any] = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST",
            "scheme": "http", "path": path, "raw_path": path.encode(), "query_string": b"",
            "headers": [(b"content-type", b"application/json"), (b"host", b"x")],
            "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80), "root_path": "",
        }  # fmt: skip
        sent: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        await self.app(scope, receive, send)
        text = b"".join(one.get("body", b"") for one in sent[1:])
        return Answer(sent[0]["status"], json.loads(text) if text else None)


def other_names(kind: Any) -> dict[str, list[str]]:
    """By the name that a model's JSON schema has for a field, what the model may read it by as
    well."""
    found: dict[str, list[str]] = {}
    for name, field in getattr(kind, "model_fields", {}).items():
        choices = getattr(field.validation_alias, "choices", None) or [field.validation_alias]
        texts = [one for one in choices if isinstance(one, str)]
        if texts:
            found[texts[0]] = [*texts[1:], name]
    return found


def _echo(kind: Any) -> Any:
    async def echo(value: Any) -> Any:
        return value

    echo.__annotations__ = {"value": kind}
    return echo


class RustSide:
    """The generated crate: written into a folder, compiled, and asked by lines of text."""

    package = "shop"

    def __init__(self, folder: Path, *, lenient: bool = False) -> None:
        """`folder` is emptied."""
        self.folder, self.lenient = folder, lenient

    def write(self, wanted: Sequence[Case], backend: Path = BACKEND) -> Ported:
        """Ports every model of the backend into a new crate and has each case served."""
        if self.folder.exists():
            shutil.rmtree(self.folder)
        self.folder.mkdir(parents=True)
        index = Index.open(Wanted(str(backend), str(backend), str(self.folder)))
        files = lay(index, "axum")
        desk = Desks().at(index)
        known = {one.id for one in unfinished(index.snapshot)}
        done = porter(desk).port([one for one in unfinished(index.snapshot) if one.kind == "model"])
        if not write_all(str(self.folder), onto(files, done, str(self.folder)).changes):
            raise OSError(f"{self.folder} couldn't be written")
        manifest = self.folder / "Cargo.toml"
        text = with_dependencies(manifest.read_text("utf-8"), _NEEDED)
        manifest.write_text(text, "utf-8")
        routes = [_route(desk, case) for case in wanted if case.key in known]
        text = PROBE.read_text("utf-8").replace("Router::new()", "Router::new()" + "".join(routes))
        (self.folder / "src" / "main.rs").write_text(text, "utf-8")
        if self.lenient:
            path = self.folder / "src" / "extract" / "input.rs"
            text = path.read_text("utf-8")
            path.write_text(text.replace("LENIENT: bool = false", "LENIENT: bool = true"), "utf-8")
        return done

    def build(self) -> str:
        """Compiles; what the compiler says where it fails, else nothing."""
        run = self._cargo("build", "--quiet", "--message-format", "short")
        return "" if run.returncode == 0 else run.stderr

    def _cargo(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["cargo", *words], cwd=self.folder, capture_output=True, text=True, check=False
        )

    def program(self) -> Path:
        """The compiled program."""
        run = self._cargo("metadata", "--format-version", "1", "--no-deps")
        return Path(json.loads(run.stdout)["target_directory"]) / "debug" / self.package

    def ask(self, requests: Iterable[tuple[str, bytes]]) -> list[Answer]:
        """The answers to requests: paths and bodies."""
        lines = b"".join(path.encode() + b"\t" + body + b"\n" for path, body in requests)
        return self.answers_to(lines)

    def answers_to(self, lines: bytes) -> list[Answer]:
        """What the program says to its input: of each line a status and a body."""
        run = subprocess.run([self.program()], input=lines, capture_output=True, check=True)
        found: list[Answer] = []
        for line in run.stdout.decode().splitlines():
            status, _, body = line.partition("\t")
            found.append(Answer(int(status), loaded(body)))
        return found


def loaded(text: str) -> Any:
    """The JSON of an answer, or the answer as it is."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def _route(desk: Desk, case: Case) -> str:
    _, symbol = places_at(desk).place(case.key, _MAIN)
    how = "checked" if validates(desk, case.key, _MAIN) else "echo"
    return f'\n        .route("{case.path}", post({how}::<{_named(symbol)}>))'


def _named(symbol: Symbol) -> str:
    """A symbol of the library as its program names it."""
    return "::".join(("shop", *symbol.path[1:]))
