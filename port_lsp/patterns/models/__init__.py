"""Models: Pydantic classes, TypedDicts, dataclasses and Enums as serde types."""

from port_lsp.patterns.models.pattern import ModelPattern, draft_models, place_of, validates
from port_lsp.patterns.models.places import traits_of

__all__ = ["ModelPattern", "draft_models", "place_of", "traits_of", "validates"]
