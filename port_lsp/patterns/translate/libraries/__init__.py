"""Calls of Python's libraries, by a table that a project can extend (docs/libraries.md)."""
