"""Reads the crate."""
