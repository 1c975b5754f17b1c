"""Models: Pydantic classes, TypedDicts, dataclasses and Enums as serde types."""

from port_lsp.patterns.models.pattern import ModelPattern, draft_models, validates
from port_lsp.patterns.models.places import places_at, traits_of

__all__ = ["ModelPattern", "draft_models", "places_at", "traits_of", "validates"]
