"""Makes ready what bench/backends.py compares: an application's source, and FastAPI's word on it.

The source is the application's distributions from PyPI, unpacked into one folder, or a checkout.
FastAPI is asked by fastapi_walk.py in a throw-away environment that holds the application; that
takes minutes and hundreds of megabytes, so its answer is kept in routes/<name>.json.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import click
import msgspec
import tomlkit
from backends_compare import Routes, Said

HERE = Path(__file__).parent
ROUTES = HERE / "routes"
INSTALL_SECONDS = 1800
WALK_SECONDS = 900


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    """One application of backends.toml, which says what the fields mean."""

    name: str
    shape: str
    apps: tuple[str, ...]
    packages: tuple[str, ...] = ()
    source: str = ""
    commit: str = ""
    root: str = "."
    requires: tuple[str, ...] = ()
    pyproject: str = ""
    python: str = "3.11"
    before: str = ""
    env: dict[str, str] = {}

    @property
    def of(self) -> str:
        """What was asked about: an answer that was given to another question is stale."""
        origin = " ".join(self.packages) or f"{self.source}@{self.commit}"
        return f"{origin}: {' '.join(self.apps)}"


def run(
    command: list[str], seconds: int, cwd: Path | None = None, env: Mapping[str, str] | None = None
) -> str:
    """Run a program, give its stdout. Raises ClickException with its last words if it fails."""
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=seconds, check=False, cwd=cwd, env=env
        )
    except subprocess.TimeoutExpired as error:
        raise click.ClickException(f"{command[0]} took more than {seconds} s") from error
    if done.returncode:
        raise click.ClickException(f"{' '.join(command)}\n{done.stderr[-2000:]}")
    return done.stdout


def tree(one: Chosen, cache: Path, checkouts: Path | None) -> Path | None:
    """Give the folder to read; None for a checkout that isn't there. Unpacks below cache once."""
    if not one.packages:
        folder = checkouts / one.name / one.root if checkouts is not None else None
        return folder if folder is not None and folder.is_dir() else None
    folder = cache / one.name
    asked = " ".join(one.packages)
    label = folder.with_suffix(".txt")
    if not label.is_file() or label.read_text() != asked:
        shutil.rmtree(folder, ignore_errors=True)
        run([*_install_into(folder, one.python), *one.packages], INSTALL_SECONDS)
        label.write_text(asked)
    return folder


def _install_into(folder: Path, python: str) -> list[str]:
    """The command that unpacks distributions side by side, whatever Python they are for."""
    uv = shutil.which("uv")
    if uv is not None:
        target = [uv, "pip", "install", "--quiet", "--python-version", python]
    else:
        target = [sys.executable, "-m", "pip", "install", "--quiet", "--ignore-requires-python"]
        target += ["--no-compile"]
    return [*target, "--no-deps", "--target", str(folder)]


def routes(one: Chosen) -> Routes | None:
    """FastAPI's word as kept; None if there is none or it is about something else."""
    kept = ROUTES / f"{one.name}.json"
    if not kept.is_file():
        return None
    found = msgspec.json.decode(kept.read_bytes(), type=Routes)
    return found if found.of == one.of else None


def refresh(one: Chosen, folder: Path, date: str) -> Routes:
    """Ask FastAPI anew and keep its answer. `date` (YYYY-MM-DD): no distribution is newer.

    Only uv can go back to a date; without it the newest ones are taken that fit.
    """
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        wanted = [*one.packages, *one.requires, *_dependencies(one, folder)]
        python = _environment(one, wanted, scratch / "venv", date)
        home = scratch / "home"
        home.mkdir()
        out = scratch / "routes.json"
        command = [str(python), str(HERE / "fastapi_walk.py"), "--root", str(folder.resolve())]
        command += ["--out", str(out), "--before", one.before, *one.apps]
        env = {"PATH": os.environ["PATH"], "HOME": str(home), "LC_ALL": "C.UTF-8", **one.env}
        run(command, WALK_SECONDS, cwd=home, env=env)
        said = msgspec.json.decode(out.read_bytes(), type=_Walk)
    answer = Routes(of=one.of, fastapi=said.fastapi, python=said.python, endpoints=said.endpoints)
    ROUTES.mkdir(exist_ok=True)
    (ROUTES / f"{one.name}.json").write_text(_one_row_a_line(answer), encoding="utf-8")
    return answer


class _Walk(msgspec.Struct):
    fastapi: str
    python: str
    endpoints: tuple[Said, ...]


def _dependencies(one: Chosen, folder: Path) -> list[str]:
    """What a checkout's pyproject.toml asks for."""
    if not one.pyproject:
        return []
    document = tomlkit.parse((folder / one.pyproject).read_text(encoding="utf-8")).unwrap()
    return msgspec.convert(document["project"]["dependencies"], list[str])


def _environment(one: Chosen, wanted: list[str], venv: Path, date: str) -> Path:
    """Make an environment with what the application needs; give its interpreter."""
    uv = shutil.which("uv")
    python = venv / "bin" / "python"
    if uv is not None:
        run([uv, "venv", "--quiet", "--python", one.python, str(venv)], INSTALL_SECONDS)
        install = [uv, "pip", "install", "--quiet", "--python", str(python)]
        run([*install, "--exclude-newer", date, *wanted], INSTALL_SECONDS)
    else:
        own = shutil.which(f"python{one.python}") or sys.executable
        run([own, "-m", "venv", str(venv)], INSTALL_SECONDS)
        run([str(python), "-m", "pip", "install", "--quiet", *wanted], INSTALL_SECONDS)
    return python


def _one_row_a_line(answer: Routes) -> str:
    """JSON that a diff can be read of."""
    head = msgspec.to_builtins(answer)
    rows = [msgspec.json.encode(row).decode() for row in answer.endpoints]
    del head["endpoints"]
    return f"{msgspec.json.encode(head).decode()[:-1]},\n" + (
        '"endpoints":[\n' + ",\n".join(rows) + "\n]}\n"
    )
