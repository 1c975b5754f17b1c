"""A handler that is there as a stub → its body, in the place of the stub's."""

from port_lsp.patterns.stubs.pattern import StubPattern

__all__ = ["StubPattern"]
