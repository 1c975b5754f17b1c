"""port-lsp: reads a Python backend and its Rust port, links the two, and tells the editor."""

__version__ = "0.1.0"
