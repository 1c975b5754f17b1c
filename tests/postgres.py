"""A PostgreSQL of the tests' own: made anew in a folder, reached by a socket in it, and stopped."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.unprivileged import NOBODY, folder_of_nobody

# Debian keeps the server's programs out of the path.
_VERSIONS = Path("/usr/lib/postgresql")
_SETTINGS = {"listen_addresses": "", "fsync": "off", "full_page_writes": "off"}


def needs_postgres() -> None:
    """Leaves a test out on a machine without PostgreSQL; in CI, where nothing is left out, it
    fails."""
    if program("initdb") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("PostgreSQL isn't there: apt-get install postgresql")
        pytest.skip("left out: no PostgreSQL (Debian's package is called postgresql)")


def program(name: str) -> str | None:
    """Where one of the server's programs is: in the path, else the newest that Debian has."""
    found = shutil.which(name)
    if found is not None:
        return found
    there = [path for path in _VERSIONS.glob(f"*/bin/{name}") if path.parts[-3].isdigit()]
    return str(max(there, key=lambda path: int(path.parts[-3]))) if there else None


@contextmanager
def server() -> Generator[Path, None, None]:
    """A running server with nothing in it but what is PostgreSQL's own: the folder of its socket.
    Its user is `postgres`, who needs no password. It refuses to be run by root."""
    with folder_of_nobody() as folder:
        data = folder / "data"
        _run("initdb", "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8",
             "--locale=C", "--no-sync", "--no-instructions", within=folder)  # fmt: skip
        settings = [word for name, value in _SETTINGS.items() for word in ("-c", f"{name}={value}")]
        command = [program("postgres") or "", "-D", str(data), "-k", str(folder), *settings]
        log = (folder / "log").open("wb")
        with (
            log,
            subprocess.Popen[bytes](
                command, stdout=log, stderr=log, **_ordinary(folder)
            ) as process,
        ):
            try:
                _wait(process, folder)
                yield folder
            finally:
                process.send_signal(signal.SIGINT)  # "fast": without waiting for clients
                process.wait(timeout=60)


def created(folder: Path, name: str) -> None:
    """Makes a new database in the server of a folder."""
    _run("createdb", "-h", str(folder), "-U", "postgres", name, within=folder)


def _wait(process: subprocess.Popen[bytes], folder: Path) -> None:
    """Returns when the server takes connections. Raises RuntimeError with its log."""
    until = time.monotonic() + 60
    asked = [program("pg_isready") or "", "-q", "-h", str(folder)]
    while subprocess.run(asked, check=False).returncode:
        if process.poll() is not None or time.monotonic() > until:
            raise RuntimeError((folder / "log").read_text("utf-8", "replace"))
        time.sleep(0.1)


def _run(name: str, *arguments: str, within: Path) -> None:
    """Runs one of the programs as an ordinary user. Raises RuntimeError with what it said."""
    command = [program(name) or name, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, **_ordinary(within))
    if done.returncode:
        raise RuntimeError(f"{name}: {done.stderr}")


def _ordinary(folder: Path) -> dict[str, Any]:
    """How a process is started that root may not run, in a folder that it may read."""
    whose: dict[str, Any] = {"cwd": folder}
    if os.geteuid() == 0:
        os.chown(folder, NOBODY, NOBODY)
        whose |= {"user": NOBODY, "group": NOBODY, "extra_groups": ()}
    return whose
