"""The table of library calls that comes with port-lsp."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import tomlkit

from port_lsp.config.library import Library, row_of

FILE = Path(__file__).parent / "libraries.toml"


@cache
def shipped() -> tuple[Library, ...]:
    """Its rows, in their order; read when somebody first asks."""
    table: dict[str, Any] = tomlkit.parse(FILE.read_text("utf-8")).unwrap()
    return tuple(row_of(one) for one in table["library"])
