"""The words of the project as frozen records (docs/architecture.md has the table of words)."""
