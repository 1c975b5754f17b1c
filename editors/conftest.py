"""Real editors, unpacked once, and a copy of the example for each test."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent
# A variable that is empty says nothing: `Path("")` is the folder that one stands in.
UNPACKED = Path(os.environ.get("PORT_LSP_EDITORS") or PROJECT / "build" / "editors")


@pytest.fixture(scope="session")
def unpacked() -> Callable[[str, str, str, str], Path]:
    """Gives a program of a Debian release: by folder, release, package, program."""

    def unpack(folder: str, release: str, package: str, program: str) -> Path:
        target = UNPACKED / folder
        if not (target / "installed").exists():
            command = [str(HERE / "unpack.sh"), str(target), release, package, program]
            subprocess.run(command, check=True, timeout=600)
        return target / "root" / "usr" / "bin" / program

    return unpack


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """A copy of examples/, at the top of a repository."""
    copy = tmp_path / "example"
    ignored = shutil.ignore_patterns("target", "__pycache__", "*.db")
    shutil.copytree(PROJECT / "examples", copy, ignore=ignored)
    (copy / ".git").mkdir()
    return copy


@pytest.fixture
def server(tmp_path: Path) -> Path:
    """A folder with a `port-lsp` in it, that of this checkout."""
    found = tmp_path / "bin"
    program = found / "port-lsp"
    if not program.exists():
        found.mkdir()
        compiled = Path(tempfile.gettempdir()) / "port-lsp-compiled"
        lines = [
            "#!/bin/sh",
            "unset PYTHONDONTWRITEBYTECODE",
            f"export PYTHONPATH='{PROJECT}' PYTHONPYCACHEPREFIX='{compiled}'",
            f"exec '{sys.executable}' -m port_lsp \"$@\"",
        ]
        program.write_text("\n".join(lines) + "\n")
        program.chmod(0o755)
    return found
