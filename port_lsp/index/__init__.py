"""Finds the two roots, keeps their files, makes snapshots."""
