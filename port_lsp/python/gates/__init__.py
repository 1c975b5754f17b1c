"""Who may call, read from the dependencies themselves: their bodies as trees of decisions."""

from port_lsp.python.gates.endpoints import auth_of

__all__ = ["auth_of"]
