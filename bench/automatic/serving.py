"""Programs that serve, started and stopped: the backend's and its port's."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from port_lsp.facts.source import Record
from port_lsp.parity.asking import Address, NoAnswerError, Question, ask

STARTED = 60.0  # seconds for a program to answer
_HOST = "127.0.0.1"
_PANIC = re.compile(r"panicked at (\S+?):(\d+):\d+:\n(.*)")


class NotServedError(Exception):
    """A program that didn't come to listen: its last words."""


class Served(Record, frozen=True):
    """A program that listens, and the file that holds what it says."""

    address: Address
    log: Path

    def said(self) -> int:
        """How many bytes it has said."""
        return self.log.stat().st_size

    def panic(self, since: int) -> str:
        """Where it panicked first after so many bytes, and with which words; "" if it didn't."""
        with self.log.open("rb") as file:
            file.seek(since)
            found = _PANIC.search(file.read().decode("utf-8", "replace"))
        return f"{found[3]} ({found[1]}:{found[2]})" if found is not None else ""


def free_port() -> int:
    """A port on which nothing listens."""
    with socket.socket() as free:
        free.bind((_HOST, 0))
        return free.getsockname()[1]


def build(crate: Path, target: Path, folder: Path) -> Path:
    """Builds a crate; gives its program, in a folder where no other build of that name comes."""
    whole = {**os.environ, "CARGO_TARGET_DIR": str(target)}
    subprocess.run(["cargo", "build", "--quiet"], cwd=crate, env=whole, check=True)
    package = re.search(r'^name = "(.+)"$', (crate / "Cargo.toml").read_text("utf-8"), re.M)
    assert package is not None
    return Path(shutil.copy(target / "debug" / package[1], folder / "program"))


@contextmanager
def serving(
    command: Sequence[str | Path], port: int, folder: Path, env: Mapping[str, str]
) -> Generator[Served, None, None]:
    """A program that is run in a folder and will listen on a port. Raises NotServedError."""
    log = folder / "said.txt"
    with log.open("wb") as out:
        whole = {**os.environ, **env}
        program = subprocess.Popen(command, cwd=folder, env=whole, stdout=out, stderr=out)
    try:
        address = Address("http", _HOST, port)
        _wait(program, address, log)
        yield Served(address, log)
    finally:
        program.kill()
        program.wait()


def _wait(program: subprocess.Popen[bytes], address: Address, log: Path) -> None:
    until = time.monotonic() + STARTED
    while not _answers(address):
        if program.poll() is not None or time.monotonic() > until:
            raise NotServedError(log.read_text("utf-8", "replace")[-2000:])
        time.sleep(0.05)


def _answers(address: Address) -> bool:
    """Whether it answers, and doesn't only listen: it may make its tables in between."""
    try:
        ask(address, Question("GET", "/is-anybody-there"), STARTED)
    except NoAnswerError:
        return False
    return True
