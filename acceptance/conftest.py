"""What the suites measure on is downloaded once and kept in the user's cache folder."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

WHEEL = "open-webui==0.6.36"


def cache() -> Path:
    """The folder for downloads; `PORT_LSP_CACHE` says where."""
    default = Path.home() / ".cache" / "port-lsp"
    return Path(os.environ.get("PORT_LSP_CACHE") or default)


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
