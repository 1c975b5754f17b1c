"""Linked structs that lack a field of their backend's model, or name one otherwise on the wire."""

from port_lsp.patterns.fields.pattern import FieldsPattern

__all__ = ["FieldsPattern"]
