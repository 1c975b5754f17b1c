"""How this crate writes its models, read of the ones that it has."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from typing import cast

from port_lsp.facts.items import Model
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.models.context import Conventions, Times

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
    return Conventions(_times(desk), version, desk.database or "sqlite")


def _times(desk: Desk) -> Times:
    """How structs have dates and times. A table's rows have chrono's own whatever the others have:
    they are only asked where no other struct says anything, and not in a crate that is begun just
    now, whose rows come from the ground."""
    crate = desk.snapshot.crate
    models = crate.models if crate is not None else ()
    others = _said(one for one in models if not _is_row(one))
    if others is not None:
        return others
    begun = os.path.exists(os.path.join(desk.snapshot.root("crate") or "", "Cargo.toml"))
    return (_said(filter(_is_row, models)) if begun else None) or "exact"


def _is_row(model: Model) -> bool:
    return any(one.rpartition("::")[2] == "FromRow" for one in model.derives)


def _said(models: Iterable[Model]) -> Times | None:
    annotations = [field.annotation or "" for model in models for field in model.fields]
    plain = sum(bool(_CHRONO.search(text)) for text in annotations)
    exact = sum(text.rpartition("::")[2] in ("Moment", "Aware", "Naive") for text in annotations)
    if not plain and not exact:
        return None
    return "chrono" if plain > exact else "exact"
