"""Real Neovims, and what runs a case in one."""

import json
import os
import subprocess
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve().parent
PLUGIN = HERE.parent
SUITES = {"0.10": "trixie", "0.12": "sid"}
PATIENCE = 300  # seconds that one Neovim may take; a language's own server needs most of them

Run = Callable[..., Any]
Unpacked = Callable[[str, str, str, str], Path]


@pytest.fixture(scope="session", params=SUITES)
def neovim(request: pytest.FixtureRequest, unpacked: Unpacked) -> Path:
    """The program of one version; on the machine from then on."""
    version: str = request.param
    program = unpacked(version, SUITES[version], "neovim", "nvim")
    said = subprocess.run([program, "--version"], check=True, capture_output=True, text=True)
    assert said.stdout.startswith(f"NVIM v{version}."), said.stdout
    return program


@pytest.fixture
def run(neovim: Path, example: Path, server: Path, tmp_path: Path) -> Run:
    """Runs a case in Lua from the example's folder and gives what it returns."""

    def run_case(case: str, **environment: str) -> Any:
        script, answer = tmp_path / "case.lua", tmp_path / "answer.json"
        script.write_text(textwrap.dedent(case), encoding="utf-8")
        answer.unlink(missing_ok=True)
        home = tmp_path / "home"
        path = os.pathsep.join([str(server), os.environ["PATH"]])
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
