"""FastAPI endpoint → Rust handler, and where it is registered."""

from port_lsp.patterns.endpoints.pattern import EndpointPattern

__all__ = ["EndpointPattern"]
