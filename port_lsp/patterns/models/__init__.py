"""Models: Pydantic classes, TypedDicts, dataclasses and Enums as serde types."""

from port_lsp.patterns.models.pattern import ModelPattern, draft_models, place_of, validates

__all__ = ["ModelPattern", "draft_models", "place_of", "validates"]
