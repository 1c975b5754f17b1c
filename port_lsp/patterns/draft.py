"""Where the patterns' drafts were first; `port_lsp.writing.draft` is the place."""

from port_lsp.writing.draft import Dependency, Draft, Piece, Registration

__all__ = ["Dependency", "Draft", "Piece", "Registration"]
