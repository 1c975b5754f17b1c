"""Socket.IO event → Rust handler, called where the crate tells events apart."""

from port_lsp.patterns.events.pattern import EventPattern

__all__ = ["EventPattern"]
