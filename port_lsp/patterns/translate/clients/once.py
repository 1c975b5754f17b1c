"""Where functions that are written once for requests to other servers stand, and what they need."""

from __future__ import annotations

from collections.abc import Callable

from port_lsp.patterns.translate.scene import Scene
from port_lsp.patterns.translate.values import UntranslatedError
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import Symbol

_FILE = "outgoing.py"  # beside the models


def need_reqwest(scene: Scene) -> None:
    """The code asks other servers."""
    scene.needs.depend("reqwest", "0.12", "json", "rustls-tls", default_features=False)
    scene.needs.depend("http", "1")
    scene.needs.depend("tokio", "1", "time")


def helper(scene: Scene, name: str, docs: str, make: Callable[[str], i.Function]) -> Symbol:
    """A function that `make` makes, called so. Raises UntranslatedError."""
    if scene.functions is None:
        raise UntranslatedError("a request in a handler that can't fail")
    need_reqwest(scene)
    if name.startswith("requests"):
        scene.needs.depend("bytes", "1")
    return scene.functions.helper(name, _FILE, name, docs, scene.needs, make)
