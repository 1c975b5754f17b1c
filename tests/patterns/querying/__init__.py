"""Queries by both sides: the backend's own functions, and those that are written for them, are run
on the same rows, on SQLite and on PostgreSQL."""
