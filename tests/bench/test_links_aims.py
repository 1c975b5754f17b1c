"""`bench.links` fails where too few links are right."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.index.projects import write

ROOT = Path(__file__).parents[2]
PAIR = """\
//- /backend/main.py
from fastapi import FastAPI

app = FastAPI()

//- /crate/Cargo.toml
[package]
name = "crate"
version = "0.1.0"
edition = "2021"

[dependencies]
axum = "0.8"

//- /crate/src/main.rs
fn main() {}
"""


@pytest.mark.parametrize("pair", ["open-webui", "noaa-recon"])
def test_a_pair_that_is_another_fails(tmp_path: Path, pair: str) -> None:
    root = write(tmp_path, PAIR)
    command = [sys.executable, str(ROOT / "bench" / "links.py"), pair, "--brief"]
    command += ["--backend", str(root / "backend"), "--crate", str(root / "crate")]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 1, done.stderr
    assert "below the aim: endpoints, all: 0 of " in done.stdout
    assert "below the aim: models, all: 0 of " in done.stdout
