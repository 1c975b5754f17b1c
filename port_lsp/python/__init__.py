"""Reads the backend."""
