"""The backend's own functions and methods as functions of the crate."""

from port_lsp.patterns.functions.pattern import FunctionPattern

__all__ = ["FunctionPattern"]
