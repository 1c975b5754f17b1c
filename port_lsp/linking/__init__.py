"""Pairs the backend's items with the crate's."""
