"""FastAPI endpoint → Rust handler, and where it is registered: `pattern.py`."""
