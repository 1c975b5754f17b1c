"""The crate's `wire` module: what serde and the well-known packages don't do as Pydantic does.

Each of its files is written when a model first needs it, and stands on its own but for those named
here.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib import resources

from port_lsp.writing.draft import Dependency

_ON: dict[str, tuple[str, ...]] = {"email": ("text",)}
_PACKAGES: dict[str, tuple[Dependency, ...]] = {
    "times": (Dependency("chrono", "0.4", ("serde",)),),
    "decimal": (Dependency("rust_decimal", "1"),),
    "urls": (Dependency("url", "2", ("serde",)),),
}


def support_files(folder: str, wanted: Iterable[str]) -> dict[str, str]:
    """The files (path, text) of the modules of `wire` under a crate's source folder."""
    every = sorted({one for name in wanted for one in (name, *_ON.get(name, ()))})
    return {f"{folder}/wire/{name}.rs": _text(name) for name in every}


def support_packages(wanted: Iterable[str]) -> list[Dependency]:
    """The packages that modules of `wire` rest on."""
    return [one for name in sorted(set(wanted)) for one in _PACKAGES.get(name, ())]


@cache
def _text(name: str) -> str:
    place = resources.files("port_lsp.patterns.models") / "support" / f"{name}.rs"
    return place.read_text("utf-8")
