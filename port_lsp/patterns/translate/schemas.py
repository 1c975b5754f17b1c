"""What the backend's classes are made of, worked out once for a revision: a body that asks for each
attribute of an object would otherwise have the class read again each time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from port_lsp.patterns.desk import Desk
from port_lsp.patterns.translate.values import UntranslatedError
from port_lsp.types.schema import ModelSchema

if TYPE_CHECKING:
    from port_lsp.patterns.translate.scene import Scene


class Schemas:
    """Answers for one revision."""

    def __init__(self, desk: Desk) -> None:
        """Of the desk's backend."""
        self._reader = desk.backend
        backend = desk.snapshot.backend
        models = backend.models if backend is not None else ()
        self._models = {one.key: one for one in reversed(models)}
        self._known: dict[str, ModelSchema] = {}

    def of(self, key: str) -> ModelSchema | None:
        """That of a class (item key); None for what is no model."""
        if key not in self._known and key in self._models:
            self._known[key] = self._reader.schema(self._models[key])
        return self._known.get(key)


def schema_at(desk: Desk, key: str) -> ModelSchema | None:
    """The schema of a class of the backend (item key); None for what is no model."""
    return desk.shares(Schemas).of(key)


def schema_of(scene: Scene, key: str) -> ModelSchema:
    """What a class of the backend (item key) is made of. Raises UntranslatedError."""
    found = schema_at(scene.desk, key)
    if found is None:
        raise UntranslatedError("an object of a class")
    return found
