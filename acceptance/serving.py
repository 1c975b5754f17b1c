"""Both sides, to be asked: a Python application, and a crate's own program, built and run."""

from __future__ import annotations

import importlib
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import anyio
import httpx

from acceptance.conftest import cache
from bench.automatic.chosen import chosen, environment
from bench.automatic.serving import build, free_port, serving
from bench.port_compile import port
from port_lsp.parity.asking import Address
from port_lsp.writing.registering import Framework

STARTED = 30.0  # seconds for a program to answer


@contextmanager
def served(
    crate: Path, env: Mapping[str, str], target: Path
) -> Generator[httpx.Client, None, None]:
    """The client of a running crate; it is built in the folder `target`, and given `env`."""
    whole = {**os.environ, **env, "CARGO_TARGET_DIR": str(target)}
    subprocess.run(["cargo", "build", "--quiet"], cwd=crate, env=whole, check=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        listen = f"127.0.0.1:{free.getsockname()[1]}"
    package = re.search(r'^name = "(.+)"$', (crate / "Cargo.toml").read_text("utf-8"), re.M)
    assert package is not None
    program = target / "debug" / package[1]
    running = subprocess.Popen([program], cwd=crate, env={**whole, "LISTEN": listen})
    try:
        with httpx.Client(base_url=f"http://{listen}", timeout=10) as client:
            _wait(client)
            yield client
    finally:
        running.kill()
        running.wait()


@contextmanager
def loaded(backend: Path, root: Path) -> Generator[Any, None, None]:
    """The application `app` of a module, which is copied below `root`."""
    (root / backend.name).write_bytes(backend.read_bytes())
    sys.path.insert(0, str(root))
    try:
        yield importlib.import_module(backend.stem).app
    finally:
        sys.path.remove(str(root))


def responses(app: Any, requests: Iterable[Mapping[str, Any]]) -> list[httpx.Response]:
    """What a Python application answers to requests, as a server would: also where it raises.
    (Starlette's own client takes headers for UTF-8.)"""

    async def asked() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://backend") as client,
        ):
            return [await client.request(**one) for one in requests]

    return anyio.run(asked)


def whole_port(backend: Path, crate: Path, framework: Framework) -> None:
    """Ports a backend into an empty crate; nothing may be left, and no hole."""
    assert port(backend, crate, (), framework).left == ()
    written = "".join(one.read_text("utf-8") for one in crate.rglob("*.rs"))
    assert "todo!" not in written


def same_answers(
    crate: Path,
    env: Mapping[str, str],
    target: Path,
    requests: Sequence[Mapping[str, Any]],
    wanted: Sequence[Any],
    answer: Callable[[httpx.Response], Any],
) -> None:
    """Asks a crate what the backend was asked, in the same order; `answer` is what is compared of
    each response, `wanted` that of the backend's."""
    with served(crate, env, target) as client:
        for one, other in zip(requests, wanted, strict=True):
            assert (one, answer(client.request(**one))) == (one, other)


@contextmanager
def beside(
    backend: Path, folder: Path, framework: Framework, target: Path
) -> Generator[tuple[Address, Address], None, None]:
    """The addresses of both sides of a module with an application `app`, which uvicorn serves in
    the example's environment, and of its port, which must have no hole."""
    kept, crate = folder / "backend", folder / backend.stem
    kept.mkdir()
    (kept / backend.name).write_bytes(backend.read_bytes())
    whole_port(kept, crate, framework)
    program = build(crate, target, folder)
    python = environment(chosen("notes"), cache() / "environments")
    ports = free_port(), free_port()
    command = [python, "-m", "uvicorn", f"{backend.stem}:app", "--port", str(ports[0])]
    there = folder / "rust"
    there.mkdir()
    env = {"LISTEN": f"127.0.0.1:{ports[1]}"}
    with (
        serving(command, ports[0], kept, {}) as one,
        serving([program], ports[1], there, env) as other,
    ):
        yield one.address, other.address


def _wait(client: httpx.Client) -> None:
    until = time.monotonic() + STARTED
    while not _answers(client):
        assert time.monotonic() < until, "the program doesn't answer"
        time.sleep(0.1)


def _answers(client: httpx.Client) -> bool:
    try:
        client.get("/health")
    except httpx.TransportError:
        return False
    return True
