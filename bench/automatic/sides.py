"""Both sides of a backend: its port is made and built, both are started with empty databases."""

from __future__ import annotations

import shutil
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench.automatic.chosen import Chosen
from bench.automatic.serving import Served, build, free_port, serving
from bench.automatic.tables import Databases
from bench.port_compile import port
from port_lsp.facts.source import Record
from port_lsp.index.index import Index
from port_lsp.index.roots import Wanted
from port_lsp.writing.registering import Framework


class Sides(Record, frozen=True):
    """Both, running."""

    python: Served
    rust: Served
    databases: Databases


def ported(backend: Path, folder: Path, framework: Framework) -> tuple[Path, Index]:
    """The crate that is made of a backend in an empty folder, by `port --all` alone; and what is
    read of both. The backend is copied first: what is configured above its own folder would
    count."""
    crate, kept = folder / "crate", folder / "backend"
    backend = Path(shutil.copytree(backend, kept, ignore=shutil.ignore_patterns("*.pyc", ".*")))
    done = port(backend, crate, (), framework)
    for left in done.left:
        print(f"left {left.id}: {left.reason}")
    return crate, Index.open(Wanted(str(folder), str(backend), str(crate)))


@contextmanager
def started(
    one: Chosen,
    backend: Path,
    crate: Path,
    python: Path,
    folder: Path,
    target: Path,
    apart: tuple[str, ...] = (),
) -> Generator[Sides, None, None]:
    """Both sides, each in a folder of its own. `python` is the interpreter that runs the backend,
    `target` where cargo builds."""
    program = build(crate, target, folder)
    with ExitStack() as stack:
        sides: list[Served] = []
        for name in ("python", "rust"):
            where = folder / name
            where.mkdir(parents=True)
            listens = free_port()
            env = {**one.env, "PYTHONPATH": str(backend)}
            command: list[str | Path] = [python, "-m", "uvicorn", one.app, "--port", str(listens)]
            if name == "rust":
                env = {**one.env, **one.rust_env, "LISTEN": f"127.0.0.1:{listens}"}
                command = [program]
            sides.append(stack.enter_context(serving(command, listens, where, env)))
        files = [folder / name / one.database for name in ("python", "rust")]
        yield Sides(sides[0], sides[1], Databases(files[0], files[1], apart))
