"""Being somebody who may not read everything, also where the tests are run by root."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

NOBODY = 65534


@contextmanager
def folder_of_nobody() -> Generator[Path, None, None]:
    """A folder that an ordinary user may reach and own; pytest's own are root's alone."""
    folder = Path(tempfile.mkdtemp(prefix="port-lsp-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@contextmanager
def as_nobody(folder: Path) -> Generator[None, None, None]:
    """What is done inside is done by an ordinary user, to whom the folder belongs.

    Modules that are imported for the first time must have been imported before: they may stand
    where that user can't read.
    """
    if os.geteuid() != 0:
        yield
        return
    for path in (folder, *folder.rglob("*")):
        os.chown(path, NOBODY, NOBODY)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
