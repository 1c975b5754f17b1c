"""What the suites measure on is downloaded once and kept in the user's cache folder."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

WHEEL = "open-webui==0.6.36"

# Nobody debugs what is built here, and hardly anything is built twice.
os.environ.setdefault("CARGO_PROFILE_DEV_DEBUG", "0")
os.environ.setdefault("CARGO_INCREMENTAL", "0")


def cache() -> Path:
    """The folder for downloads; `PORT_LSP_CACHE` says where."""
    default = Path.home() / ".cache" / "port-lsp"
    return Path(os.environ.get("PORT_LSP_CACHE") or default)


@pytest.fixture(scope="session")
def target(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where all crates are built, so that what they depend on is built once; CARGO_TARGET_DIR says
    another place."""
    return Path(os.environ.get("CARGO_TARGET_DIR") or tmp_path_factory.mktemp("target"))


@pytest.fixture(scope="session")
def open_webui() -> Path:
    """The backend of Open WebUI 0.6.36, unpacked from its wheel."""
    folder = cache() / "open-webui-0.6.36"
    if not (folder / "open_webui" / "main.py").is_file():
        wheels = folder / "wheel"
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        command += ["--ignore-requires-python", "--dest", str(wheels), WHEEL]
        subprocess.run(command, check=True)
        (wheel,) = wheels.glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            sources = [name for name in archive.namelist() if name.endswith(".py")]
            archive.extractall(folder, sources)
        wheel.unlink()
    return folder
