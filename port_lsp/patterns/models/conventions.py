"""How this crate writes its models, read of the ones that it has."""

from __future__ import annotations

import re
from typing import cast

from port_lsp.patterns.desk import Desk
from port_lsp.patterns.models.context import Conventions

_VALIDATOR = re.compile(
    r"^validator\s*=\s*(?:\"|\{[^}\n]*?version\s*=\s*\")[\^=~>]*\s*(\d+)\.(\d+)", re.M
)
_CHRONO = re.compile(r"\bDateTime\s*<\s*Utc\s*>|\bNaiveDateTime\b")


def conventions_of(desk: Desk) -> Conventions:
    """The conventions for models: the version of `validator`, and whether dates and times are
    chrono's own where most structs have them so."""
    kept = desk.workshop.kept
    key = ("conventions of models", desk.database)
    if key not in kept:
        kept[key] = _counted(desk)
    return cast("Conventions", kept[key])


def _counted(desk: Desk) -> Conventions:
    version = (0, 0)
    for path, text in desk.workshop.manifests.items():
        match = _VALIDATOR.search(text.decode("utf-8", "replace"))
        if match is not None and path.endswith("Cargo.toml"):
            version = (int(match[1]), int(match[2]))
    crate = desk.snapshot.crate
    annotations = [
        field.annotation or ""
        for model in (crate.models if crate else ())
        for field in model.fields
    ]
    plain = sum(bool(_CHRONO.search(text)) for text in annotations)
    exact = sum(text.rpartition("::")[2] in ("Moment", "Aware", "Naive") for text in annotations)
    times = "chrono" if plain > exact else "exact"
    return Conventions(times, version, desk.database or "sqlite")
