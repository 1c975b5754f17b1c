"""How the crate writes what is ported, for people: `port-lsp config` shows it."""

from port_lsp.patterns.endpoints.conventionrows import Row, convention_rows

__all__ = ["Row", "convention_rows"]
