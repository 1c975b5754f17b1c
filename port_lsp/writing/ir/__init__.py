"""Rust that is to be written, as records.

Patterns build these and never strings; `port_lsp.writing.printer` is the only one that writes them.
"""
