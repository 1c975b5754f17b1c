"""Writes Rust: records of what is to be written, one printer, places to put it, and the check."""
