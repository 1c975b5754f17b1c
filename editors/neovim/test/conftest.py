"""Real Neovims, installed once, and a copy of the example for each test."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve().parent
PLUGIN = HERE.parent
PROJECT = PLUGIN.parent.parent
INSTALLED = Path(os.environ.get("PORT_LSP_NEOVIMS", PROJECT / "build" / "neovim"))
SUITES = {"0.10": "trixie", "0.12": "sid"}
PATIENCE = 120  # seconds that one Neovim may take

Run = Callable[..., Any]


@pytest.fixture(scope="session", params=SUITES)
def neovim(request: pytest.FixtureRequest) -> Path:
    """The program of one version; on the machine from then on."""
    version: str = request.param
    target = INSTALLED / version
    program = target / "root" / "usr" / "bin" / "nvim"
    if not (target / "installed").exists():
        command = [str(HERE / "install-nvim.sh"), str(target), SUITES[version]]
        subprocess.run(command, check=True, timeout=600)
        (target / "installed").touch()
    said = subprocess.run([program, "--version"], check=True, capture_output=True, text=True)
    assert said.stdout.startswith(f"NVIM v{version}."), said.stdout
    return program


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """A copy of examples/, at the top of a repository."""
    copy = tmp_path / "example"
    ignored = shutil.ignore_patterns("target", "__pycache__", "*.db")
    shutil.copytree(PROJECT / "examples", copy, ignore=ignored)
    (copy / ".git").mkdir()
    return copy


@pytest.fixture
def run(neovim: Path, example: Path, tmp_path: Path) -> Run:
    """Runs a case in Lua from the example's folder and gives what it returns."""

    def run_case(case: str, **environment: str) -> Any:
        script, answer = tmp_path / "case.lua", tmp_path / "answer.json"
        script.write_text(textwrap.dedent(case), encoding="utf-8")
        answer.unlink(missing_ok=True)
        home = tmp_path / "home"
        path = os.pathsep.join([str(server(tmp_path)), os.environ["PATH"]])
        given = {**os.environ, "HOME": str(home), "XDG_CONFIG_HOME": str(home / "config"),
                 "XDG_STATE_HOME": str(home / "state"), "XDG_DATA_HOME": str(home / "data"),
                 "PATH": path, **environment}  # fmt: skip
        given |= {"PLUGIN": str(PLUGIN), "CASE": str(script), "ANSWER": str(answer)}
        prelude = f"luafile {HERE / 'prelude.lua'}"
        command = [str(neovim), "--headless", "-u", "NONE", "-i", "NONE", "-c", prelude]
        done = subprocess.run(
            command, cwd=example, env=given, timeout=PATIENCE, capture_output=True, text=True
        )
        assert answer.exists(), done.stderr or done.stdout
        found = json.loads(answer.read_text(encoding="utf-8"))
        assert found["ran"], found["result"]
        return found["result"]

    return run_case


def server(folder: Path) -> Path:
    """A folder with a `port-lsp` in it, that of this checkout."""
    found = folder / "bin"
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
